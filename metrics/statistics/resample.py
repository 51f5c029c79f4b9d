"""Draws of subjects, seeded from names: the only source of chance in an interval."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

#: Answers kept; small, since a large suite's draws take 40 MB.
_KEPT = 12
#: Picks made at once: few enough to stay in a core's cache.
_PICKS = 1 << 17
#: Counts turned into float64 at once.
_CELLS = 1 << 20


class Resampler:
    """Bootstrap draws for any number of clusters.

    ``seed_names`` (suite, split, seed …) leave the method's name out, so that two methods are
    resampled by the same draws and their difference is paired. Draws made = draws asked.

    Example:
        >>> Resampler(("suite", "0"), draws=3).counts(4).sum(axis=1)
        array([4., 4., 4.])
    """

    def __init__(self, seed_names: tuple[str, ...], draws: int = 2000) -> None:
        if draws < 1:
            raise ValueError(f"draws is at least 1, not {draws}")
        self.seed_names = tuple(seed_names)
        self.draws = draws
        self._kept: OrderedDict[Any, Any] = OrderedDict()

    def generator(self, *names: str) -> np.random.Generator:
        """A generator seeded with sha256 of ``seed_names`` and ``names``; the same on every machine."""
        text = "\x1f".join((*self.seed_names, *names))
        return np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big"))

    def counts(self, clusters: int) -> np.ndarray:
        """How often each cluster is drawn: float64 (draws, clusters), every row sums to ``clusters``."""
        return self.drawn(clusters).astype(np.float64)

    def drawn(self, clusters: int) -> np.ndarray:
        """The same counts as uint16, shared by all callers: read, do not write."""
        found: np.ndarray = self.once(("counts", clusters), lambda: self._draw(clusters))
        return found

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sum what each cluster brings (clusters, K) over every draw: float64 (draws, K)."""
        drawn = self.drawn(len(values))
        found = np.empty((self.draws, values.shape[1]))
        rows = max(_CELLS // max(len(values), 1), 1)
        for start in range(0, self.draws, rows):
            block = drawn[start : start + rows].astype(np.float64)
            np.matmul(block, values, out=found[start : start + rows])
        return found

    def once(self, key: Any, build: Callable[[], Any]) -> Any:
        """Return what ``build`` gave the first time for ``key``; the last few answers are kept."""
        if key not in self._kept:
            self._kept[key] = build()
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _draw(self, clusters: int) -> np.ndarray:
        if clusters == 0:
            return np.zeros((self.draws, 0), dtype=np.uint16)
        generator = self.generator("clusters", str(clusters))
        found = np.empty((self.draws, clusters), dtype=np.uint16)
        rows = max(_PICKS // clusters, 1)
        for start in range(0, self.draws, rows):
            block = found[start : start + rows]
            picks = generator.integers(0, clusters, block.shape)
            picks += np.arange(len(block))[:, None] * clusters
            block[:] = np.bincount(picks.ravel(), minlength=block.size).reshape(block.shape)
        found.flags.writeable = False
        return found
