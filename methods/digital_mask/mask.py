"""Draw the mask: one head for everybody in grey, in the pose and with the lids and eyeballs asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import cv2
import numpy as np

from medbench.suites.mini.identity import identity
from medbench.suites.mini.lids import Lids
from medbench.suites.mini.render import Rendered, render
from medbench.suites.mini.scene import Scene, scene
from medbench.suites.mini.signs import Signs

#: A subject number that no split uses.
MASK = 910_004
#: Of what surrounds the mask.
GREY = 0.55
#: Colour of the mask, RGB: warm grey.
_TINT = np.array([1.0, 0.96, 0.92], np.float32)
#: Landmarks that place the head: they move little when the face moves (nose bridge and eye corners).
_STEADY = [27, 28, 29, 30, 36, 39, 42, 45]


def mask_scene(motion: Mapping[str, float], size: float = 1.0, shift: tuple[float, float] = (0, 0)) -> Scene:
    """An even light and the motion of a face; ``size`` and ``shift`` (pixels) place it."""
    still = replace(
        scene(MASK, 0, "Normal", 0),
        yaw=motion["yaw"], pitch=motion["pitch"], roll=motion["roll"], smile=motion["smile"],
        mouth_open=motion["mouth_open"], brow_raise=motion["brow_raise"],
        scale=size, shift=shift, light=(0.0, 0.4), key=0.9, ambient=0.5, warmth=0.0,
        backdrop=(GREY,) * 3, cloth=(0.2,) * 3, gaze_yaw=0.0, gaze_pitch=0.0,
        blink=0.0, pupil=1.0, redness=0.0, blur=0.2, grain=0.0, seed=0,
    )  # fmt: skip
    gaze = {side: (motion[f"gaze_yaw_{side}"], motion[f"gaze_pitch_{side}"]) for side in ("right", "left")}
    turned = replace(still, signs=Signs(deviation=(gaze["right"], gaze["left"])))
    right, left = (Lids.of(identity(MASK), turned, index) for index in (0, 1))
    upper = (motion["mrd1_right"] - right.mrd1, motion["mrd1_left"] - left.mrd1)
    lower = (motion["low_right"] - right.low, motion["low_left"] - left.low)
    return replace(turned, signs=replace(turned.signs, upper=upper, lower=lower))


def draw_mask(motion: Mapping[str, float], landmarks: np.ndarray) -> np.ndarray:
    """The mask placed where ``landmarks`` (68, 2) of a 256 x 256 picture are: float32 RGB in [0, 1]."""
    first = _drawn(mask_scene(motion))
    there, here = landmarks[_STEADY].astype(np.float64), first.landmarks[_STEADY].astype(np.float64)
    size = float(np.linalg.norm(there - there.mean(0)) / np.linalg.norm(here - here.mean(0)))
    middle = np.array([128.0, 128.0])
    shift = there.mean(0) - (middle + size * (here.mean(0) - middle))
    placed = _drawn(mask_scene(motion, size, (float(shift[0]), float(shift[1]))))
    light = cv2.cvtColor(placed.image, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    return np.clip(light[..., None] * _TINT, 0, 1)


def _drawn(at: Scene) -> Rendered:
    return render(identity(MASK), at)
