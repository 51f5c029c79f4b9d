"""Behind and below the face: wall, long hair, shoulders and collar."""

from __future__ import annotations

import cv2
import numpy as np

from medbench.suites.mini.camera import SIZE, Camera
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.numeric import F, generator, smoothstep
from medbench.suites.mini.scene import Scene

_ROWS, _COLUMNS = np.mgrid[0:SIZE, 0:SIZE].astype(F) + F(0.5)


def wall(scene: Scene) -> np.ndarray:
    """Unevenly lit plain wall, linear (SIZE, SIZE, 3)."""
    cells = generator(scene.seed, 1).uniform(0.8, 1.12, (3, 3, 1)).astype(F) * np.array(scene.backdrop, F)
    return np.clip(cv2.resize(cells, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC), 0.01, 1)


def add_long_hair(who: Identity, scene: Scene, camera: Camera, image: np.ndarray) -> None:
    """Hair that falls behind the neck, in place."""
    if not who.long_hair:
        return
    top, end = camera.project(np.array([[0, -20.0, -25], [0, who.hair_end, -25]]))
    v = (_ROWS - F(top[1])) / F(end[1] - top[1])
    middle = F(top[0]) + F(end[0] - top[0]) * np.clip(v, 0, 1.2)
    half = F(camera.pixels_per_mm) * (77 + 3 * F(who.hair_volume) + 5 * np.sin(np.clip(v, 0, 1) * 2.4))
    across = (_COLUMNS - middle) / half
    wave = F(who.curl) * 0.03 * np.sin(v * 14 + 2 * np.sign(across))
    strand = cv2.resize(
        generator(who.texture_seed, 9).standard_normal((1, 64)).astype(F),
        (512, 1),
        interpolation=cv2.INTER_CUBIC,
    )
    column = ((across + wave + 0.03 * np.sin(v * 5)) * 0.42 + 0.5) * 511
    strands = cv2.remap(
        strand, column, np.zeros_like(column), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )
    edge = smoothstep(1.03, 0.95, np.abs(across + wave) + 0.012 * strands)
    share = edge * smoothstep(1.10, 0.94, v + 0.05 * strands) * smoothstep(-0.25, -0.15, v)
    shade = np.clip(1 + 0.32 * strands, 0.3, 2) * (0.22 + 0.55 * np.clip(np.abs(across), 0, 1) ** 1.5)
    colour = who.hair * (shade * F(scene.key))[..., None]
    image += (colour - image) * share[..., None]


def add_clothes(who: Identity, scene: Scene, camera: Camera, image: np.ndarray, front: bool) -> None:
    """Shoulders (behind the neck) or the collar (``front``, over it), in place."""
    neck = camera.project(np.array([[0, who.chin_y + 30.0, 10]]))[0]
    mm = camera.pixels_per_mm
    # nothing of the clothes lies higher than 20 mm above the neck's base
    first = int(np.clip(neck[1] - 20 * mm, 0, SIZE))
    x, y = (_COLUMNS[first:] - F(neck[0])) / F(mm), (_ROWS[first:] - F(neck[1])) / F(mm)
    off = np.abs(x)
    if front:
        line = 9 - 19 * smoothstep(18, 60, off) + 0.20 * np.clip(off - 60, 0, 200)
    else:
        line = -13 + 0.42 * np.clip(off - 48, 0, 200) + 8 * smoothstep(60, 44, off)
    share = smoothstep(-0.8, 0.8, y - line)[..., None]
    azimuth = scene.light[0]
    fold = 1 + 0.10 * np.sin(off / 7 + 0.04 * y) * smoothstep(0, 30, y - line)
    shade = (0.62 + 0.25 * np.cos(x / 70 - azimuth)) * fold * (0.75 + 0.25 * smoothstep(0, 5, y - line))
    cloth = np.array(scene.cloth, F) * F(scene.key)
    image[first:] += (cloth * shade[..., None] - image[first:]) * share
