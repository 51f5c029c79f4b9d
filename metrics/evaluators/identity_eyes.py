"""Identity from the eyes alone: what a recogniser tells from the part of the face that must be kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from medbench.metrics.evaluators.dlib_models import Landmarker, eight_bit, landmarker
from medbench.metrics.evaluators.dlib_resnet import CHIP, EMBEDDING, DlibResnet
from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.metrics.evaluators.identity_dlib import PADDING
from medbench.weights import find_verified, weight_files

#: Eye points of the 68, the patient's right eye first.
EYES = (slice(36, 42), slice(42, 48))
#: Of the band around both eyes, and of the disc around each iris: half sizes in eye widths.
BAND = (1.0, 0.9)
DISC = 0.45


class EyesIdentity(Evaluator):
    """dlib's descriptor of a face of which only the eyes are left; NaN where there is no box.

    ``identity_eyes`` (B, 128) float32: a band from brow to cheek around both eyes (periocular);
    ``identity_iris`` (B, 128): a disc around each eye's opening. The rest of the aligned face is
    flat, in the mean colour of what is left. The face is cut by the landmarks of *this* image.
    """

    name = "identity_eyes"
    produces = ("identity_eyes", "identity_iris")
    needs_boxes = True
    automatic = False
    licence = "network CC0 (dlib-models); landmarks trained on iBUG 300-W: no commercial use"
    citation = "King, High Quality Face Recognition with Deep Metric Learning, 2017; JMLR 2009"

    def load(self, device: str = "cpu") -> None:
        """Read the shape predictor and the network, checked by sha256."""
        self._landmarker: Landmarker = landmarker()
        self._device = device
        self._network = DlibResnet(find_verified("dlib_descriptor")).eval().to(device)

    def fingerprint(self) -> str:
        """Both files' sha256, the crops, and the version of this file."""
        files = weight_files()
        hashes = [files[name].sha256 for name in ("dlib_descriptor", "dlib_landmarks_68")]
        return ":".join(["identity_eyes:1", f"{CHIP}/{PADDING}/{BAND}/{DISC}", *hashes])

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """See the class; without ``boxes`` all rows are NaN."""
        found = {name: np.full((len(images), EMBEDDING), np.nan, np.float32) for name in self.produces}
        rows: list[int] = []
        chips: list[tuple[np.ndarray, np.ndarray]] = []
        for row, image in enumerate(eight_bit(images) if boxes is not None else ()):
            assert boxes is not None
            left = self.left_over(image, boxes[row])
            if left is not None:
                rows.append(row)
                chips.append(left)
        if chips:
            stacked = np.concatenate([np.stack(kind) for kind in zip(*chips, strict=True)])
            pixels = torch.from_numpy(stacked).permute(0, 3, 1, 2).to(self._device).float()
            with torch.inference_mode():
                seen = self._network(pixels).cpu().numpy()
            found[self.produces[0]][rows], found[self.produces[1]][rows] = np.split(seen, 2)
        return found

    def left_over(self, image: np.ndarray, box: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
        """Band and discs of a uint8 RGB image as aligned faces (150, 150, 3), None where the box is NaN."""
        shape = self._landmarker.shape(image, box)
        if shape is None:
            return None
        dlib = self._landmarker.dlib
        details = dlib.get_face_chip_details(shape, CHIP, PADDING)
        chip = np.asarray(dlib.extract_image_chip(image, details))
        eyes = [_eye(_onto_chip(shape, details, part)) for part in EYES]
        width = np.mean([eye[1] for eye in eyes])
        centres = np.array([eye[0] for eye in eyes])
        x, y = np.meshgrid(np.arange(CHIP), np.arange(CHIP))
        low, high = centres.min(axis=0), centres.max(axis=0)
        band = (x >= low[0] - BAND[0] * width) & (x <= high[0] + BAND[0] * width)
        band &= (y >= low[1] - BAND[1] * width) & (y <= high[1] + BAND[1] * width)
        discs = np.any([(x - a) ** 2 + (y - b) ** 2 <= (DISC * width) ** 2 for a, b in centres], axis=0)
        return _only(chip, band), _only(chip, discs)


def _onto_chip(shape: Any, details: Any, part: slice) -> np.ndarray:
    """Landmarks of the slice in the pixels of the chip: (6, 2)."""
    points = np.array([(p.x, p.y) for p in list(shape.parts())[part]], dtype=float)
    rect, angle = details.rect, details.angle
    centre = np.array([rect.dcenter().x, rect.dcenter().y])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return (points - centre) @ turn.T * CHIP / rect.width() + CHIP / 2


def _eye(points: np.ndarray) -> tuple[np.ndarray, float]:
    return points.mean(axis=0), float(np.linalg.norm(points[0] - points[3]))


def _only(chip: np.ndarray, keep: np.ndarray) -> np.ndarray:
    if not keep.any():
        return np.full_like(chip, 128)
    flat = np.broadcast_to(chip[keep].mean(axis=0).round().astype(chip.dtype), chip.shape)
    return np.where(keep[..., None], chip, flat)


EVALUATOR = EyesIdentity
