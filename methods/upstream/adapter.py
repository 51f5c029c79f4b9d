"""What medbench knows of an authors' repository: what it needs, how faces go in, what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from medbench.keys import Key
    from medbench.methods.face_region import Face
    from medbench.methods.upstream.placement import Placement


@dataclass(frozen=True)
class Needed:
    """A file, or a folder, that the user brings with ``--weights NAME=PATH``.

    Args (of the constructor):
        name: what it is called on the command line.
        what: what it is and where its authors put it.
        folder: it is a folder of files, kept as it is.
        faces: it is a folder of face pictures, of which at least so many must show a face.
        code: reading it runs code that it holds; the user has to vouch for it.
        optional: the method runs without it.
    """

    name: str
    what: str
    folder: bool = False
    faces: int = 0
    code: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Adapter:
    """One repository.

    Args (of the constructor):
        commits: those that were read and tried; another one has to be allowed by the user.
        files: what must lie in the repository.
        modules: what its interpreter must be able to import.
        place: face, height, width -> where the network's picture lies; None for whole pictures.
        draw: key -> what is drawn from it, as JSON: the password, the new identity.
        landmarks: the wrapper is given the 68 points, in pixels of its picture.
        differs: how a result differs from the shipped script's, one sentence each.
    """

    name: str
    title: str
    summary: str
    paper: str
    licence: str
    repository: str
    commits: tuple[str, ...]
    files: tuple[str, ...]
    modules: tuple[str, ...]
    needs: tuple[Needed, ...]
    differs: tuple[str, ...]
    place: Callable[[Face, int, int], Placement] | None = None
    draw: Callable[[Key], dict[str, Any]] = field(default=lambda key: {})
    landmarks: bool = False
    keyed: bool = False
    reversible: bool = False

    @classmethod
    def read(cls, card: Path, **code: Any) -> Adapter:
        """Read a card; ``place`` and ``draw`` are code, and given along where there is any."""
        told = yaml.safe_load(card.read_text(encoding="utf-8"))
        needs = tuple(Needed(**need) for need in told.pop("needs"))
        told = {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}
        return cls(needs=needs, **told, **code)

    @property
    def wrapper(self) -> Path:
        """The script of ours that the repository's interpreter runs."""
        return Path(__file__).parent / "wrappers" / f"{self.name.replace('-', '_')}.py"
