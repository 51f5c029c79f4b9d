"""The mouth: lip curves with expression, relief and colour of lips, teeth, corners."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from medbench.suites.mini.chart import V, bump, window
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.numeric import F, smoothstep
from medbench.suites.mini.scene import Scene


@dataclass(frozen=True)
class Mouth:
    """Lip curves in front coordinates."""

    y: float
    half: float
    lift: float
    gape: float
    upper: float
    lower: float

    @classmethod
    def of(cls, who: Identity, scene: Scene) -> Mouth:
        """The mouth of a person in a scene."""
        thin = 1 - 0.15 * min(scene.smile, 1.5)
        return cls(
            who.mouth_y, who.mouth_w + 3.2 * scene.smile, 3.2 * scene.smile, scene.mouth_open,
            who.upper_lip * thin, who.lower_lip * thin,
        )  # fmt: skip

    def curves(self, x: np.ndarray) -> tuple[np.ndarray, ...]:
        """Position 0 (middle) to 1 (corner); y of outer upper, inner upper, inner lower, outer lower."""
        t = np.clip(np.abs(x) / self.half, 0, 1)
        middle = self.y + 0.4 - self.lift * t**2
        gape = 1 - t**2.5
        bow = 1 - 0.28 * np.exp(-((x / 2.6) ** 2))
        inner_up, inner_low = middle - 0.25 * self.gape * gape, middle + 0.75 * self.gape * gape
        return (
            t,
            inner_up - self.upper * (1 - t**1.7) * bow,
            inner_up,
            inner_low,
            inner_low + self.lower * (1 - t**2.2),
        )


def add_mouth(
    who: Identity, mouth: Mouth, smile: float, front: np.ndarray, pore: np.ndarray,
    relief: np.ndarray, colour: np.ndarray, gloss: np.ndarray,
) -> None:  # fmt: skip
    """Shape and colour the mouth in place."""
    w = window(0, mouth.y, 40, 30)
    x, y = front[w], V[w]
    t, ou, iu, il, ol = mouth.curves(x)
    inside = np.abs(x) < mouth.half
    up = inside * smoothstep(-0.7, 0.7, y - ou) * smoothstep(0.6, -0.3, y - iu)
    low = inside * smoothstep(-0.3, 0.6, y - il) * smoothstep(0.9, -0.9, y - ol)
    part_up = np.clip((y - ou) / np.maximum(iu - ou, 0.3), 0, 1)
    part_low = np.clip((y - il) / np.maximum(ol - il, 0.3), 0, 1)
    swell_up = up * 2.4 * np.sin(np.pi * (0.25 + 0.7 * part_up))
    swell_low = low * 3.2 * np.sin(np.pi * np.clip(0.15 + 0.8 * part_low, 0, 1))
    relief[w] += ((swell_up + swell_low) * (1 - t**2)).astype(F)
    opened = float(smoothstep(0.2, 0.7, mouth.gape))
    hole = opened * inside * smoothstep(-0.5, 0.5, y - iu) * smoothstep(0.5, -0.5, y - il)
    line = inside * np.exp(-(((y - (iu + il) / 2) / 0.75) ** 2)) * (1 - 0.4 * t)
    relief[w] -= (line * 1.6 + hole * 4).astype(F)
    share = np.clip(up + low, 0, 1)[..., None] * 0.8
    red = who.lip_red
    tint = who.skin * np.array([0.84 + 0.06 * red, 0.50 - 0.07 * red, 0.54 - 0.05 * red], F)
    c = colour[w] * (1 - share) + tint * share * (1 + 0.06 * pore[w])[..., None]
    c = c * (1 - 0.65 * line[..., None] * np.array([0.8, 1, 1], F)) * (1 - 0.93 * hole[..., None])
    shown = float(smoothstep(0.8, 1.6, mouth.gape))
    teeth = (shown * hole * smoothstep(mouth.gape * 0.75 + 0.2, 0, y - iu))[..., None]
    enamel = (
        np.array([0.52, 0.48, 0.41], F)
        * (0.8 + 0.2 * np.cos(x)[..., None] ** 2)
        * (1 - 0.6 * t[..., None] ** 2)
    )
    colour[w] = c * (1 - teeth) + teeth * enamel
    gloss[w] += (0.12 * share[..., 0]).astype(F)
    for s in (-1, 1):
        bump(relief, front, s * (mouth.half + 6), mouth.y - mouth.lift - 5, 7, 8, 1.6 * smile)
        bump(relief, front, s * (mouth.half + 1), mouth.y - mouth.lift, 2, 2.5, -1.2)
