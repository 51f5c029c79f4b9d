"""Small worlds of embeddings, diagnoses and points that the metric tests look at."""

from __future__ import annotations

import numpy as np
import pandas as pd

from medbench.core import DISEASES, Seen


def seen_of(subjects=30, images=6, failed=(), order=None, with_subject=True):
    """A Seen with all roles: noisy people, of whom protection leaves a trace. Deterministic."""
    rng = np.random.default_rng([subjects, images])
    n = subjects * images
    owner = np.repeat(np.arange(subjects), images)
    people, others = rng.normal(size=(2, subjects, 16)) * 0.2
    truth_code = rng.integers(0, 8, n)
    points = rng.uniform(60, 200, (n, 68, 2))

    def role(centre, noise, skill):
        return {
            "identity": centre[owner] + rng.normal(size=(n, 16)) * noise,
            "diagnosis": _guess(rng, truth_code, skill),
            "landmarks": points + rng.normal(size=points.shape) * noise * 20,
            "gaze": rng.normal(size=(n, 2)) * 10,
            "detected": rng.random(n) < 0.9,
            "mtcnn_detected": rng.random(n) < 0.95,
            "psnr": rng.normal(25, 2, n),
            "ssim": rng.uniform(0.7, 1, n),
            "tumour_overlap": _overlaps(truth_code, skill),
            **_distances(n, noise),
            **_portrait(owner, skill),
        }

    roles = {
        "original": role(people, 0.1, 0.9),
        "protected": role(0.4 * people + others, 0.15, 0.8),
        "restored": role(people, 0.19, 0.85),
        "restored_unrounded": {"psnr": np.random.default_rng(7).normal(40, 2, n)},
        "same_key": role(others, 0.1, 0.8),
    }
    roles["protected"]["identity"][rng.random(n) < 0.05] = np.nan
    at = np.arange(n) if order is None else np.asarray(order)
    ids = np.array([f"s{i:04d}" for i in range(n)])
    truth = pd.DataFrame(
        {"id": ids, "subject": [f"p{s:03d}" for s in owner], "disease": [DISEASES[c] for c in truth_code]}
    )
    truth = pd.concat([truth, _person(owner)], axis=1)
    truth = truth if with_subject else truth.drop(columns="subject")
    mask = np.zeros(n, dtype=bool)
    mask[list(failed)] = True
    tried = pd.DataFrame(
        {
            "id": rng.choice(ids, 300),
            "attempt": np.arange(300),
            "distance": rng.uniform(0.3, 2, 300),
            "psnr": rng.uniform(8, 20, 300),
            "psnr_right": rng.uniform(8, 32, 300),
        }
    )
    return Seen(
        ids=tuple(ids[at]),
        truth=truth.iloc[at].reset_index(drop=True),
        roles={name: {column: v[at] for column, v in columns.items()} for name, columns in roles.items()},
        failed=mask[at],
        calibration={
            "identity_threshold": 0.9,
            "margin_diagnosis": 0.05,
            "mrd1_slope": 9.0,
            "mrd1_offset": 0.5,
        },
        wrong_keys=tried,
    )


def _guess(rng, codes, skill):
    guesses = rng.dirichlet(np.ones(8), len(codes))
    right = rng.random(len(codes)) < skill
    guesses[right] = 0.01
    guesses[np.flatnonzero(right), codes[right]] = 0.93
    return guesses


def _distances(n, noise):
    """Perceptual distances; draws of their own leave the other columns as they were."""
    rng = np.random.default_rng([n, round(100 * noise)])
    return {"perceptual_mini": rng.uniform(0, 0.5, n), "lpips": rng.uniform(0, 0.8, n)}


def _overlaps(codes, skill):
    """Marked, true and shared pixels, and HD95; draws of its own leave the other columns as they were."""
    rng = np.random.default_rng([len(codes), round(100 * skill)])
    ill = np.isin(codes, (DISEASES.index("BCC"), DISEASES.index("SCC")))
    truth = np.where(ill, 20 + 5 * codes, 0)
    both = np.floor(truth * rng.uniform(0, 1, len(codes)) * (rng.random(len(codes)) < skill))
    marked = both + np.floor(rng.uniform(0, 20, len(codes)) * (rng.random(len(codes)) < 0.5))
    distance = np.where(ill, rng.uniform(0, 30, len(codes)), np.nan)
    return np.stack([marked, truth, both, distance], axis=1).astype(float)


def _portrait(owner, skill):
    """What evaluators of age, sex, side, iris and eye region see; draws of its own, as above."""
    rng = np.random.default_rng([len(owner), round(100 * skill), 7])
    n = len(owner)
    eyes = np.random.default_rng(len(owner)).normal(size=(owner.max() + 1, 12)) * 0.3
    return {
        "age": rng.normal(50, 15, (n, 1)),
        "sex": rng.dirichlet(np.ones(2), n),
        "ethnicity": rng.dirichlet(np.ones(6), n),
        "side": rng.random((n, 1)),
        "mtcnn_points": rng.uniform(60, 200, (n, 5, 2)),
        "iris": rng.uniform(60, 200, (n, 2, 2)),
        "inception": rng.normal(size=(n, 8)) + skill,
        "identity_eyes": eyes[owner] + rng.normal(size=(n, 12)) * (1 - skill),
        "identity_iris": eyes[owner] + rng.normal(size=(n, 12)) * 2 * (1 - skill),
    }


def _person(owner):
    """Truth of each image beside its disease: side, age, sex, tone and lid heights."""
    rng = np.random.default_rng([len(owner), 11])
    people = owner.max() + 1
    age, male, tone = rng.uniform(18, 85, people), rng.random(people) < 0.5, rng.integers(0, 3, people)
    return pd.DataFrame(
        {
            "side": np.where(rng.random(len(owner)) < 0.5, "R", "L"),
            "age": age[owner],
            "sex": np.where(male, "M", "F")[owner],
            "tone_group": np.array(["light", "medium", "dark"])[tone[owner]],
            "mrd1_right": rng.normal(4, 1, len(owner)),
            "mrd1_left": rng.normal(4, 1, len(owner)),
        }
    )


def subject_loop(seen, statistic, resampler):
    """Percentile interval by a plain loop: rows of the drawn subjects are put together again."""
    names, codes = np.unique(seen.truth["subject"], return_inverse=True)
    rows = [np.flatnonzero(codes == c) for c in range(len(names))]
    found = []
    for counts in resampler.counts(len(names)):
        drawn = np.concatenate([np.tile(rows[c], int(k)) for c, k in enumerate(counts)])
        found.append(statistic(drawn))
    return np.nanquantile(found, [0.025, 0.975])
