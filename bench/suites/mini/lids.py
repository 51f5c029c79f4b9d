"""Eyelids: the aperture's curves, the bulge of the eyeball under the skin, crease and pouch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from medbench.suites.mini.chart import COS, V, window
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.numeric import F, smoothstep
from medbench.suites.mini.scene import Scene

EYEBALL = 12.0
_LID_RADIUS = 13.3
_EYE_DEPTH = 64.0


@dataclass(frozen=True)
class Lids:
    """Aperture of eye ``index`` (0 = image left) in front coordinates; m = inner, l = outer canthus."""

    index: int
    x: float
    depth: float
    xm: float
    xl: float
    ym: float
    yl: float
    up: float
    low: float
    power: float
    gaze: tuple[float, float]

    @property
    def outward(self) -> int:
        """-1 where the outer canthus lies to the left of the image."""
        return -1 if self.index == 0 else 1

    @property
    def centre(self) -> np.ndarray:
        """Centre of the eyeball (3,), mm."""
        return np.array([self.x, 0.0, self.depth])

    @classmethod
    def of(cls, who: Identity, scene: Scene, index: int) -> Lids:
        """The lids of a person in a scene: they follow the gaze's pitch, the smile, the signs."""
        s = -1 if index == 0 else 1
        x, signs = s * who.eye_distance / 2, scene.signs
        yaw = scene.gaze_yaw + signs.deviation[index][0]
        pitch = scene.gaze_pitch + signs.deviation[index][1]
        # a lid follows the fixating gaze; only half of a deviation
        follow = float(np.sin(scene.gaze_pitch + 0.5 * signs.deviation[index][1]))
        up = who.upper_lid + signs.upper[index] - 7.0 * follow + scene.blink - 0.35 * scene.smile
        low = who.lower_lid + signs.lower[index] + 2.5 * follow - 0.8 * scene.smile
        return cls(
            index, x, _EYE_DEPTH + signs.forward[index],
            x - s * who.eye_length * 0.515, x + s * who.eye_length * 0.485,
            1.7, 1.7 - who.eye_tilt, max(up, -2.5), max(low, 2.2), who.lid_power, (yaw, pitch),
        )  # fmt: skip

    def curves(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Position t (0 inner, 1 outer canthus), y of the upper and of the lower margin."""
        t = np.clip((x - self.xm) / (self.xl - self.xm), 0, 1)
        line = self.ym + (self.yl - self.ym) * t
        bow = 4 * t * (1 - t)
        upper = line - self.up * bow**self.power * (1 + 0.25 * (0.5 - t) * (1 - t))
        lower = line + self.low * bow**0.9 * (1 + 0.3 * (t - 0.5))
        return t, upper, lower

    @property
    def mrd1(self) -> float:
        """Margin reflex distance 1 in mm: from the pupil's centre up to the upper margin, head frame."""
        yaw, pitch = self.gaze
        pupil_y = EYEBALL * np.sin(pitch)
        upper = self.curves(np.array([self.x + EYEBALL * np.sin(yaw)]))[1][0]
        return float(pupil_y - upper)


def add_lids(
    who: Identity, lids: Lids, scene: Scene, front: np.ndarray, relief: np.ndarray, colour: np.ndarray
) -> None:
    """Raise the lids over the eyeball in place, with crease and pouch."""
    w = window(lids.x, 0, 26, 24)
    x, y = front[w], V[w]
    q = _LID_RADIUS**2 - (x - lids.x) ** 2 - y**2
    gap = (lids.depth + np.sqrt(np.maximum(q, 0)) - relief[w] * COS[w]) * COS[w] * smoothstep(-40, 70, q)
    relief[w] += np.where(q > -40, np.maximum(gap, gap * 0.85), 0).astype(F)
    t, upper, lower = lids.curves(x)
    ends = smoothstep(0, 0.12, t) * smoothstep(1, 0.8, t)
    change = scene.signs.upper[lids.index]
    height = who.crease * (0.55 + 0.45 * np.sin(np.pi * t)) + max(0.0, -change) * 0.8 - 0.6 * max(0.0, change)
    strength = 0.3 + 0.45 * float(smoothstep(0.8, 1.6, float(height.max())))
    crease = strength * np.exp(-(((y - (upper - height)) / 0.85) ** 2)) * ends
    relief[w] -= (0.9 * crease).astype(F)
    colour[w] *= (1 - 0.36 * crease)[..., None] ** np.array([0.8, 1, 1], F)
    fold = np.exp(-(((y - (lower + 6.5)) / 1.2) ** 2)) * smoothstep(0, 0.25, t) * smoothstep(1, 0.7, t)
    relief[w] -= ((0.5 + 0.7 * who.ageing) * fold).astype(F)
    colour[w] *= (1 - 0.10 * fold * (1 + who.ageing))[..., None]
    if scene.disease == "TAO" and change > 0:
        k = scene.grade
        above = np.exp(-(((y - (upper - 6)) / 4) ** 2) - ((x - lids.x) / 13) ** 2)
        below = np.exp(-(((y - (lower + 6)) / 3.5) ** 2) - ((x - lids.x) / 12) ** 2)
        relief[w] += ((0.5 + 0.6 * k) * above + (0.4 + 0.5 * k) * below).astype(F)
    edge = np.exp(-(((y - lower) / 1.0) ** 2)) * (t > 0) * (t < 1)
    colour[w] *= 1 - 0.22 * edge[..., None] * np.array([0.2, 1, 1], F)
