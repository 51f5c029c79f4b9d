"""SimSwap: a donor's identity in the patient's face, by the network alone: no detector, no watermark."""

from pathlib import Path

import kit
import torch
import torch.nn.functional as F

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def main() -> None:
    """Do the job."""
    job = kit.read_job()
    from models.fs_networks import Generator_Adain_Upsample

    network = Generator_Adain_Upsample(input_nc=3, output_nc=3, latent_size=512, n_blocks=9, deep=False)
    if job["mode"] == "random":
        return save_random(Path(job["out"]), network)

    kit.fill(network, torch.load(job["weights"]["generator"]), "generator")
    arcface = torch.load(job["weights"]["arcface"]).to(kit.device()).eval()
    donors = job["casts"]["donors"]
    for entry in kit.pictures(job):
        identity = embed(arcface, kit.read(donors[entry["number"] % len(donors)], half=False))
        kit.write(entry["output"], network(kit.read(entry["input"], half=False), identity), half=False)


def save_random(out: Path, network: torch.nn.Module) -> None:
    """Write files of the authors' format with weights as they are initialised."""
    from models import arcface_models

    if not hasattr(arcface_models, "conv3x3"):
        # The repository's class is read from the authors' file, never made, and lacks this helper.
        arcface_models.conv3x3 = lambda i, o, stride=1: torch.nn.Conv2d(i, o, 3, stride, 1, bias=False)
    torch.save(network.state_dict(), out / "generator.pth")
    arcface = arcface_models.ResNet(arcface_models.IRBlock, [3, 4, 14, 3])
    torch.save(kit.settle(arcface, torch.randn(4, 3, 112, 112)), out / "arcface.tar")


def embed(arcface: torch.nn.Module, face: torch.Tensor) -> torch.Tensor:
    """A donor's embedding, of length one."""
    mean, deviation = (torch.tensor(v, device=face.device).view(1, 3, 1, 1) for v in (MEAN, DEVIATION))
    small = F.interpolate((face - mean) / deviation, size=(112, 112))
    return F.normalize(arcface(small), p=2, dim=1)


if __name__ == "__main__":
    main()
