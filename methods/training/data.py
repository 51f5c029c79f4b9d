"""Training images: a split as one array on disk, and seeded streams of batches."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import platformdirs
import torch

from medbench.methods.training.seeds import generator, seed_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from medbench.suites.suite import Suite


class TrainingImages:
    """All images of a split as one memory-mapped array, row for row with the truth.

    Attributes:
        pixels: uint8 RGB (N, H, W, 3).
        truth: The suite's index of the split: ``id`` and the scalar truth columns.
    """

    def __init__(self, suite: Suite, split: str, limit: int | None = None, cache: Path | None = None) -> None:
        """Draw or read the split once; later calls map the array.

        Args:
            suite: Any suite whose images share one size.
            split: Name of the split; training takes ``train``, choices ``select``, nothing ``val``.
            limit: Only the first ``limit`` images.
            cache: Folder of the array; ``training`` in ``MEDBENCH_CACHE`` or the user's cache by default.
        """
        self.truth = suite.index(split).iloc[:limit].reset_index(drop=True)
        folder = cache or _cache_folder()
        name = f"{suite.card.name}-{split}-{suite.fingerprint(split)[:16]}-{len(self.truth)}.npy"
        file = folder / name.replace("/", "_")
        if not file.is_file():
            _pack(suite, split, list(self.truth["id"]), file)
        self.pixels: np.ndarray = np.load(file, mmap_mode="r")
        self._resident: Tensor | None = None

    def __len__(self) -> int:
        return len(self.truth)

    def codes(self, column: str, values: Sequence[str] | None = None) -> np.ndarray:
        """Return a truth column as integers: the place of each value in ``values`` (sorted if None)."""
        names = list(values) if values is not None else sorted(self.truth[column].unique())
        place = {name: i for i, name in enumerate(names)}
        return np.array(self.truth[column].map(place), dtype=np.int64)

    def resident(self, device: str) -> TrainingImages:
        """Copy all pixels to ``device`` (a GPU: 1.2 GB for 6,000 images of 256 px); returns self."""
        if torch.device(device).type != "cpu":
            self._resident = torch.from_numpy(np.array(self.pixels)).to(device)
        return self

    def tensor(
        self, rows: np.ndarray, device: str = "cpu", crop: tuple[int, int, int, int] | None = None
    ) -> Tensor:
        """Return images as float32 (B, 3, h, w) in [0, 1], channels last.

        Args:
            rows: Indices into the split, (B,).
            device: Where the tensor shall lie.
            crop: (top, bottom, left, right) in pixels; the whole image if None.
        """
        top, bottom, left, right = crop or (0, self.pixels.shape[1], 0, self.pixels.shape[2])
        if self._resident is not None:
            places = torch.from_numpy(np.asarray(rows)).to(self._resident.device)
            bytes_ = self._resident[places, top:bottom, left:right].to(device)
        else:
            bytes_ = torch.from_numpy(self.pixels[rows, top:bottom, left:right]).to(device)
        return bytes_.permute(0, 3, 1, 2).float().div_(255)


class IndexStream:
    """Batches of indices, each epoch a new permutation: a pure function of the step.

    Args (of the constructor):
        count: Number of images.
        batch: Batch size; may exceed ``count``.
        seeds: Names that the order comes from.
    """

    def __init__(self, count: int, batch: int, seeds: Sequence[str | int]) -> None:
        if count < 1:
            raise ValueError("a stream needs at least one image")
        self.count, self.batch, self.seeds = count, batch, tuple(seeds)
        self._order = functools.lru_cache(maxsize=4)(self._permutation)

    def __call__(self, step: int) -> np.ndarray:
        """Return the indices of batch ``step``, (B,) int64."""
        places = np.arange(step * self.batch, (step + 1) * self.batch)
        return np.array([self._order(int(p // self.count))[p % self.count] for p in places])

    def rng(self, step: int) -> np.random.Generator:
        """Return a generator for the further draws of ``step``."""
        return generator(*self.seeds, "rng", step)

    def flips(self, step: int) -> np.ndarray:
        """Say which images of batch ``step`` shall be mirrored, (B,) bool, half of them on average."""
        return generator(*self.seeds, "flip", step).random(self.batch) < 0.5

    def _permutation(self, epoch: int) -> np.ndarray:
        return np.random.default_rng(seed_of(*self.seeds, "order", epoch)).permutation(self.count)


def mirrored(images: Tensor, flags: np.ndarray) -> Tensor:
    """Return images (B, C, H, W) with the flagged ones mirrored left to right."""
    chosen = torch.from_numpy(flags).to(images.device).view(-1, 1, 1, 1)
    return torch.where(chosen, images.flip(-1), images)


def _cache_folder() -> Path:
    return Path(os.environ.get("MEDBENCH_CACHE") or platformdirs.user_cache_path("medbench")) / "training"


def _pack(suite: Suite, split: str, ids: list[str], file: Path) -> None:
    suite.prepare(split, ids)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".part")
    array: np.memmap | None = None
    for row, sample in enumerate(suite.iterate(split, ids)):
        if array is None:
            shape = (len(ids), *sample.image.shape)
            array = np.lib.format.open_memmap(draft, mode="w+", dtype=np.uint8, shape=shape)
        array[row] = sample.image
    if array is None:
        raise ValueError(f"split {split!r} has no samples")
    array.flush()
    draft.replace(file)
