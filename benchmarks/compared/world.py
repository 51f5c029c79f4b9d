"""Seeded numbers that all cases look at: people, diseases, faces, points, as evaluators would give them."""

from __future__ import annotations

import functools
import hashlib

import numpy as np
import pandas as pd

from medbench.core import DISEASES, Estimate, Seen
from medbench.metrics.metric import Metric
from medbench.metrics.statistics.resample import Resampler

SUBJECTS, IMAGES = 40, 6
N = SUBJECTS * IMAGES
OWNER = np.repeat(np.arange(SUBJECTS), IMAGES)
THRESHOLD, MARGIN, SLOPE, OFFSET = 1.1, 0.05, 9.0, 0.5


def generator(*names: str) -> np.random.Generator:
    """A generator seeded by names."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256("/".join(names).encode()).digest(), "big"))


@functools.cache
def world() -> Seen:
    """All roles and truth columns that the metrics ask for; every sample protected, all seen."""
    rng = generator("compared")
    codes = rng.integers(0, len(DISEASES), N)
    people, others = rng.normal(size=(2, SUBJECTS, 16)) * 0.3
    points = rng.uniform(60, 200, (N, 68, 2))
    centres = {
        "original": (people, 0.3, 0.9),
        "protected": (0.6 * people + 0.5 * others, 0.2, 0.75),
        "restored": (people, 0.2, 0.85),
        "same_key": (others, 0.15, 0.75),
    }
    roles = {name: _role(rng, points, codes, *given) for name, given in centres.items()}
    roles["restored_unrounded"] = {"psnr": roles["restored"]["psnr"] + 0.5}
    person = pd.DataFrame(
        {
            "age": rng.uniform(18, 85, SUBJECTS),
            "sex": rng.choice(["F", "M"], SUBJECTS),
            "tone_group": rng.choice(["light", "medium", "dark"], SUBJECTS),
        }
    )
    truth = pd.DataFrame(
        {
            "id": [f"w{i:03d}" for i in range(N)],
            "subject": [f"p{s:02d}" for s in OWNER],
            "disease": np.array(DISEASES)[codes],
            "side": rng.choice(["R", "L"], N),
            "mrd1_right": rng.normal(4, 1, N),
            "mrd1_left": rng.normal(4, 1, N),
        }
    ).join(person.iloc[OWNER].reset_index(drop=True))
    tried = pd.DataFrame(
        {
            "id": rng.choice(truth["id"], 300),
            "attempt": np.arange(300),
            "distance": rng.uniform(0.5, 2.5, 300),
            "psnr": rng.uniform(8, 20, 300),
            "psnr_right": rng.uniform(8, 33, 300),
        }
    )
    frozen = {
        "identity_threshold": THRESHOLD,
        "margin_diagnosis": MARGIN,
        "mrd1_slope": SLOPE,
        "mrd1_offset": OFFSET,
    }
    return Seen(tuple(truth["id"]), truth, roles, np.zeros(N, dtype=bool), frozen, tried)


def _role(
    rng: np.random.Generator,
    points: np.ndarray,
    codes: np.ndarray,
    centres: np.ndarray,
    noise: float,
    skill: float,
) -> dict[str, np.ndarray]:
    told = rng.dirichlet(np.ones(len(DISEASES)), N)
    right = rng.random(N) < skill
    told[right] = 0.3 * told[right] + 0.7 * np.eye(len(DISEASES))[codes[right]]
    faces = centres[OWNER] + rng.normal(size=(N, 16)) * noise
    truth = np.where(codes < 2, 40.0 + codes * 7, 0.0)
    both = np.floor(truth * rng.random(N))
    marked = both + rng.integers(0, 20, N) * (rng.random(N) < 0.6)
    distance = np.where(truth > 0, rng.uniform(0, 9, N), np.nan)
    return {
        "identity": faces,
        "identity_eyes": faces[:, :8] + rng.normal(size=(N, 8)) * 0.1,
        "identity_iris": faces[:, 8:] + rng.normal(size=(N, 8)) * 0.1,
        "inception": rng.normal(size=(N, 12)) * (1 + noise),
        "diagnosis": told,
        "landmarks": points + rng.normal(size=points.shape) * noise * 20,
        "mtcnn_points": points[:, :5] + rng.normal(size=(N, 5, 2)) * noise * 20,
        "iris": points[:, :2] + rng.normal(size=(N, 2, 2)) * noise * 20,
        "gaze": rng.normal(size=(N, 2)) * 10,
        "detected": rng.random(N) < 0.9,
        "mtcnn_detected": rng.random(N) < 0.95,
        "psnr": rng.normal(25, 2, N),
        "ssim": rng.uniform(0.7, 1, N),
        "perceptual_mini": rng.uniform(0, 1, N),
        "lpips": rng.uniform(0, 1, N),
        "age": rng.normal(50, 15, (N, 1)),
        "sex": rng.dirichlet(np.ones(2), N),
        "ethnicity": rng.dirichlet(np.ones(6), N),
        "side": rng.random((N, 1)),
        "tumour_overlap": np.stack([marked, truth, both, distance], axis=1),
    }


@functools.cache
def estimates(metric: type[Metric]) -> dict[str, Estimate]:
    """A metric's estimates of the world, by group."""
    return {one.group: one for one in metric().estimates(world(), Resampler(("compared",), draws=50))}


def value(metric: type[Metric], group: str = "all") -> float:
    """One figure of the world."""
    return estimates(metric)[group].value


def column(path: str) -> np.ndarray:
    """A column of the world."""
    return world().column(path)


def truth_codes() -> np.ndarray:
    """Codes of the diseases (N,)."""
    return np.array([DISEASES.index(name) for name in column("truth.disease")])


def told(role: str) -> np.ndarray:
    """Codes of the likeliest diseases (N,) in a role."""
    return column(f"{role}.diagnosis").argmax(axis=1)
