"""What the decoder starts from: average positions, outlines, masks and pose modes of the pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from medbench.methods.medsem.decoder import GRID, POSES
from medbench.methods.medsem.outline import outline
from medbench.methods.medsem.pairs import PEOPLE, Pairs

_SAMPLES = 640
_EYE = 3.5
_PERSON_SAMPLES = 48


@dataclass(frozen=True)
class Priors:
    """Arrays on the 64-cell grid.

    ``positions`` (PEOPLE, 2, 64, 64) on the atlas, ``outlines`` (PEOPLE, 1, 64, 64), their changes
    with the pose, ``modes`` (POSES, 2, 64, 64) and ``outline_modes`` (POSES, 1, 64, 64), and
    ``masks`` (PEOPLE, 2, 64, 64), logits of what is copied: eyes and background.
    """

    positions: np.ndarray
    outlines: np.ndarray
    modes: np.ndarray
    outline_modes: np.ndarray
    masks: np.ndarray


def priors(pairs: Pairs) -> Priors:
    """Average the pairs; positions that no picture shows are extrapolated from the shown ones."""
    who = pairs.person.reshape(-1)
    uv, head = pairs.uv.reshape(-1, 2, GRID, GRID), pairs.head.reshape(-1, GRID, GRID)
    eyes = pairs.eyes.reshape(-1, 2, 2)
    positions, outlines, masks, moved = [], [], [], []
    for person in range(PEOPLE):
        own = np.flatnonzero(who == person)
        rows = (own if len(own) else np.arange(len(who)))[:_PERSON_SAMPLES]
        shown = uv[rows].astype(np.float32)
        seen = np.isfinite(shown)
        count = seen.sum(0)
        mean = _extrapolate(np.where(seen, shown, 0).sum(0) / np.maximum(count, 1), count[0] > 0)
        positions.append(mean)
        edges = outline(head[rows])[:, None]
        outlines.append(edges.mean(0))
        change = np.concatenate([np.where(seen, shown - mean, 0), edges - edges.mean(0)], axis=1)
        moved.append(change[: _SAMPLES // PEOPLE])
        masks.append(_masks(head[rows].mean(0) / 255, eyes[rows].astype(np.float32).mean(0)))
    flat = np.concatenate(moved).reshape(-1, 3 * GRID * GRID)
    _, size, modes = np.linalg.svd(flat, full_matrices=False)
    modes = modes[:POSES] * (size[:POSES] / np.sqrt(len(flat)))[:, None]
    modes = modes.reshape(POSES, 3, GRID, GRID).astype(np.float32)
    return Priors(np.stack(positions), np.stack(outlines), modes[:, :2], modes[:, 2:], np.stack(masks))


def _extrapolate(mean: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Fill unknown cells with a plane fitted to the known ones."""
    rows, cols = np.mgrid[-1 : 1 : GRID * 1j, -1 : 1 : GRID * 1j]
    plane = np.stack([rows, cols, np.ones_like(rows)], axis=-1)
    filled = [
        np.where(known, part, plane @ np.linalg.lstsq(plane[known], part[known], rcond=None)[0])
        for part in mean
    ]
    return np.stack(filled).astype(np.float32)


def _masks(head: np.ndarray, eyes: np.ndarray) -> np.ndarray:
    """Logits of what is copied of the eyes and of the background."""
    rows, cols = np.mgrid[0:GRID, 0:GRID] + 0.5
    spots = [
        np.exp(-0.5 * (((cols - x / 4) / (1.5 * _EYE)) ** 2 + ((rows - y / 4) / _EYE) ** 2)) for x, y in eyes
    ]
    return np.stack([5.0 * np.max(spots, axis=0) - 2.5, 2.5 - 5.0 * np.clip(head, 0, 1)]).astype(np.float32)
