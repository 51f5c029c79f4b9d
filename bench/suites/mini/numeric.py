"""Small numeric tools of the renderer: seeded generators, smooth steps, noise, monotone curves."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

F = np.float32
cv2.setNumThreads(1)


def generator(*key: int) -> np.random.Generator:
    """PCG64 generator of a tuple of non-negative integers; the same bits on every machine."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([int(k) for k in key])))


def smoothstep(low: float | np.ndarray, high: float | np.ndarray, x: np.ndarray | float) -> np.ndarray:
    """Cubic step from 0 at ``low`` to 1 at ``high`` (``low`` > ``high`` gives a falling step)."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def noise(
    rng: np.random.Generator, width: int, height: int, cell: float, octaves: int = 3, stretch: float = 1.0
) -> np.ndarray:
    """Smooth noise of about unit variance, float32 (height, width).

    Args:
        rng: source of the draws.
        width: columns.
        height: rows.
        cell: size in pixels of the coarsest grain.
        octaves: each halves the grain and has .55 of the amplitude.
        stretch: how much longer than wide the grain is.
    """
    out = np.zeros((height, width), F)
    amplitude, power = 1.0, 0.0
    for octave in range(octaves):
        grain = cell / 2**octave
        columns = max(2, int(width / grain) + 2)
        rows = max(2, int(height / (grain * stretch)) + 2)
        grid = rng.standard_normal((rows, columns)).astype(F)
        out += amplitude * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        power += amplitude**2
        amplitude *= 0.55
    return out / F(np.sqrt(power))


def monotone(xs: Sequence[float], ys: Sequence[float], at: np.ndarray) -> np.ndarray:
    """Shape-preserving cubic (PCHIP) through the points, constant outside, float32."""
    from scipy.interpolate import PchipInterpolator

    return PchipInterpolator(xs, ys)(np.clip(at, xs[0], xs[-1])).astype(F)
