"""Wanted swaps, which only a renderer can give: the scene of a training picture with another person in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from medbench.methods.classical.alignment import SIDE, moved, spread, warped
from medbench.methods.inner_face import inner_blend
from medbench.methods.simswap.alignment import into_crop
from medbench.methods.training.seeds import generator
from medbench.suites.mini import draw
from medbench.suites.mini.identity import identity
from medbench.suites.mini.render import Rendered, render
from medbench.suites.mini.splits import sample_ids, scene_of

#: People of the gallery: virtual persons whose subject numbers no split and no other method uses.
PEOPLE, FIRST = 24, 920_000
#: Training pictures that each of them is put into.
SCENES = 64
#: dlib finds a face's points a little off the truth: standard deviation in pixels.
_UNSURE = 1.0


def draw_pairs(out: Path, people: int = PEOPLE, scenes: int = SCENES) -> np.ndarray:
    """Draw the pairs of each person, or find them in ``out``.

    Returns:
        uint8 crops (people, scenes, 3, 128, 128, 3): the patient, the wanted swap, and the person as
        the renderer shows them.
    """
    out.mkdir(parents=True, exist_ok=True)
    files = [out / f"person-{person:02d}.npy" for person in range(people)]
    for person, file in enumerate(files):
        if not file.is_file():
            draft = file.with_name(f".{file.name}")
            np.save(draft, _person(person, scenes))
            draft.replace(file)
    return np.stack([np.load(file) for file in files])


def scenes_of(person: int, count: int) -> list[str]:
    """The training pictures that a person is put into."""
    ids = sample_ids("train")
    return [ids[i] for i in generator("simswap", "scenes", person).permutation(len(ids))[:count]]


def _person(person: int, count: int) -> np.ndarray:
    who = identity(FIRST + person)
    return np.stack([crops(name, render(who, scene_of(name)[1])) for name in scenes_of(person, count)])


def crops(name: str, other: Rendered) -> np.ndarray:
    """Patient, wanted swap and other person of one training picture: uint8 (3, 128, 128, 3)."""
    picture, _, landmarks = draw.load(name)
    unsure = generator("simswap", "points", name).normal(0, _UNSURE, (2, 68, 2))
    own, others = into_crop(landmarks + unsure[0]), into_crop(other.landmarks + unsure[1])
    target, source = warped(picture, own), warped(other.image, others)
    swapped = spread(source, moved(other.landmarks, others).astype(np.float32)).astype(np.float32)
    weight = inner_blend(moved(landmarks, own).astype(np.float32), SIDE, SIDE)[..., None]
    # The patient's complexion and light, as the paper's swaps keep them.
    gain = (weight * target).sum((0, 1)) / (weight * swapped).sum((0, 1))
    wanted = target + weight * (swapped * gain - target)
    return np.stack([target, wanted.round().clip(0, 255).astype(np.uint8), source])
