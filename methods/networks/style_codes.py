"""A mema-mini person and scene as vectors of numbers: what the style prior is conditioned on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from medbench.suites.mini.identity import Identity
    from medbench.suites.mini.scene import Scene

#: Shape parameters that no picture of 128 pixels shows.
_UNSEEN = ("iris_phase", "pupil_r")
#: What :func:`scene_numbers` lists, in order. Angles in radians, shifts in pixels of 256, lids in mm.
SCENE_NAMES = (
    "yaw", "pitch", "roll", "scale", "shift_x", "shift_y",
    "light_side", "light_height", "key", "ambient", "warmth",
    "gaze_yaw_right", "gaze_pitch_right", "upper_lid_right", "lower_lid_right",
    "gaze_yaw_left", "gaze_pitch_left", "upper_lid_left", "lower_lid_left",
    "smile", "mouth_open", "brow_raise",
)  # fmt: skip
#: The first so many of them place the head in the picture.
POSE = 6


def person_numbers(who: Identity) -> np.ndarray:
    """What stays the same in all pictures of a person, float64.

    Colours are square roots of linear light, so that a step looks alike in dark and fair people.
    """
    shape = [who.shape[name] for name in sorted(who.shape) if name not in _UNSEEN]
    colours = np.sqrt(np.concatenate([who.skin, who.hair, who.brow, who.iris]).clip(0))
    return np.concatenate([flags(who), [who.age, who.melanin], colours, shape]).astype(np.float64)


def flags(who: Identity) -> np.ndarray:
    """The yes-or-no properties, (FLAGS,) of 0 and 1; they come first in :func:`person_numbers`."""
    return np.array([who.male, who.long_hair, who.fringe], np.float64)


#: How many yes-or-no properties a person has, and how many numbers in all.
FLAGS, PERSON = 3, 71


def scene_numbers(who: Identity, scene: Scene) -> np.ndarray:
    """Pose, light, expression, and how wide each eye is open and where it looks: (SCENE_NAMES,) float64.

    The lids depend on the person too; what counts in a picture is how wide they are open.
    """
    from medbench.suites.mini.lids import Lids

    eyes = [Lids.of(who, scene, index) for index in (0, 1)]
    pose = [scene.yaw, scene.pitch, scene.roll, scene.scale, *scene.shift]
    light = [*scene.light, scene.key, scene.ambient, scene.warmth]
    look = [number for lids in eyes for number in (*lids.gaze, lids.up, lids.low)]
    return np.array([*pose, *light, *look, scene.smile, scene.mouth_open, scene.brow_raise], np.float64)
