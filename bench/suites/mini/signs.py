"""Disease signs as numbers: what each class and severity changes at the eyes, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SEVERITIES = ("slight", "mid", "heavy")
#: mm that the upper lid hangs lower
PTOSIS = ((1.8, 2.4), (2.7, 3.5), (3.8, 4.9))
#: mm that the upper and the lower lid are drawn back, and that the eyeball stands forward
TAO_UPPER = ((1.3, 1.7), (2.0, 2.6), (2.8, 3.5))
TAO_LOWER = ((0.9, 1.3), (1.4, 1.9), (2.0, 2.7))
TAO_FORWARD = ((1.0, 2.0), (2.0, 3.5), (3.5, 5.0))
#: degrees that one eye deviates
STRABISMUS = ((14.0, 18.0), (19.0, 24.0), (25.0, 32.0))
#: radius in mm
BCC_RADIUS = (3.2, 4.5, 6.0)
SCC_RADIUS = (3.9, 5.6, 7.6)
CONJ_SIZE = (0.66, 0.92, 1.25)


@dataclass(frozen=True)
class Signs:
    """Changes per eye (0 = image left = the patient's right eye), lesion draws in 0..1."""

    upper: tuple[float, float] = (0.0, 0.0)
    lower: tuple[float, float] = (0.0, 0.0)
    forward: tuple[float, float] = (0.0, 0.0)
    deviation: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 0.0), (0.0, 0.0))
    lesion: tuple[float, ...] = (0.5,) * 8


def _pair(eye: int, affected: float, other: float) -> tuple[float, float]:
    return (affected, other) if eye == 0 else (other, affected)


def draw(rng: np.random.Generator, disease: str, grade: int, eye: int) -> Signs:
    """Draw the signs of ``disease`` at ``grade`` (0..2) in ``eye`` (0, 1)."""
    q = [float(v) for v in rng.uniform(0, 1, 16)]

    def within(table: tuple[tuple[float, float], ...], draw: float) -> float:
        low, high = table[grade]
        return low + (high - low) * draw

    lesion = tuple(q[8:])
    if disease == "Ptosis":
        drop = within(PTOSIS, q[0])
        second = -drop * (0.6 + 0.4 * q[2]) if q[1] < 0.25 else 0.0
        return Signs(upper=_pair(eye, -drop, second), lesion=lesion)
    if disease == "TAO":
        share = 0.65 + 0.35 * q[1] if q[0] < 0.7 else 0.0
        upper, lower, forward = (
            within(t, v) for t, v in zip((TAO_UPPER, TAO_LOWER, TAO_FORWARD), q[2:5], strict=True)
        )
        return Signs(
            upper=_pair(eye, upper, upper * share),
            lower=_pair(eye, lower, lower * share),
            forward=_pair(eye, forward, forward * share),
            lesion=lesion,
        )
    if disease == "Strab":
        angle = np.deg2rad(within(STRABISMUS, q[0]))
        way = 0.0 if q[1] < 0.44 else np.pi if q[1] < 0.88 else np.pi / 2 if q[1] < 0.94 else -np.pi / 2
        way += (q[2] - 0.5) * 0.4
        turned = (float(angle * np.cos(way)), float(0.75 * angle * np.sin(way)))
        return Signs(deviation=(turned, (0.0, 0.0)) if eye == 0 else ((0.0, 0.0), turned), lesion=lesion)
    return Signs(lesion=lesion)
