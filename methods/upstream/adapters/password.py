"""Password, the Face Identity Transformer (Gu, Luo, Ryoo and Lee, ECCV 2020)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medbench.methods.upstream.adapter import Adapter, Needed
from medbench.methods.upstream.alignment import upright

if TYPE_CHECKING:
    from medbench.keys import Key
    from medbench.methods.face_region import Face
    from medbench.methods.upstream.placement import Placement


def place(face: Face, height: int, width: int) -> Placement:
    """Upright, twice as wide as the face box, inside the picture."""
    return upright(face, height, width, 2.0, 128)


def draw(key: Key) -> dict[str, Any]:
    """The password of 16 bits."""
    return {"bits": [int(bit) for bit in key.bits(16, "password bits")]}


ADAPTER = Adapter(
    name="password",
    title="Password (Face Identity Transformer)",
    summary="A generator changes the face by a password of 16 bits; the complement brings it back.",
    paper="https://arxiv.org/abs/1911.11759",
    licence="Apache-2.0 under a header that reserves all rights",
    repository="https://github.com/laoreja/face-identity-transformer",
    commits=("5569d93017ad9371deae7e2b35564523c64b501e",),
    files=("models/networks.py", "config/main.yaml"),
    modules=("torch", "numpy", "PIL", "yaml"),
    needs=(
        Needed("generator", "checkpoint_xxxx.pth.tar, by the README's link 'Trained model'"),
        Needed("config", "the YAML that lies beside it"),
        Needed(
            "companions",
            "a folder of 11 or more face pictures of other people",
            faces=11,
        ),
    ),
    place=place,
    draw=draw,
    keyed=True,
    reversible=True,
    differs=(
        "Each picture goes in a batch of twelve with the same eleven companions, since the normalisation "
        "takes the statistics of the batch; save_visual.py takes the pictures twelve at a time, so that "
        "neighbours change a result, and leaves out the last ones that fill no batch.",
        "The password comes from the key; save_visual.py draws it without a seed.",
        "Restoring starts from the protected picture at 8 bits; save_visual.py goes on with the numbers that "
        "it has in memory.",
        "The square is placed by dlib's face box; save_visual.py takes a list of MTCNN's.",
        "Clinic photographs have white walls: the authors name config/one_fourth_D_lr_half.yaml for those.",
    ),
)
