"""What an image adds to an identity: pose, expression, gaze, light, camera, disease signs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from medbench.suites.mini.identity import VERSION
from medbench.suites.mini.numeric import generator
from medbench.suites.mini.signs import SEVERITIES, Signs, draw

_STREAM, _SIGN_STREAM = 202, 203


@dataclass(frozen=True)
class Scene:
    """All of an image but the person; angles in radians, gaze in the head frame (pitch > 0 looks down)."""

    disease: str
    grade: int
    eye: int
    yaw: float
    pitch: float
    roll: float
    scale: float
    shift: tuple[float, float]
    light: tuple[float, float]
    key: float
    ambient: float
    warmth: float
    backdrop: tuple[float, float, float]
    cloth: tuple[float, float, float]
    gaze_yaw: float
    gaze_pitch: float
    smile: float
    mouth_open: float
    brow_raise: float
    blink: float
    pupil: float
    redness: float
    blur: float
    grain: float
    seed: int
    signs: Signs = field(default_factory=Signs)

    @property
    def severity(self) -> str:
        """``slight``, ``mid``, ``heavy``, or ``none`` for a healthy eye."""
        return "none" if self.disease == "Normal" else SEVERITIES[self.grade]

    @property
    def side(self) -> str:
        """``R`` or ``L``: the patient's eye that carries the sign (drawn for healthy eyes too)."""
        return "RL"[self.eye]


def scene(subject: int, shot: int, disease: str, grade: int) -> Scene:
    """Draw the scene of a subject's shot; nothing but the signs depends on disease and grade."""
    r = generator(VERSION, _STREAM, subject, shot)

    def n(sd: float, limit: float) -> float:
        return float(np.clip(r.standard_normal() * sd, -limit, limit))

    def u(low: float, high: float) -> float:
        return float(r.uniform(low, high))

    eye = int(r.integers(2))
    yaw, pitch, roll = (float(np.deg2rad(n(sd, top))) for sd, top in ((9, 22), (5, 11), (3.5, 9)))
    grey = u(0.12, 0.62)
    return Scene(
        disease=disease, grade=grade, eye=eye, yaw=yaw, pitch=pitch, roll=roll,
        scale=u(0.94, 1.05), shift=(u(-5, 5), u(-4, 4)),
        light=(u(-0.9, 0.9), u(0.12, 0.8)), key=u(0.78, 1.14), ambient=u(0.34, 0.56), warmth=u(-0.09, 0.09),
        backdrop=(grey + u(-0.1, 0.1), grey + u(-0.1, 0.1), grey + u(-0.1, 0.1)),
        cloth=(u(0.02, 0.45), u(0.02, 0.45), u(0.02, 0.45)),
        gaze_yaw=float(np.clip(-0.35 * yaw + np.deg2rad(u(-7, 7)), -0.21, 0.21)),
        gaze_pitch=float(np.deg2rad(u(-5, 4))),
        smile=max(0.0, n(0.5, 1.4)), mouth_open=max(0.0, n(2.2, 5.0) - 0.6), brow_raise=n(1.1, 2.5),
        blink=n(0.15, 0.35), pupil=u(0.85, 1.25), redness=abs(n(0.05, 0.12)), blur=u(0.2, 0.55),
        grain=u(0.003, 0.010), seed=int(r.integers(1 << 31)),
        signs=draw(generator(VERSION, _SIGN_STREAM, subject, shot), disease, grade, eye),
    )  # fmt: skip
