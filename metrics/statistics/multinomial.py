"""Exact multinomial draws of a table of counts, faster than NumPy's where many cells hold little."""

from __future__ import annotations

import numpy as np

#: A cell of fewer images is drawn image by image: NumPy's binomial takes longer from some ten on.
_LIGHT = 30
#: 16-bit words that pick images, drawn at once.
_WORDS, _PICKS = 1 << 16, 1 << 17


def multinomial(generator: np.random.Generator, table: np.ndarray, draws: int) -> np.ndarray:
    """Draw as many images as a table counts, with replacement, and count them again.

    The heavy cells and the sum of the light ones are one multinomial draw. Within the light ones
    every image is as likely as any other, so each is picked by a random word; words beyond the
    last multiple of the number of images are thrown away, which keeps the law exact.

    Args:
        generator: Source of chance.
        table: (size,) whole counts, not all zero.
        draws: How many tables.

    Returns:
        (draws, size) whole counts; every row sums to what ``table`` sums to.
    """
    table = np.asarray(table, dtype=np.int64)
    light = table < _LIGHT
    few = int(table[light].sum())
    if few > _WORDS:
        light, few = np.zeros_like(light), 0
    found = np.zeros((draws, len(table)), dtype=np.int64)
    shares = np.append(table[~light], few) / table.sum()
    coarse = generator.multinomial(int(table.sum()), shares, size=draws)
    found[:, ~light] = coarse[:, :-1]
    if few:
        found[:, light] = _spread(generator, table[light], coarse[:, -1])
    return found


def _spread(generator: np.random.Generator, table: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Draw ``totals`` (D,) images of a table (m,): (D, m)."""
    few, cells = int(table.sum()), len(table)
    owner = np.full(_WORDS, cells)
    owner[: _WORDS // few * few] = np.repeat(np.repeat(np.arange(cells), table), _WORDS // few)
    found = np.zeros((len(totals), cells), dtype=np.int64)
    rows = max(_PICKS // few, 1)
    for start in range(0, len(totals), rows):
        block = found[start : start + rows]
        lacking = totals[start : start + rows]
        firsts = np.arange(len(block)) * (cells + 1)
        while lacking.any():
            words = generator.integers(0, _WORDS, int(lacking.sum()), dtype=np.uint16)
            picked = np.take(owner, words) + np.repeat(firsts, lacking)
            counts = np.bincount(picked, minlength=len(block) * (cells + 1)).reshape(-1, cells + 1)
            block += counts[:, :cells]
            lacking = counts[:, cells]
    return found
