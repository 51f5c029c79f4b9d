"""A subject's neutral face, laid out flat over the chart."""

from __future__ import annotations

from medbench.suites.mini.base import base_of
from medbench.suites.mini.face import Face, make_face
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.numeric import generator
from medbench.suites.mini.scene import Scene

NEUTRAL = Scene(
    disease="Normal", grade=0, eye=0, yaw=0.0, pitch=0.0, roll=0.0, scale=1.0, shift=(0.0, 0.0),
    light=(0.0, 0.4), key=1.0, ambient=0.45, warmth=0.0, backdrop=(0.35, 0.35, 0.35), cloth=(0.2, 0.2, 0.25),
    gaze_yaw=0.0, gaze_pitch=0.0, smile=0.0, mouth_open=0.0, brow_raise=0.0, blink=0.0, pupil=1.0,
    redness=0.03, blur=0.2, grain=0.0, seed=0,
)  # fmt: skip


def neutral_face(who: Identity) -> Face:
    """Charts (360, 400) of the neutral face with brows, lips, hair; rows v, columns theta."""
    return make_face(who, NEUTRAL, base_of(who.subject), generator(0))
