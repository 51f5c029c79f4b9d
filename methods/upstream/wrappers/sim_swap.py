"""SimSwap: a donor's identity in the patient's face, by the network alone: no detector, no watermark."""

from pathlib import Path

import kit
import torch
import torch.nn.functional as F

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def main() -> None:
    """Do the job."""
    job = kit.read_job()
    from models.arcface_models import IRBlock, ResNet
    from models.fs_networks import Generator_Adain_Upsample

    network = Generator_Adain_Upsample(input_nc=3, output_nc=3, latent_size=512, n_blocks=9, deep=False)
    if job["mode"] == "random":
        torch.save(network.state_dict(), Path(job["out"], "generator.pth"))
        return torch.save(ResNet(IRBlock, [3, 4, 14, 3]), Path(job["out"], "arcface.tar"))

    kit.fill(network, torch.load(job["weights"]["generator"]), "generator")
    arcface = torch.load(job["weights"]["arcface"]).to(kit.device()).eval()
    donors = job["casts"]["donors"]
    for entry in kit.pictures(job):
        identity = embed(arcface, kit.read(donors[entry["number"] % len(donors)], half=False))
        kit.write(entry["output"], network(kit.read(entry["input"], half=False), identity), half=False)


def embed(arcface: torch.nn.Module, face: torch.Tensor) -> torch.Tensor:
    """A donor's embedding, of length one."""
    mean, deviation = (torch.tensor(v, device=face.device).view(1, 3, 1, 1) for v in (MEAN, DEVIATION))
    small = F.interpolate((face - mean) / deviation, size=(112, 112))
    return F.normalize(arcface(small), p=2, dim=1)


if __name__ == "__main__":
    main()
