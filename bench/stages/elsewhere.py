"""Pictures that were protected elsewhere, in the place of a method."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import torch

from medbench.core import MedbenchError
from medbench.images import BrokenImage, read_photograph
from medbench.methods.method import Method, MethodCard
from medbench.stages.protect import BadOutput, as_tensor
from medbench.suites.folder import FolderSuite, photographs

if TYPE_CHECKING:
    from medbench.core import Batch
    from medbench.keys import Key
    from medbench.suites.suite import Suite


class ImagesCard(MethodCard):
    """The card of pictures whose method medbench has not seen."""

    backend: Literal["images"] = "images"  # type: ignore[assignment]


@dataclass(frozen=True)
class Pictures:
    """A folder's pictures by sample: ``files`` (id -> path) and what is in the folder besides."""

    folder: Path
    files: Mapping[str, Path]
    extra: tuple[Path, ...]

    @classmethod
    def find(cls, folder: Path, names: Mapping[str, str]) -> Pictures:
        """Match the files under ``folder`` with samples.

        Args:
            folder: where the pictures lie; endings do not matter.
            names: file name without its ending (may hold folders) -> sample id; ids are names too.

        Raises:
            MedbenchError: no such folder, no picture of any sample in it, or two for one sample.

        """
        if not folder.is_dir():
            raise MedbenchError(f"{folder}: no such folder; give the folder of the protected pictures")
        files: dict[str, Path] = {}
        extra = []
        for path in photographs(folder):
            name = path.relative_to(folder).with_suffix("").as_posix()
            sample = names.get(name)
            if sample is None:
                extra.append(path)
            elif sample in files:
                raise MedbenchError(f"{files[sample]} and {path} are both named after one sample; remove one")
            else:
                files[sample] = path
        if not files:
            some = ", ".join(list(names)[:3])
            raise MedbenchError(
                f"{folder}: holds no picture named after a sample; names are e.g. {some}, with any ending"
            )
        return cls(folder, files, tuple(extra))

    def read(self, sample_id: str, shape: tuple[int, int]) -> torch.Tensor:
        """Read one picture, (3, H, W) in [0, 1]; BadOutput where it is missing, broken or another size."""
        path = self.files.get(sample_id)
        if path is None:
            raise BadOutput("no picture of this sample")
        try:
            picture = read_photograph(path)
        except BrokenImage as error:
            raise BadOutput(f"picture cannot be read, {error.reason}") from None
        if picture.shape[:2] != shape:
            (height, width), (wanted_height, wanted_width) = picture.shape[:2], shape
            raise BadOutput(
                f"wrong size: {width} x {height} px, the original is {wanted_width} x {wanted_height}"
            )
        return as_tensor(picture[None])[0]

    def digest(self) -> str:
        """sha256 over names and contents."""
        found = hashlib.sha256()
        for sample, path in sorted(self.files.items()):
            found.update(sample.encode() + b"\0")
            with path.open("rb") as file:
                found.update(hashlib.file_digest(file, "sha256").digest())
        return found.hexdigest()


class Elsewhere(Method):
    """Looks pictures up instead of making them; what is missing or of another size fails."""

    def __init__(
        self, name: str, protected: Pictures, restored: Pictures | None, ids: Mapping[Key, str]
    ) -> None:
        """Take the pictures; ``ids`` tells by its own key which sample is to be restored."""
        self.card = ImagesCard(
            name=name,
            entry="medbench.stages.elsewhere:Elsewhere",
            title=name,
            summary="Pictures protected elsewhere; medbench has not seen the method.",
            licence="unknown",
            reversible=restored is not None,
        )
        self.protected, self.restored, self._ids = protected, restored, ids

    def anonymize(self, batch: Batch, keys: Sequence[Key] | None = None) -> torch.Tensor:
        """Return the pictures of the batch's ids."""
        height, width = batch.images.shape[-2:]
        return torch.stack([self.protected.read(name, (height, width)) for name in batch.ids])

    def restore(self, images: torch.Tensor, keys: Sequence[Key]) -> torch.Tensor:
        """Return the restored pictures of the samples whose keys these are."""
        assert self.restored is not None
        height, width = images.shape[-2:]
        return torch.stack([self.restored.read(self._ids[key], (height, width)) for key in keys])

    def fingerprint(self) -> str:
        """sha256 of all pictures."""
        folders = [self.protected, *([self.restored] if self.restored else [])]
        return hashlib.sha256("".join(folder.digest() for folder in folders).encode()).hexdigest()


def names_of(suite: Suite, split: str, ids: Sequence[str]) -> dict[str, str]:
    """What a sample's picture may be called: its id, or for photographs their place in the folder."""
    names = {name: name for name in ids}
    if isinstance(suite, FolderSuite):
        for name, photo in suite._of(split).items():
            names.setdefault(Path(photo.place).with_suffix("").as_posix(), name)
    return names
