"""What all images of a subject share: relief, colour and hair of the neutral head, computed once."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import cv2
import numpy as np

from medbench.suites.mini.chart import CAP_K, CAP_Y, COSP, DOWN, EAST, OUT, STEP_U, STEP_V, V, Window
from medbench.suites.mini.hair import add_hair
from medbench.suites.mini.head import bare_head
from medbench.suites.mini.identity import identity
from medbench.suites.mini.numeric import F, generator
from medbench.suites.mini.skin import Grain, skin_colour


@dataclass(frozen=True)
class Base:
    """Charts (NV, NU): relief, front coordinate, albedo, hair cover, grain, normals and open sky."""

    relief: np.ndarray
    bare: np.ndarray
    front: np.ndarray
    colour: np.ndarray
    hair: np.ndarray
    grain: Grain
    normals: np.ndarray
    sky: np.ndarray


@functools.lru_cache(maxsize=24)
def base_of(subject: int) -> Base:
    """Charts of a subject's neutral head."""
    who = identity(subject)
    rng = generator(who.texture_seed, 7)
    grain = Grain.draw(rng)
    bare, front = bare_head(who, rng)
    colour = skin_colour(who, front, grain, rng)
    relief, colour, hair = add_hair(who, bare, colour, grain, rng)
    whole = (slice(None), slice(None))
    return Base(relief, bare, front, colour, hair, grain, normals(relief, whole), open_sky(relief))


def normals(relief: np.ndarray, w: Window) -> np.ndarray:
    """Outward normals (not of unit length) of a window of the relief."""
    r = np.ascontiguousarray(relief[w])
    along: np.ndarray = cv2.Sobel(
        r, cv2.CV_32F, 1, 0, ksize=3, scale=1 / (8 * STEP_U), borderType=cv2.BORDER_REPLICATE
    )
    down: np.ndarray = cv2.Sobel(
        r, cv2.CV_32F, 0, 1, ksize=3, scale=1 / (8 * STEP_V), borderType=cv2.BORDER_REPLICATE
    )
    # in the cap a step of v is an arc of R / CAP_K; at its pole the eastward step vanishes
    along /= r * np.maximum(COSP[w], F(0.05))
    down /= np.where(V[w] < CAP_Y, r / F(CAP_K), F(1))
    return OUT[w] - along[..., None] * EAST[w] - down[..., None] * DOWN[w]


def open_sky(relief: np.ndarray) -> np.ndarray:
    """Ambient light that reaches each node (about 0.3 in a fold to 1.1 on a ridge)."""
    height, width = relief.shape
    small = cv2.resize(relief, (width // 3, height // 3), interpolation=cv2.INTER_AREA)
    wide = cv2.resize(cv2.GaussianBlur(small, (0, 0), 2.33), (width, height), interpolation=cv2.INTER_LINEAR)
    near = np.clip(1 + (relief - cv2.GaussianBlur(relief, (0, 0), 2)) * F(0.10), 0.6, 1.1)
    return (np.clip(1 + (relief - wide) * F(0.05), 0.5, 1.12) * near).astype(F)
