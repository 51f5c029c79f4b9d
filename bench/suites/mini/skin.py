"""Skin colour of the head: tone, flush, pores, freckles, spots, moles, stubble."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from medbench.suites.mini.chart import NU, NV, V
from medbench.suites.mini.head import jaw_line
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.nose import nostril_shadow
from medbench.suites.mini.numeric import F, noise, smoothstep


@dataclass(frozen=True)
class Grain:
    """Noise of three scales over the chart: patches, blotches, pores."""

    patch: np.ndarray
    blotch: np.ndarray
    pore: np.ndarray

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Grain:
        """Draw the three layers."""
        return cls(noise(rng, NU, NV, 70, 3), noise(rng, NU, NV, 14, 3), noise(rng, NU, NV, 2.6, 2))


def _blob(front: np.ndarray, x: float, y: float, width: float, height: float) -> np.ndarray:
    return np.exp(-(((front - x) / width) ** 2 + ((V - y) / height) ** 2) / 2)


def _fourth(x: np.ndarray) -> np.ndarray:
    """X ** 4 by two squarings: many times faster than numpy's power."""
    return np.square(np.square(x))


def skin_colour(who: Identity, front: np.ndarray, grain: Grain, rng: np.random.Generator) -> np.ndarray:
    """Linear albedo (NV, NU, 3) of the bare skin."""
    half, old, k = who.eye_distance / 2, who.ageing, 1 - 0.55 * who.melanin
    draws = rng.standard_normal(6)
    red = 0.13 * grain.blotch + 0.10 * grain.patch
    for j, s in enumerate((-1, 1)):
        red = red + (who.flush + 0.05 * draws[j]) * _blob(front, s * 42, 32, 17, 16)
    red = red + (who.flush + 0.12 * draws[2]) * _blob(front, 0, who.nose_y - 7, 13, 11)
    red = red + 0.12 * _blob(front, 0, who.chin_y - 10, 16, 9)
    mottle = 1 + 0.05 * grain.patch + 0.03 * grain.pore
    colour = np.empty((NV, NU, 3), F)
    for c, weight in enumerate((0.02, -0.32, -0.34)):
        colour[..., c] = who.skin[c] * mottle * (1 + weight * red * (1 if c == 0 else k))
    dark = _darkening(who, front, rng, draws, half, old)
    colour *= (1 - np.clip(dark, 0, 0.9))[..., None] ** np.array([0.75, 1, 1.15], F)
    colour = _stubble(who, front, grain, colour)
    colour *= (1 - 0.78 * nostril_shadow(front, who))[..., None]
    under_lip = np.exp(-0.5 * ((front / 14) ** 2 + ((V - who.mouth_y - 17) / 3.0) ** 2))
    colour *= (1 - 0.2 * under_lip)[..., None]
    return colour.astype(F)


def _darkening(
    who: Identity, front: np.ndarray, rng: np.random.Generator, draws: np.ndarray, half: float, old: float
) -> np.ndarray:
    dark = np.zeros((NV, NU), F)
    for j, s in enumerate((-1, 1)):
        dark += (0.14 + 0.05 * draws[3 + j] + 0.1 * old) * _blob(front, s * half, 13, 14, 6)
        dark += 0.10 * _blob(front, s * half, -8, 15, 5)
    cheeks = np.exp(-_fourth(front / 48) - _fourth((V - 25) / 30))
    dark += 0.25 * who.freckles * smoothstep(1.0, 1.8, noise(rng, NU, NV, 4, 1)) * cheeks
    spots = smoothstep(1.7, 2.0, noise(rng, NU, NV, 9, 2))
    dark += 0.30 * old * spots * (who.age > 50)
    for x, y, radius, depth in rng.uniform((-52, -55, 0.9, 0.4), (52, 100, 2.2, 0.8), (5, 4))[: who.moles]:
        # a mole on a lid would look like a sign of disease
        y = y if abs(y) > 26 else y + 52 * np.sign(y)
        dark += depth * smoothstep(1.25, 0.75, np.hypot(front - x, V - y) / radius)
    return dark


def _stubble(who: Identity, front: np.ndarray, grain: Grain, colour: np.ndarray) -> np.ndarray:
    low = smoothstep(who.nose_y + 6, who.nose_y + 20, V + np.abs(front) * 0.55 - 6)
    beard = low * smoothstep(jaw_line(who) + 26, jaw_line(who) + 6, V)
    lip = np.exp(-_fourth((V - (who.nose_y + 12)) / 6) - _fourth(front / (who.mouth_w + 4)))
    hair = np.clip(who.beard * beard + who.moustache * lip, 0, 1)
    hair = hair * np.clip(0.62 + 0.16 * grain.pore + 0.1 * grain.blotch, 0, 1)
    hair *= 1 - 0.85 * np.exp(-_fourth(front / who.mouth_w) - _fourth((V - who.mouth_y - 1) / 8))
    share = np.clip(hair, 0, 0.93)[..., None].astype(F)
    return colour * (1 - share) + share * who.brow * F(1.1)
