"""RiDDLE (Li et al., CVPR 2023)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medbench.methods.upstream.adapter import Adapter, Needed
from medbench.methods.upstream.alignment import ffhq

if TYPE_CHECKING:
    from medbench.keys import Key
    from medbench.methods.face_region import Face
    from medbench.methods.upstream.placement import Placement


def place(face: Face, height: int, width: int) -> Placement:
    """As FFHQ, 256 pixels."""
    return ffhq(face, 256)


def draw(key: Key) -> dict[str, Any]:
    """The password: 512 numbers for StyleGAN's mapping network."""
    return {"z": [float(value) for value in key.normal(512, "riddle password")]}


ADAPTER = Adapter(
    name="riddle",
    title="RiDDLE",
    summary="Encodes the face into StyleGAN's latent space and encrypts the code with a password.",
    paper="https://arxiv.org/abs/2303.05171",
    licence="none stated: all rights with the authors",
    repository="https://github.com/ldz666666/RiDDLE",
    commits=("6abf4a7d2b9404155a15058b132d1996e508f5aa",),
    files=(
        "mapper/latent_id_mappers.py",
        "models/stylegan2/model.py",
        "models/encoders/psp_encoders.py",
    ),
    modules=("torch", "torchvision", "numpy", "PIL"),
    needs=(
        Needed(
            "e4e", "e4e_ffhq_encode_256.pt of the authors' folder (not omertov's, which is for 1024 pixels)"
        ),
        Needed("stylegan", "stylegan2-ffhq-256.pt of the authors' folder"),
        Needed("mapper", "iteration_90000.pt of the authors' folder"),
    ),
    place=place,
    draw=draw,
    keyed=True,
    reversible=True,
    differs=(
        "The mapper runs in eval mode: coach_test.py leaves a dropout of 0.1 on, so that its results differ "
        "from run to run.",
        "The password comes from the key; coach_test.py draws one for all pictures, without a seed.",
        "Pictures are encoded here with the authors' e4e; coach_test.py reads codes that were made before.",
        "Restoring starts from the protected picture, encoded again; coach_test.py decrypts the code that it "
        "still has in memory, which nobody who holds the picture has.",
        "Values are cut off at the range of a picture; coach_test.py stretches its sheet of six pictures.",
        "Face parsing and the identity network are not loaded; they take no part in the result.",
    ),
)
