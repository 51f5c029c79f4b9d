"""Read samples and gather those of one size, so that a batch can be stacked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from medbench.core import MedbenchError, Unavailable
from medbench.quarantine import Quarantined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from medbench.core import Sample
    from medbench.suites.suite import Suite

#: Most samples, and most pixels of all of them, in a group: a large photograph goes alone.
MOST_SAMPLES, MOST_PIXELS = 32, 32 * 512 * 512


@dataclass(frozen=True)
class Group:
    """Consecutive samples of one size: ids, uint8 images (B, H, W, 3), tumour masks (H, W) where known."""

    ids: tuple[str, ...]
    images: np.ndarray
    masks: tuple[np.ndarray | None, ...]


def read(suite: Suite, split: str, ids: Sequence[str], quarantined: list[Quarantined]) -> Iterator[Sample]:
    """Yield the samples that can be read; the others go to ``quarantined`` with the reason."""
    for sample_id in ids:
        try:
            sample = suite.read(split, sample_id)
        except Unavailable:
            raise
        except MedbenchError as error:
            quarantined.append(Quarantined.from_error(sample_id, error))
        else:
            yield sample


def groups(samples: Iterable[Sample]) -> Iterator[Group]:
    """Gather consecutive samples of one size."""
    held: list[Sample] = []
    for sample in samples:
        shape = sample.image.shape
        area = (len(held) + 1) * shape[0] * shape[1]
        if held and (shape != held[0].image.shape or len(held) >= MOST_SAMPLES or area > MOST_PIXELS):
            yield _stack(held)
            held = []
        held.append(sample)
    if held:
        yield _stack(held)


def _stack(held: Sequence[Sample]) -> Group:
    ids, masks = tuple(s.id for s in held), tuple(s.truth.get("mask") for s in held)
    return Group(ids, np.stack([s.image for s in held]), masks)
