"""G2Face (Yang et al., TIFS 2024)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medbench.methods.upstream.adapter import Adapter, Needed
from medbench.methods.upstream.alignment import ffhq

if TYPE_CHECKING:
    from medbench.keys import Key
    from medbench.methods.face_region import Face
    from medbench.methods.upstream.placement import Placement


def place(face: Face, height: int, width: int) -> Placement:
    """As FFHQ and CelebA-HQ, 256 pixels."""
    return ffhq(face, 256)


def draw(key: Key) -> dict[str, Any]:
    """512 numbers, from which the network makes the new identity."""
    return {"z": [float(value) for value in key.normal(512, "g2face identity")]}


ADAPTER = Adapter(
    name="g2face",
    title="G2Face",
    summary="Draws another identity in the face's own geometry and hides the old one in the picture as bits.",
    paper="https://arxiv.org/abs/2408.09458",
    licence="MIT; ArcFace's weights are for research alone",
    repository="https://github.com/Harxis/G2Face",
    commits=("2bfcc82e8f03e6f1d6dbe63fee9e4e72c489902b",),
    files=("model/style/style_adaptive_mask.py", "model/d3dfr/networks.py", "utils/binary_converter.py"),
    modules=("torch", "torchvision", "numpy", "PIL", "scipy"),
    needs=(
        Needed("g2face", "G2Face.pth of the authors' folder"),
        Needed("arcface", "ms1mv3_arcface_r50.pth, which test.py wants in pretrain/"),
        Needed("recon", "epoch_20.pth of the authors' folder (Deep3DFaceRecon)"),
    ),
    place=place,
    draw=draw,
    reversible=True,
    differs=(
        "Restoring sees the protected picture alone, with bits drawn anew, as in training; test.py hands the "
        "recovery the bits of the original, which nobody has who holds the picture.",
        "There is no key: whoever has the weights restores. Right and wrong keys are therefore one.",
        "Values are cut off at the range of a picture; test.py stretches each result from its darkest to its "
        "brightest value, so that colours and errors are not its own.",
        "Every picture is treated, one at a time; test.py takes eights, drops the rest, and ends after 808.",
        "The new identity is drawn from the picture; test.py has no seed.",
        "The mesh of the fitted face is never drawn: neither nvdiffrast nor the Basel face model is needed.",
    ),
)
