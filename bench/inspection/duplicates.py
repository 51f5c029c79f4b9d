"""The same picture twice, to the pixel or nearly so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from medbench.inspection.finding import Finding
from medbench.inspection.look import Looked
from medbench.inspection.perceptual import alike

#: Pictures flatter than this (grey levels) have no hash worth comparing.
FLAT = 2.0


def exact_duplicates(looked: Sequence[Looked]) -> list[Finding]:
    """Pictures with the same pixels: wanting always, worst where they stand in two splits."""
    groups: dict[str, list[Looked]] = defaultdict(list)
    for one in looked:
        if one.content:
            groups[one.content].append(one)
    found = []
    for group in groups.values():
        if len(group) > 1:
            splits = sorted({one.split for one in group})
            words = {one.disease for one in group}
            where = f"in the splits {', '.join(splits)}" if len(splits) > 1 else f"in {splits[0]}"
            unlike = ", with different diseases" if len(words) > 1 else ""
            text = f"{len(group)} pictures with the same pixels {where}{unlike}"
            names = tuple(one.name for one in group)
            found.append(Finding("duplicates", "wanting", text, "keep one of them", names))
    return found


def near_duplicates(looked: Sequence[Looked], most: int) -> list[Finding]:
    """Pictures that look alike: wanting across splits, a note within one.

    Pictures of one subject within a split are left out, since shots of a person in one pose are
    meant to be alike; so are exact duplicates and flat pictures.
    """
    kept = [one for one in looked if one.bits is not None and one.spread >= FLAT]
    if most < 1 or len(kept) < 2:
        return []
    found = []
    for i, j, apart in alike(np.stack([one.bits for one in kept if one.bits is not None]), most):
        first, second = kept[i], kept[j]
        same_person = first.subject is not None and first.subject == second.subject
        if first.content == second.content or (same_person and first.split == second.split):
            continue
        across = first.split != second.split
        text = f"two pictures look alike ({apart} of 256 bits differ)"
        text += f", in the splits {first.split} and {second.split}" if across else f", in {first.split}"
        remedy = "look at both; keep one, or put both into one split"
        names = (first.name, second.name)
        found.append(Finding("near-duplicates", "wanting" if across else "note", text, remedy, names))
    return found
