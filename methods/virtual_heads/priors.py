"""What the decoder starts from: average positions, outlines, kept scene and pose modes of the pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from medbench.methods.face_window import SIDE
from medbench.methods.virtual_heads.decoder import GRID, POSES, HeadDecoder
from medbench.methods.virtual_heads.outline import outline
from medbench.methods.virtual_heads.pairs import Pairs
from medbench.methods.virtual_heads.people import PEOPLE, charts

_SAMPLES = 640
_PERSON_SAMPLES = 48


@dataclass(frozen=True)
class Priors:
    """Arrays on the 64-cell grid.

    ``positions`` (PEOPLE, 2, 64, 64) on the atlas, ``outlines`` (PEOPLE, 1, 64, 64), their changes
    with the pose, ``modes`` (POSES, 2, 64, 64) and ``outline_modes`` (POSES, 1, 64, 64), and
    ``keep`` (PEOPLE, 1, 64, 64), logits of the background that is copied. ``eye_places``
    (PEOPLE, 2, 2) are the eyes' positions on the atlas.
    """

    positions: np.ndarray
    outlines: np.ndarray
    modes: np.ndarray
    outline_modes: np.ndarray
    keep: np.ndarray
    eye_places: np.ndarray


@torch.no_grad()
def start(decoder: HeadDecoder, pairs: Pairs) -> None:
    """Put the virtual persons' colours, surfaces and average positions into an untrained ``decoder``."""
    tall, wide = decoder.albedo.shape[-2:]
    albedo, surface = charts((tall, wide))
    found = priors(pairs)
    buffers = {
        "albedo": albedo,
        "surface": surface,
        "uv_base": found.positions,
        "uv_modes": found.modes,
        "outline_base": found.outlines,
        "outline_modes": found.outline_modes,
        "keep_base": found.keep,
        "eye_places": found.eye_places,
    }
    for name, values in buffers.items():
        decoder.get_buffer(name).copy_(torch.from_numpy(values))


def priors(pairs: Pairs) -> Priors:
    """Average the pairs; positions that no picture shows are extrapolated from the shown ones."""
    who = pairs.person.reshape(-1)
    uv, head = pairs.uv.reshape(-1, 2, GRID, GRID), pairs.head.reshape(-1, GRID, GRID)
    eyes = pairs.eyes.reshape(-1, 2, 2)
    positions, outlines, keep, places, moved = [], [], [], [], []
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
        keep.append(0.6 - 1.4 * head[rows].mean(0)[None] / 255)
        places.append(_places(shown, eyes[rows].astype(np.float32)))
    flat = np.concatenate(moved).reshape(-1, 3 * GRID * GRID)
    _, size, modes = np.linalg.svd(flat, full_matrices=False)
    modes = modes[:POSES] * (size[:POSES] / np.sqrt(len(flat)))[:, None]
    modes = modes.reshape(POSES, 3, GRID, GRID).astype(np.float32)
    return Priors(
        np.stack(positions),
        np.stack(outlines),
        modes[:, :2],
        modes[:, 2:],
        np.stack(keep).astype(np.float32),
        np.stack(places),
    )


def _extrapolate(mean: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Fill unknown cells with a plane fitted to the known ones."""
    rows, cols = np.mgrid[-1 : 1 : GRID * 1j, -1 : 1 : GRID * 1j]
    plane = np.stack([rows, cols, np.ones_like(rows)], axis=-1)
    filled = [
        np.where(known, part, plane @ np.linalg.lstsq(plane[known], part[known], rcond=None)[0])
        for part in mean
    ]
    return np.stack(filled).astype(np.float32)


def _places(uv: np.ndarray, eyes: np.ndarray) -> np.ndarray:
    """Where on the atlas the eye centres lie, (2, 2): the median over pictures that show them."""
    cells = np.clip((eyes * (GRID / SIDE)).astype(int), 0, GRID - 1)
    rows = np.arange(len(uv))[:, None]
    return np.nanmedian(uv[rows, :, cells[..., 1], cells[..., 0]], axis=0).astype(np.float32)
