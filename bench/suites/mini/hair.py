"""Hair on the head: hairline, thickness, strands."""

from __future__ import annotations

import cv2
import numpy as np

from medbench.suites.mini.chart import NU, NV, STEP_U, T, V
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.numeric import F, noise, smoothstep
from medbench.suites.mini.skin import Grain


def _hairline(who: Identity, grain: Grain) -> np.ndarray:
    """Height v (mm) to which the hair reaches, at each node."""
    turn = np.abs(T)
    line = (
        who.hairline
        + who.peak * np.exp(-((T / 0.28) ** 2))
        - who.recess * np.exp(-(((turn - 0.62) / 0.26) ** 2))
    )
    line = line + 7 * smoothstep(0.75, 1.1, turn) + 2.0 * grain.blotch
    if who.fringe:
        line = line + (32 + 3 * grain.patch) * np.exp(-((T / 0.8) ** 6)) * (-who.hairline / 76)
    end = 66.0 if who.long_hair else 20.0
    fall = smoothstep(who.side - 0.30, who.side + 0.16, turn + 0.03 * grain.patch)
    line = line + (end - who.hairline) * fall**1.4
    if not who.long_hair:
        line = line - 34 * smoothstep(who.side + 0.36, who.side + 0.52, turn)
    return line


def _strands(who: Identity, rng: np.random.Generator) -> np.ndarray:
    """Strand pattern (NV, NU): long grain combed to one side and waved."""
    wide = noise(rng, NU, NV, 5, 3, stretch=22)
    shear = who.sweep * 0.35 * (V + 80) / (STEP_U * 85) + who.curl * 5 * np.sin(
        V / (9 + 6 * who.curl) + 3 * T
    )
    columns = (np.arange(NU, dtype=F)[None] + shear).astype(F)
    rows = np.repeat(np.arange(NV, dtype=F)[:, None], NU, 1)
    return cv2.remap(wide, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def add_hair(
    who: Identity, relief: np.ndarray, colour: np.ndarray, grain: Grain, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Put hair on a relief and its albedo.

    Returns:
        Relief, albedo, and how much of each node is hair (0..1).
    """
    strand = _strands(who, rng)
    line = _hairline(who, grain)
    depth = line - V
    cover: np.ndarray = smoothstep(-3.0, 3.5, depth + 2.4 * np.clip(strand, -1.5, 1.5)).astype(F)
    cover = cv2.GaussianBlur(cover, (0, 0), 0.7)
    side = smoothstep(0.9, 1.3, np.abs(T))
    top = (11 + 3 * who.hair_volume) * (0.7 if who.male else 1.0)
    flank = (8 + 1.5 * who.hair_volume) if who.long_hair else who.hair_sides
    lift = (top * (1 - side) + flank * side) * smoothstep(-2, 42, depth) + 1.2 * smoothstep(0, 6, depth)
    relief = relief + cv2.GaussianBlur((cover * lift).astype(F), (0, 0), 1.6) + cover * F(0.28) * strand
    root = 0.72 + 0.28 * smoothstep(0, 16, depth)
    shade = np.clip((1 + 0.36 * strand + 0.12 * grain.blotch) * root, 0.25, 2.2)[..., None]
    share = cover[..., None]
    colour = colour * (1 - share) + np.clip(who.hair * shade, 0.002, 1) * share
    return relief.astype(F), colour.astype(F), cover
