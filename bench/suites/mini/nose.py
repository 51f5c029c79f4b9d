"""The nose: a height profile along the bridge, a bulb, wings, nostrils, and the groove of the lip below."""

from __future__ import annotations

import numpy as np

from medbench.suites.mini.chart import VS, V, bump, window
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.numeric import F, monotone


def nose_tip(who: Identity) -> float:
    """Height y (mm) of the tip."""
    return who.nose_y - 8 + who.tip_d * 0.6


def add_nose(relief: np.ndarray, front: np.ndarray, who: Identity) -> None:
    """Raise the nose out of a relief, in place."""
    base, tip, width = who.nose_y, nose_tip(who), who.nose_w
    w = window(0, 25, 36, 48)
    x, v = front[w], VS[w[0]]
    bridge = who.bridge_d
    profile = monotone(
        [-20, -6, 6, tip - 10, tip, base - 2, base + 4, base + 9],
        [
            0,
            2.6 + bridge,
            6.2 + bridge + 0.1 * who.nose_d,
            who.nose_d * 0.8,
            who.nose_d * 0.96,
            who.nose_d * 0.48,
            1.2,
            0,
        ],
        v,
    )[:, None]
    spread = monotone(
        [-20, -6, 10, tip - 8, tip + 2, base + 8],
        [
            who.bridge_w + 5,
            who.bridge_w + 1.5,
            who.bridge_w + 2,
            who.bridge_w + 3.2,
            width * 0.62,
            width * 0.62,
        ],
        v,
    )[:, None]
    relief[w] += (profile * np.exp(-((np.abs(x) / spread / 1.15) ** 2.1))).astype(F)
    bump(relief, front, 0, tip + 1, 5.5, 4.5, who.bulb)
    for s in (-1, 1):
        bump(relief, front, s * (width - 4.6), base - 4.5, 3.8, 4.4, 7.2)
        bump(relief, front, s * (width + 3), base - 3, 2.5, 5, -1.5)
        bump(relief, front, s * width * 0.42, base + 0.8, 2.6, 1.7, -4)
    bump(relief, front, 0, base + 8, 2.2, 5, -1.0)


def nostril_shadow(front: np.ndarray, who: Identity) -> np.ndarray:
    """How dark (0..1) the nostrils make each node."""
    dark = np.zeros_like(front)
    for s in (-1, 1):
        dx, dy = (front - s * who.nose_w * 0.45) / 2.9, (V - who.nose_y - 0.4) / 1.6
        dark += np.exp(-0.5 * (dx**2 + dy**2))
    return np.clip(dark * 1.3, 0, 1)
