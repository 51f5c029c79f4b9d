"""Pairs that only a renderer can give: the scene of a training image, with a virtual person in it.

For a password that stands for person b, the wanted protected picture of X is the same pose, light,
gaze and disease on b. Two persons per scene give the wanted face for the right password and for a
wrong one.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from medbench.methods.face_region import eye_points
from medbench.methods.virtual_heads.people import PEOPLE, PERSONS
from medbench.suites.mini import draw
from medbench.suites.mini.identity import identity
from medbench.suites.mini.render import render
from medbench.suites.mini.splits import sample_ids, scene_of

_CELL = 4
_COLUMNS = {
    "pixels": ((256, 256, 3), np.uint8),
    "uv": ((2, 64, 64), np.float16),
    "head": ((64, 64), np.uint8),
    "eyes": ((2, 2), np.float16),
}


@dataclass(frozen=True)
class Pairs:
    """Memory-mapped targets: arrays (N, 2, ...) over training images and their two persons.

    ``own`` (N, 2, 2) are the eye centres of the training images themselves.
    """

    pixels: np.ndarray
    uv: np.ndarray
    head: np.ndarray
    eyes: np.ndarray
    person: np.ndarray
    own: np.ndarray


def persons_of(count: int) -> np.ndarray:
    """Two different virtual persons for each of ``count`` training images: (count, 2)."""
    rng = np.random.default_rng(np.random.SeedSequence([20251, count]))
    first = rng.integers(PEOPLE, size=count)
    return np.stack([first, (first + 1 + rng.integers(PEOPLE - 1, size=count)) % PEOPLE], axis=1)


def draw_pairs(out: Path, limit: int | None = None, workers: int | None = None) -> Pairs:
    """Draw (or find already drawn) the targets of the train split in folder ``out``."""
    ids = sample_ids("train")[:limit]
    person = persons_of(len(ids))
    out.mkdir(parents=True, exist_ok=True)
    for name, (shape, dtype) in _COLUMNS.items():
        file = out / f"{name}.npy"
        if not file.exists():
            np.lib.format.open_memmap(file, "w+", dtype, (len(ids), 2, *shape))
    jobs = [(out, b, np.argwhere(person == b), ids) for b in range(PEOPLE) if not _mark(out, b).exists()]
    with ProcessPoolExecutor(workers or os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for _ in pool.map(_draw_person, jobs):
            pass
    columns = {name: np.load(out / f"{name}.npy", mmap_mode="r") for name in _COLUMNS}
    return Pairs(**columns, person=person, own=_own_eyes(out / "own.npy", ids))


def _own_eyes(file: Path, ids: list[str]) -> np.ndarray:
    if not file.exists():
        np.save(file, np.stack([eye_points(draw.load(name)[2]) for name in ids]).astype(np.float32))
    return np.load(file)


def _mark(out: Path, person: int) -> Path:
    return out / f"person-{person:02d}.drawn"


def _draw_person(job: tuple[Path, int, np.ndarray, list[str]]) -> None:
    out, person, places, ids = job
    who = identity(PERSONS[person])
    columns = {name: np.load(out / f"{name}.npy", mmap_mode="r+") for name in _COLUMNS}
    for row, which in places:
        drawn = render(who, scene_of(ids[row])[1], correspondence=True)
        if drawn.uv is None or drawn.alpha is None:
            raise ValueError("render() was not asked for correspondence")
        cells = drawn.uv.reshape(64, _CELL, 64, _CELL, 2)
        counted = np.isfinite(cells[..., 0]).sum((1, 3))
        with np.errstate(invalid="ignore", divide="ignore"):
            uv = np.nansum(cells, axis=(1, 3)) / counted[..., None]
        columns["pixels"][row, which] = drawn.image
        columns["uv"][row, which] = uv.transpose(2, 0, 1)
        columns["head"][row, which] = (drawn.alpha.reshape(64, _CELL, 64, _CELL).mean((1, 3)) * 255).round()
        columns["eyes"][row, which] = eye_points(drawn.landmarks)
    for column in columns.values():
        column.flush()
    _mark(out, person).touch()
