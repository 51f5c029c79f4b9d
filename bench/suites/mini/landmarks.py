"""Truth of the 68 landmarks in iBUG order, placed by dlib's habits."""

from __future__ import annotations

import cv2
import numpy as np

from medbench.suites.mini.brows import brow_marks
from medbench.suites.mini.camera import Camera
from medbench.suites.mini.chart import STEP_U, STEP_V, THETA, THETAS, V0, surface
from medbench.suites.mini.head import jaw_line
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.lids import Lids
from medbench.suites.mini.mouth import Mouth
from medbench.suites.mini.nose import nose_tip
from medbench.suites.mini.numeric import F
from medbench.suites.mini.scene import Scene

#: height of the jaw's ends (points 0 and 16): above the eyes, as dlib places them
_JAW_TOP = -6.0
#: where dlib sees the contour against the head's frontal one, from chin to ear: mm outward, down,
#: forward (least squares over the select split; forward, since dlib's jaw turns with the face)
_JAW_HABIT = np.array(
    [
        (0.0, 0.3, 3.9), (-1.8, -1.2, 7.0), (-3.4, -0.2, 13.7), (-2.3, 2.1, 27.7), (0.3, 2.8, 22.1),
        (1.5, 2.3, 16.6), (1.3, 1.4, 14.4), (2.2, 0.8, 13.4), (3.5, 0.3, 11.1),
    ]
)  # fmt: skip
#: whole numbers name the middle of a pixel, as with dlib and OpenCV; the camera counts from its edge
_PIXEL_MIDDLE = 0.5
#: how far below the jaw line dlib puts the jaw's points (mm), from ear to chin
_JAW_DROP = 3.0
#: where dlib puts a brow's five points from its drawn ones, outer tip first: outward and down (mm)
_BROW_HABIT = np.array([(6.5, 6.5), (5.0, 2.5), (4.0, 1.5), (2.5, 1.5), (0.0, 3.5)])
#: and the bridge's four points and the mouth's corners (mm)
_BRIDGE_HABIT = np.array([2.5, 1.0, -0.7, -3.2])
_CORNER_HABIT = 2.6


def landmarks(
    who: Identity,
    scene: Scene,
    bare: np.ndarray,
    relief: np.ndarray,
    eyes: tuple[Lids, Lids],
    mouth: Mouth,
    camera: Camera,
) -> np.ndarray:
    """Pixel positions (68, 2), float32; whole numbers are the middles of pixels."""
    points = [
        _jaw(who, bare),
        surface(relief, *_brows(who, scene).T),
        _nose(who, relief),
        *(_eye(relief, lids) for lids in eyes),
        _mouth(relief, mouth),
    ]
    return (camera.project(np.vstack(points)) - _PIXEL_MIDDLE).astype(F)


def _brows(who: Identity, scene: Scene) -> np.ndarray:
    habit = np.vstack([_BROW_HABIT * [-1, 1], _BROW_HABIT[::-1]])
    return brow_marks(who, scene.brow_raise) + habit


def _jaw(who: Identity, bare: np.ndarray) -> np.ndarray:
    """17 points at equal arc length along the contour that a frontal view shows."""
    angle = np.linspace(0, np.deg2rad(80), 60)
    height = np.interp(angle, THETAS, jaw_line(who)[0]) + 3.0
    keep = height > 20
    theta = np.r_[angle[keep], np.deg2rad(np.linspace(80, 82, 20))]
    v = np.r_[height[keep], np.linspace(height[keep][-1], _JAW_TOP, 20)]
    column, row = ((theta + THETA) / STEP_U).astype(F)[None], ((v - V0) / STEP_V).astype(F)[None]
    radius = np.minimum(cv2.remap(bare, column, row, cv2.INTER_LINEAR)[0], who.cheek_w + 3)
    # The drop fades towards the chin, whose lowest point dlib finds where it is.
    curve = np.stack([radius * np.sin(theta), v + _JAW_DROP * np.sin(theta), radius * np.cos(theta)], 1)
    arc = np.r_[0, np.cumsum(np.hypot(np.diff(curve[:, 0]), np.diff(curve[:, 1])))]
    at = np.linspace(0, arc[-1], 9)
    left = np.stack([np.interp(at, arc, curve[:, j]) for j in range(3)], 1) + _JAW_HABIT
    return np.vstack([left[:0:-1] * [-1, 1, 1], left])


def _nose(who: Identity, relief: np.ndarray) -> np.ndarray:
    tip, base, width = nose_tip(who), who.nose_y, who.nose_w
    bridge = surface(relief, [0] * 4, np.linspace(-3, tip + 1, 4) + _BRIDGE_HABIT)
    across = np.array([-0.8, -0.4, 0, 0.4, 0.8]) * width
    return np.vstack([bridge, surface(relief, across, [base, base + 1.6, base + 2.6, base + 1.6, base])])


def _eye(relief: np.ndarray, lids: Lids) -> np.ndarray:
    x = lids.xl + (lids.xm - lids.xl) * np.array([0, 0.33, 0.67, 1])
    if lids.index:
        x = x[::-1]
    _, upper, lower = lids.curves(x)
    lower = np.maximum(lower, upper)
    return surface(relief, x[[0, 1, 2, 3, 2, 1]], np.r_[upper, lower[2], lower[1]])


def _mouth(relief: np.ndarray, mouth: Mouth) -> np.ndarray:
    half = mouth.half

    def line(at: tuple[float, ...], which: int) -> np.ndarray:
        x = np.array(at) * half
        return np.stack([x, mouth.curves(x)[which]], 1)

    outer = [
        line((-1,), 2),
        line((-0.62, -0.2, 0, 0.2, 0.62), 1),
        line((1,), 2),
        line((0.6, 0.25, 0, -0.25, -0.6), 4),
    ]
    inner = [line((-0.88, -0.3, 0, 0.3, 0.88), 2), line((0.3, 0, -0.3), 3)]
    marks = np.vstack(outer + inner)
    marks[[0, 12], 0] += _CORNER_HABIT
    marks[[6, 16], 0] -= _CORNER_HABIT
    return surface(relief, *marks.T)
