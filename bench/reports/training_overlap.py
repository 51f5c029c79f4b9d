"""Was a method trained on what it is measured on? From its card and the suite's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from medbench.result import Result

#: ``split``: the measured images may be among the training images. ``suite``: another split of the
#: same suite. ``none``: the card names other data, or none.
Overlap = Literal["none", "suite", "split"]


def training_overlap(training_data: Sequence[str], suite: str, split: str) -> Overlap:
    """How near a method's training data come to what it is measured on.

    Args:
        training_data: the method card's, each ``suite/split``, or ``suite`` where all of it was used.
        suite: the measured suite's name.
        split: its split.
    """
    found: Overlap = "none"
    for data in training_data:
        name, _, part = data.partition("/")
        if name == suite and part in ("", split):
            return "split"
        if name == suite:
            found = "suite"
    return found


def overlap_lines(results: Sequence[Result]) -> list[str]:
    """A warning that names the methods trained on the measured split, a note on those on another one."""
    found: dict[Overlap, dict[str, None]] = {"split": {}, "suite": {}, "none": {}}
    for result in results:
        data = result.method.card.get("training_data", ())
        kind = training_overlap(data, result.suite.name, result.suite.split)
        found[kind][f"{result.method.name} ({', '.join(data)})"] = None
    lines = []
    if found["split"]:
        lines.append(f"warning: trained on the images that are measured: {', '.join(found['split'])}")
    if found["suite"]:
        lines.append(f"note: trained on another split of the measured suite: {', '.join(found['suite'])}")
    return lines
