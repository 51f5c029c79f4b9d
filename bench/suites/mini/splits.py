"""Splits and sample ids: which subject, shot, disease and severity an id stands for."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

import numpy as np

from medbench.core import DISEASES, MedbenchError
from medbench.suites.mini.identity import VERSION, Identity, identity
from medbench.suites.mini.numeric import generator
from medbench.suites.mini.scene import Scene, scene

_STREAM = 303
SHOTS = len(DISEASES)


@dataclass(frozen=True)
class Split:
    """A range of subject numbers; each subject shows every disease once."""

    name: str
    offset: int
    subjects: int


SPLITS = {s.name: s for s in (Split("train", 0, 750), Split("select", 1000, 100), Split("val", 2000, 200))}


@dataclass(frozen=True)
class Assignment:
    """What a sample id stands for."""

    split: str
    subject: int
    shot: int
    disease: str
    grade: int


def split_named(name: str) -> Split:
    """The split, or an error that lists them."""
    if name not in SPLITS:
        raise MedbenchError(f"mema-mini has no split {name!r}; choose one of {', '.join(SPLITS)}")
    return SPLITS[name]


def sample_ids(split: str) -> list[str]:
    """All ids of a split, in order."""
    subjects = split_named(split).subjects
    return [f"{split}-{subject:04d}-{shot}" for subject in range(subjects) for shot in range(SHOTS)]


@functools.lru_cache(maxsize=4096)
def _order(subject: int) -> tuple[int, ...]:
    return tuple(
        int(i) for i in np.argsort(generator(VERSION, _STREAM, subject).uniform(0, 1, SHOTS), kind="stable")
    )


def parse(sample_id: str) -> Assignment:
    """What ``sample_id`` stands for; MedbenchError where there is no such sample."""
    found = re.fullmatch(r"([a-z]+)-(\d{4})-([0-7])", sample_id)
    if not found or found[1] not in SPLITS or int(found[2]) >= SPLITS[found[1]].subjects:
        raise MedbenchError(f"mema-mini has no sample {sample_id!r}; ids look like val-0012-3")
    index, shot = int(found[2]), int(found[3])
    subject = SPLITS[found[1]].offset + index
    which = _order(subject)[shot]
    return Assignment(found[1], subject, shot, DISEASES[which], (index + which) % 3)


def scene_of(sample_id: str) -> tuple[Identity, Scene]:
    """Identity and scene of a sample."""
    a = parse(sample_id)
    return identity(a.subject), scene(a.subject, a.shot, a.disease, a.grade)
