"""Fit the maps from a picture to the mask's parameters, in closed form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from medbench.core import FaceNotFound
from medbench.methods.digital_mask.eye_look import eye_crops
from medbench.methods.digital_mask.motion import Fit, shape, truth
from medbench.methods.face_region import find_faces
from medbench.methods.training.job import Job
from medbench.suites.mini.splits import scene_of

#: Pictures that the maps are fitted on, evenly over the split.
PICTURES = 3000


def train(job: Job, pictures: int = PICTURES) -> Path:
    """Fit on the train split of mema-mini; writes and returns ``out/mini.safetensors``."""
    job.require_renderer("digital-mask is fitted to what a renderer knows")
    suite, progress = job.suite, job.progress
    ids = list(suite.index("train")["id"])
    ids = ids[:: max(1, len(ids) // pictures)]
    suite.prepare("train", ids)
    shapes, crops, faces, eyes = [], [], [], []
    progress.phase("landmarks", len(ids))
    for name in ids:
        progress.advance()
        pixels = suite.read("train", name).image.astype(np.float32) / 255
        try:
            landmarks = find_faces(torch.from_numpy(pixels).permute(2, 0, 1))[0].landmarks
        except FaceNotFound:
            continue
        face, pair = truth(*scene_of(name))
        shapes.append(shape(landmarks))
        crops.append(eye_crops(pixels, landmarks))
        faces.append(face)
        eyes.append(pair)
    fit = Fit.fitted(np.stack(shapes), np.concatenate(crops), np.stack(faces), np.concatenate(eyes))
    fit.save(job.out / "mini.safetensors")
    return job.out / "mini.safetensors"
