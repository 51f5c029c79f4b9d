"""Scalar truth of an image, computed without drawing it."""

from __future__ import annotations

import numpy as np

from medbench.suites.mini.camera import rotation
from medbench.suites.mini.eye import gaze_direction
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.lids import Lids
from medbench.suites.mini.scene import Scene


def subject_id(subject: int) -> str:
    """Pseudonymous id of a subject number."""
    return f"S{subject:04d}"


def camera_gaze(scene: Scene, yaw: float, pitch: float) -> tuple[float, float]:
    """Pitch (> 0 up) and yaw (> 0 to the image's right) in degrees, camera axes, of a head-frame gaze."""
    x, y, z = rotation(scene) @ gaze_direction(yaw, pitch)
    return float(-np.rad2deg(np.arcsin(np.clip(y, -1, 1)))), float(np.rad2deg(np.arctan2(x, z)))


def tone_group(melanin: float) -> str:
    """``light``, ``medium`` or ``dark``."""
    return "light" if melanin < 0.25 else "medium" if melanin < 0.55 else "dark"


def scalar_truth(who: Identity, scene: Scene) -> dict[str, float | str]:
    """The columns of the suite's index, without ``id``."""
    eyes = (Lids.of(who, scene, 0), Lids.of(who, scene, 1))
    pitch, yaw = camera_gaze(scene, scene.gaze_yaw, scene.gaze_pitch)
    (pitch_r, yaw_r), (pitch_l, yaw_l) = (camera_gaze(scene, *lids.gaze) for lids in eyes)
    return {
        "subject": subject_id(who.subject),
        "disease": scene.disease,
        "severity": scene.severity,
        "side": scene.side,
        "age": round(who.age, 1),
        "sex": "M" if who.male else "F",
        "skin_tone": round(who.melanin, 4),
        "tone_group": tone_group(who.melanin),
        "gaze_pitch": pitch,
        "gaze_yaw": yaw,
        "gaze_pitch_right": pitch_r,
        "gaze_yaw_right": yaw_r,
        "gaze_pitch_left": pitch_l,
        "gaze_yaw_left": yaw_l,
        "mrd1_right": eyes[0].mrd1,
        "mrd1_left": eyes[1].mrd1,
        "yaw": float(np.rad2deg(scene.yaw)),
        "pitch": float(-np.rad2deg(scene.pitch)),
        "roll": float(np.rad2deg(scene.roll)),
    }
