"""What is known of one weight file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: How a file is read: tensors, a torch pickle that may hold tensors alone, an ONNX graph, an archive.
Format = Literal["safetensors", "torch", "onnx", "zip"]
OFFICIAL = "official"


@dataclass(frozen=True)
class WeightFile:
    """One file of weights.

    ``source`` is ``package <name>``, ``repository`` or ``official``; ``file`` the path inside that
    package, or the authors' file name. ``sha256`` may be the leading digits alone, as some authors
    put them into the file's name. It is '' for a file of the repository (whoever trains it anew gets
    another one), and for an official file whose authors publish none: then the first file that the
    user brings is recorded in the lock file, and another one is refused.

    ``addresses`` are tried in turn by ``medbench weights fetch``; ``page`` is where a person gets a
    file that has no plain address, ``note`` what to mind there.
    """

    name: str
    source: str
    file: str
    sha256: str
    licence: str
    citation: str
    format: Format = "safetensors"
    addresses: tuple[str, ...] = ()
    page: str = ""
    note: str = ""

    @property
    def official(self) -> bool:
        """Whether the user brings the file."""
        return self.source == OFFICIAL

    def remedy(self) -> str:
        """The line that gets an official file."""
        if self.addresses:
            return f"medbench weights fetch {self.name}"
        note = f" ({self.note})" if self.note else ""
        return f"get {self.file} from {self.page}{note}, then: medbench weights add {self.name} FILE"


def official(
    name: str,
    file: str,
    *,
    licence: str,
    citation: str,
    format: Format = "torch",
    sha256: str = "",
    addresses: tuple[str, ...] = (),
    page: str = "",
    note: str = "",
) -> WeightFile:
    """Describe an official file; it has ``addresses``, or a ``page`` for a person."""
    assert addresses or page, f"{name}: say where a user gets it"
    return WeightFile(name, OFFICIAL, file, sha256, licence, citation, format, addresses, page, note)
