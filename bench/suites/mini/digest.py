"""Notice drift: what 24 samples looked like when the suite was frozen, kept in digest.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

import cv2
import numpy as np

from medbench.suites.mini.identity import VERSION
from medbench.suites.mini.render import render
from medbench.suites.mini.splits import scene_of

#: every disease, three severities, three splits
SAMPLES = tuple(
    f"{split}-{subject:04d}-{shot}"
    for split, subject in (("train", 7), ("select", 41), ("val", 128))
    for shot in range(8)
)
TOLERANCE_GREY = 1.0
TOLERANCE_PIXELS = 0.1
_CELLS = 8


@dataclass(frozen=True)
class Drift:
    """How far one sample is from the frozen one: grey levels of 8 x 8 means, and pixels of landmarks."""

    sample_id: str
    grey: float
    pixels: float

    @property
    def within(self) -> bool:
        """Whether the sample still is what figures of this version were measured on."""
        return self.grey <= TOLERANCE_GREY and self.pixels <= TOLERANCE_PIXELS


def look(sample_id: str) -> dict[str, list[float]]:
    """Means of 8 x 8 cells (192 values, RGB) and 68 landmarks (136 values) of a freshly drawn sample."""
    drawn = render(*scene_of(sample_id))
    means = cv2.resize(drawn.image.astype(np.float32), (_CELLS, _CELLS), interpolation=cv2.INTER_AREA)
    looks = {"means": means, "landmarks": drawn.landmarks}
    return {key: value.astype(float).round(1).ravel().tolist() for key, value in looks.items()}


def freeze() -> str:
    """The text of digest.json for the renderer as it is."""
    return json.dumps({"version": VERSION, "samples": {name: look(name) for name in SAMPLES}}) + "\n"


def check_digest(samples: tuple[str, ...] = SAMPLES) -> list[Drift]:
    """Draw ``samples`` afresh and compare them with the committed digest."""
    frozen = files("medbench.suites.mini").joinpath("digest.json")
    kept = json.loads(frozen.read_text(encoding="utf-8"))["samples"]
    drifts = []
    for name in samples:
        seen = look(name)
        gap = {key: float(np.abs(np.subtract(seen[key], kept[name][key])).max()) for key in seen}
        drifts.append(Drift(name, gap["means"], gap["landmarks"]))
    return drifts
