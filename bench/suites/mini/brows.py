"""Eyebrows: curve, thickness, hairs."""

from __future__ import annotations

import numpy as np

from medbench.suites.mini.chart import V, window
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.numeric import F, smoothstep

#: where along the brow the landmarks lie, outer end first (dlib's outer point lies inside the tip)
MARKS = np.array([0.90, 0.72, 0.48, 0.24, 0.03])


def brow_height(who: Identity, lift: float, t: np.ndarray) -> np.ndarray:
    """Height y (mm) of the brow's middle at t = 0 (inner) to 1 (outer), raised by ``lift`` mm."""
    arch = np.sin(np.pi * np.clip(t * 0.78 + 0.02, 0, 1)) ** 1.5
    return (
        who.brow_y
        - lift
        - who.brow_arch * arch
        + who.brow_tilt * (0.5 - t)
        + 5.5 * np.clip(t - 0.62, 0, 1) ** 1.3
    )


def brow_marks(who: Identity, lift: float) -> np.ndarray:
    """Landmarks 17 to 26 in front coordinates, (10, 2)."""
    x = who.brow_in + MARKS * who.brow_l * 2
    y = brow_height(who, lift, MARKS) - 0.25 * who.brow_t
    right = np.stack([-x, y], 1)
    left = np.stack([x, y], 1)[::-1]
    return np.vstack([right, left])


def add_brows(
    who: Identity, lift: float, front: np.ndarray, blotch: np.ndarray, pore: np.ndarray,
    relief: np.ndarray, colour: np.ndarray, gloss: np.ndarray,
) -> None:  # fmt: skip
    """Draw both brows in place."""
    length = who.brow_l * 2
    for s in (-1, 1):
        w = window(s * (who.brow_in + length / 2), who.brow_y, length / 2 + 8, 17)
        x, y = front[w] * s, V[w]
        t = (x - who.brow_in) / length
        along = np.clip(t, 0, 1)
        thick = (
            who.brow_t
            * (0.75 + 0.55 * np.sin(np.pi * np.clip(along * 0.9 + 0.15, 0, 1)))
            * (1 - 0.45 * along)
        )
        off = np.abs(y - brow_height(who, lift, along) + 0.5 * blotch[w]) / thick
        share = (
            who.brow_density
            * smoothstep(1.2, 0.4, off)
            * smoothstep(-0.06, 0.12, t)
            * smoothstep(1.05, 0.85, t)
        )
        share = np.clip(share * np.clip(0.9 + 0.22 * pore[w], 0, 1.1), 0, 0.96)[..., None].astype(F)
        colour[w] = colour[w] * (1 - share) + share * who.brow
        relief[w] += 0.8 * share[..., 0]
        gloss[w] *= 1 - 0.7 * share[..., 0]
