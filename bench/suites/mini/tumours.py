"""Skin tumours at the lids: pearly, telangiectatic BCC; red, scaling SCC."""

from __future__ import annotations

import cv2
import numpy as np

from medbench.suites.mini.chart import V, window
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.lids import Lids
from medbench.suites.mini.numeric import F, smoothstep
from medbench.suites.mini.scene import Scene
from medbench.suites.mini.signs import BCC_RADIUS, SCC_RADIUS


def _place(disease: str, radius: float, lids: Lids, draw: tuple[float, ...]) -> tuple[float, float]:
    """Centre of the lesion: BCC inner canthus or lower lid, SCC outer canthus or lower lid."""
    s, reach = lids.outward, lids.xl - lids.xm
    if disease == "BCC":
        if draw[1] < 0.4:
            return lids.xm - s * (1.0 + radius * 0.55), 3.5 + 3 * draw[2]
        x, gap = lids.xm + reach * (0.15 + 0.7 * draw[2]), 2.2 + radius * 0.55
    else:
        if draw[1] < 0.5:
            return lids.xl + s * (1.5 + radius * 0.65), 2 + 6 * draw[2]
        x, gap = lids.xm + reach * (0.3 + 0.6 * draw[2]), 3.2 + radius * 0.75
    return x, float(lids.curves(np.array([x]))[2][0]) + gap


def add_tumour(
    who: Identity, lids: Lids, scene: Scene, rng: np.random.Generator, front: np.ndarray,
    relief: np.ndarray, colour: np.ndarray, gloss: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Draw the tumour in place and return its share of each node (NV, NU)."""
    draw, k = scene.signs.lesion, scene.grade
    table = BCC_RADIUS if scene.disease == "BCC" else SCC_RADIUS
    radius = table[k] * (0.9 + 0.25 * draw[0])
    cx, cy = _place(scene.disease, radius, lids, draw)
    w = window(cx, cy, radius * 2.2, radius * 2.2)
    x, y = front[w], V[w]
    rough = cv2.resize(rng.standard_normal((7, 7)).astype(F), x.shape[::-1], interpolation=cv2.INTER_CUBIC)
    off = np.hypot(x - cx, (y - cy) * 1.15) / radius
    if scene.disease == "BCC":
        share = _bcc(who, k, radius, off + 0.10 * rough, rng, relief[w], colour[w], gloss[w])
    else:
        share = _scc(who, k, off + 0.22 * rough, rough, rng, relief[w], colour[w], gloss[w])
    whole = np.zeros_like(relief)
    whole[w] = share
    return whole


def _bcc(
    who: Identity, k: int, radius: float, off: np.ndarray, rng: np.random.Generator,
    relief: np.ndarray, colour: np.ndarray, gloss: np.ndarray,
) -> np.ndarray:  # fmt: skip
    share = smoothstep(1.05, 0.8, off).astype(F)
    height = np.sqrt(np.clip(1 - off**2, 0, 1)) * (1.1 + 0.36 * radius)
    ulcer = np.exp(-((off / 0.36) ** 2)) * (0.9 + 0.5 * k) if k else np.zeros_like(off)
    relief += (height - ulcer).astype(F)
    vessels = np.zeros(off.shape, F)
    rows, columns = off.shape
    middle, reach = np.array([(columns - 1) / 2, (rows - 1) / 2]), columns / 4.4
    for start in rng.uniform(0, 6.28, 5 + 3 * k):
        radii = np.linspace(0.25, 1, 6)
        way = start + 0.5 * np.sin(radii * 5 + start)
        points = middle + reach * radii[:, None] * np.stack([np.cos(way), np.sin(way)], 1)
        cv2.polylines(vessels, [np.round(points * 8).astype(np.int32)], False, 1.0, 1, cv2.LINE_AA, 3)
    pearl = who.skin * F(0.55) + np.array([0.46, 0.22, 0.22], F) * F(0.35 + 0.65 * (1 - who.melanin))
    part = (share * 0.75)[..., None]
    colour[:] = colour * (1 - part) + pearl * part
    colour *= 1 - 0.55 * (vessels * share)[..., None] * np.array([0.15, 1, 0.9], F)
    if k:
        part = (np.exp(-((off / 0.34) ** 2)) * (0.5 + 0.2 * k))[..., None]
        colour[:] = colour * (1 - part) + part * np.array([0.16, 0.035, 0.025], F)
    gloss += 0.5 * share
    return share


def _scc(
    who: Identity, k: int, off: np.ndarray, rough: np.ndarray, rng: np.random.Generator,
    relief: np.ndarray, colour: np.ndarray, gloss: np.ndarray,
) -> np.ndarray:  # fmt: skip
    fine = cv2.GaussianBlur(rng.standard_normal(off.shape).astype(F), (0, 0), 1.0) * F(2.5)
    share = smoothstep(1.08, 0.86, off).astype(F)
    red = who.skin * np.array([0.92, 0.40, 0.36], F) + np.array([0.05, 0, 0], F)
    scale = np.array([0.62, 0.52, 0.38], F) * F(0.55 + 0.45 * (1 - who.melanin))
    crust = np.array([0.13, 0.03, 0.02], F)
    for part, paint in (
        (share * (0.6 + 0.08 * k), red),
        (share * smoothstep(0.1, 0.9, fine + 0.4 * rough) * 0.75, scale),
        (share * smoothstep(0.5, 0.95, -fine + 0.3 * rough) * (0.3 + 0.25 * k), crust),
    ):
        colour[:] = colour * (1 - part[..., None]) + paint * part[..., None]
    relief += (share * (0.7 + 0.5 * k + 0.35 * fine)).astype(F)
    gloss *= 1 - 0.6 * share
    return share
