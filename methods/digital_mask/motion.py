"""The mask's parameters: pose, mouth, brows, lids and eyeballs, and the maps that read them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from medbench.core import Unavailable
from medbench.methods.digital_mask.eye_look import EyeFit, eye_crops
from medbench.methods.networks.frozen import holding
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.lids import Lids
from medbench.suites.mini.scene import Scene

#: Of the face: angles in radians, mm for mouth and brows.
FACE = ("yaw", "pitch", "roll", "smile", "mouth_open", "brow_raise")
#: Of each eye: margin reflex distance and height of the lower lid in mm, gaze in radians.
EYE = ("mrd1", "low", "gaze_yaw", "gaze_pitch")
SIDES = ("right", "left")
_FACE_RIDGE = 0.02
_REMEDY = "medbench train --method digital-mask --suite mema-mini"


@dataclass(frozen=True)
class Fit:
    """``face`` (137, 6) maps landmarks to ``FACE``, ``eye`` maps crops to ``EYE``; limits (10,)."""

    face: np.ndarray
    eye: EyeFit
    low: np.ndarray
    high: np.ndarray

    def __call__(self, pixels: np.ndarray, landmarks: np.ndarray) -> dict[str, float]:
        """Parameters of one face: ``FACE``, and ``EYE`` with ``_right`` and ``_left``."""
        head = np.clip(shape(landmarks) @ self.face, self.low[:6], self.high[:6])
        found = dict(zip(FACE, head.tolist(), strict=True))
        eyes = np.clip(self.eye(eye_crops(pixels, landmarks)), self.low[6:], self.high[6:])
        for side, outward, values in zip(SIDES, (1, -1), eyes, strict=True):
            found |= {f"{name}_{side}": float(v) for name, v in zip(EYE, values, strict=True)}
            found[f"gaze_yaw_{side}"] *= outward
        return found

    def save(self, file: Path) -> None:
        """Write fp16 safetensors."""
        file.parent.mkdir(parents=True, exist_ok=True)
        parts = {"face": self.face, "low": self.low, "high": self.high}
        parts |= {f"eye.{name}": part for name, part in asdict(self.eye).items()}
        save_file({k: np.ascontiguousarray(v, dtype=np.float16) for k, v in parts.items()}, file)

    @classmethod
    def read(cls, file: Path) -> Fit:
        """Read what :meth:`save` wrote.

        Raises:
            Unavailable: the file is not there, broken, or another's.

        """
        if not file.is_file():
            raise Unavailable(f"{file.name} of digital-mask is missing: {_REMEDY}")
        with holding(file, cls.__name__):
            parts = {name: part.astype(np.float64) for name, part in load_file(file).items()}
            eye = EyeFit(**{k.partition(".")[2]: v for k, v in parts.items() if k.startswith("eye.")})
            return cls(parts["face"], eye, parts["low"], parts["high"])

    @classmethod
    def fitted(cls, shapes: np.ndarray, crops: np.ndarray, faces: np.ndarray, eyes: np.ndarray) -> Fit:
        """Fit on shapes (N, 137) with truths (N, 6), and crops (M, 4608) with truths (M, 4)."""
        spread = faces.std(0)
        ridge = _FACE_RIDGE * np.diag([*[1.0] * (shapes.shape[1] - 1), 0.0])
        face = np.linalg.solve(shapes.T @ shapes + ridge, shapes.T @ (faces / spread)) * spread
        low, high = np.r_[faces.min(0), eyes.min(0)], np.r_[faces.max(0), eyes.max(0)]
        return cls(face, EyeFit.fitted(crops, eyes), low, high)


def shape(landmarks: np.ndarray) -> np.ndarray:
    """Landmarks (68, 2) from the middle of the eyes in distances between them, and a 1: (137,)."""
    points = landmarks.astype(np.float64)
    eyes = np.stack([points[36:42].mean(0), points[42:48].mean(0)])
    apart = max(float(np.linalg.norm(eyes[1] - eyes[0])), 1.0)
    return np.r_[((points - eyes.mean(0)) / apart).ravel(), 1.0]


def truth(who: Identity, scene: Scene) -> tuple[np.ndarray, np.ndarray]:
    """``FACE`` (6,) and ``EYE`` of both eyes (2, 4) of a drawn picture, gaze yaw outward."""
    face = np.array([getattr(scene, name) for name in FACE])
    eyes = []
    for index, outward in ((0, 1), (1, -1)):
        lids = Lids.of(who, scene, index)
        eyes.append([lids.mrd1, lids.low, outward * lids.gaze[0], lids.gaze[1]])
    return face, np.array(eyes)
