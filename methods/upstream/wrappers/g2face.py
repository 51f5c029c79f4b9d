"""G2Face: another identity in the face's own geometry, and the old one hidden in the picture as bits.

test.py passes the bits of the original on to the recovery, and stretches every picture to its full
range. Here the recovery sees the protected picture alone, with bits drawn anew, as in training.
"""

from pathlib import Path

import hollow
import kit
import torch
import torch.utils.cpp_extension

FLOATS, FLOAT_BITS, LARGEST = 512, 32, 50


class Parts:
    """The networks, as the repository builds them."""

    def __init__(self) -> None:
        if kit.device() == "cpu":
            # The compiled kernels are for a GPU; beside each stands the same in plain PyTorch.
            kit.patch(torch.utils.cpp_extension, load=lambda *words, **more: None)
        # They draw the fitted mesh in training; nothing is drawn here.
        hollow.stand_in(
            "kornia", "kornia.geometry", "kornia.geometry.camera", "nvdiffrast", "nvdiffrast.torch"
        )
        from model import MLP, Generator, HidingExtractor, Map2ID, iresnet50
        from model.d3dfr.networks import ReconNetWrapper

        self.anonymous_net = Generator(size=256, style_dim=512)
        self.map_2_id = Map2ID()
        self.style_mlp = MLP(latent_dim=659, style_dim=512, n_mlp=4)
        self.hiding_extractor = HidingExtractor()
        self.arcface = iresnet50()
        self.geometry = ReconNetWrapper("resnet50")

    def fill(self, weights: dict) -> None:
        """Read the authors' files."""
        state = torch.load(weights["g2face"])
        for name in ("anonymous_net", "map_2_id", "style_mlp", "hiding_extractor"):
            kit.fill(getattr(self, name), state[name], name)
        kit.fill(self.arcface, torch.load(weights["arcface"]), "arcface")
        kit.fill(self.geometry, torch.load(weights["recon"])["net_recon"], "recon")

    def save(self, out: str) -> None:
        """Write files of the authors' format with weights as they are initialised."""
        kit.settle(self.arcface, torch.randn(4, 3, 112, 112))
        names = ("anonymous_net", "map_2_id", "style_mlp", "hiding_extractor")
        torch.save({n: getattr(self, n).state_dict() for n in names}, Path(out, "g2face.pth"))
        torch.save(self.arcface.state_dict(), Path(out, "arcface.pth"))
        torch.save({"net_recon": self.geometry.state_dict()}, Path(out, "recon.pth"))

    def style(self, identity: torch.Tensor, face: torch.Tensor) -> torch.Tensor:
        """The style of an identity in the geometry of a face."""
        found = self.geometry((face + 1) / 2)
        return self.style_mlp(identity, torch.cat([found[:, :144], found[:, 224:227]], dim=1))


def main() -> None:
    """Do the job."""
    job = kit.read_job()
    parts = Parts()
    if job["mode"] == "random":
        return parts.save(job["out"])
    parts.fill(job["weights"])
    from utils.binary_converter import bit2float, float2bit

    for entry in kit.pictures(job):
        face = kit.read(entry["input"])
        if job["mode"] == "protect":
            identity = parts.map_2_id(torch.tensor([entry["z"]], device=face.device))
            bits = float2bit(parts.arcface(face))
        else:
            found = torch.round(torch.sigmoid(parts.hiding_extractor(face))).cpu()
            identity = bit2float(found).to(face.device)
            identity[~(identity.abs() <= LARGEST)] = 0
            bits = torch.randint(0, 2, (1, FLOATS, FLOAT_BITS)).float().to(face.device)
        kit.write(entry["output"], parts.anonymous_net(face, parts.style(identity, face), bits))


if __name__ == "__main__":
    main()
