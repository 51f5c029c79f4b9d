"""Build the gallery of k-same and the anchors from mema-mini's train split (about half a minute).

Usage: ``python -m medbench.methods.classical.build_gallery [OUT]``
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from medbench.core import DISEASES, FaceNotFound
from medbench.methods.classical import gallery
from medbench.methods.classical.alignment import cut, mean_shape, moved, placing, spread
from medbench.methods.face_region import Face, find_faces

#: People in the gallery; divides by the k of all presets and by the eight classes.
PEOPLE = 200
_FRONTAL = 12.0


def pick() -> list[str]:
    """Return one sample of each of ``PEOPLE`` train subjects, near frontal, equally many per class."""
    from medbench.suites.mini.splits import SHOTS, SPLITS, parse, scene_of

    left = {disease: PEOPLE // len(DISEASES) for disease in DISEASES}
    chosen = []
    for subject in range(SPLITS["train"].subjects):
        shots = [f"train-{subject:04d}-{shot}" for shot in range(SHOTS)]
        wanted = [
            s for s in shots if left[parse(s).disease] and abs(scene_of(s)[1].yaw) < np.deg2rad(_FRONTAL)
        ]
        if wanted:
            # The class with most places left: no class is filled by early subjects alone.
            best = max(wanted, key=lambda s: left[parse(s).disease])
            left[parse(best).disease] -= 1
            chosen.append(best)
    return chosen


def build(out: Path, ids: list[str]) -> None:
    """Draw the samples ``ids``, find and align their faces, and write the gallery file."""
    pictures, faces, kept = [], [], []
    for sample in ids:
        picture = _draw(sample)
        try:
            faces.append(_largest(picture))
        except FaceNotFound:
            continue
        pictures.append(picture)
        kept.append(sample)
    template = mean_shape(np.stack([face.landmarks for face in faces]))
    aligned = [_stand_in(p, f.landmarks, template) for p, f in zip(pictures, faces, strict=True)]
    openings = np.array([gallery.lid_opening(face.landmarks) for face in faces])
    gallery.write(out, np.stack(aligned), template, openings, kept)


def _stand_in(picture: np.ndarray, landmarks: np.ndarray, template: np.ndarray) -> np.ndarray:
    matrix = placing(landmarks, template)
    return spread(cut(picture, landmarks, template), moved(landmarks, matrix).astype(np.float32))


def _draw(sample: str) -> np.ndarray:
    from medbench.suites.mini.render import render
    from medbench.suites.mini.splits import scene_of

    return render(*scene_of(sample)).image


def _largest(picture: np.ndarray) -> Face:
    import torch

    return find_faces(torch.from_numpy(picture).permute(2, 0, 1).float() / 255)[0]


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else gallery.PATH, pick())
