"""All checks of a suite in one report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from medbench.inspection.balance import balance, class_counts
from medbench.inspection.broken import blank, unreadable
from medbench.inspection.duplicates import exact_duplicates, near_duplicates
from medbench.inspection.finding import Finding
from medbench.inspection.leaks import leaking_subjects
from medbench.inspection.look import Looked, look

if TYPE_CHECKING:
    from medbench.progress import Progress
    from medbench.suites.suite import Suite

#: Bits of 256 in which two pictures that count as alike may differ.
NEAR = 12


@dataclass(frozen=True)
class Inspection:
    """What was found in a suite; ``sound`` if nothing must be mended."""

    suite: str
    images: dict[str, int]
    subjects: dict[str, int]
    classes: dict[str, dict[str, int]]
    statistics: dict[str, dict[str, Any]]
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """No finding is wanting."""
        return not any(finding.weight == "wanting" for finding in self.findings)

    def document(self) -> dict[str, Any]:
        """As JSON. It names files, so it is for the user, not for publication."""
        return {**asdict(self), "sound": self.sound}


def inspect(
    suite: Suite, splits: Sequence[str], progress: Progress, near: int = NEAR, limit: int | None = None
) -> Inspection:
    """Look at the images of ``splits`` and ask every question.

    Args:
        suite: any suite.
        splits: which of its splits.
        progress: hears of every image.
        near: bits of 256 in which pictures that look alike may differ; 0 does not ask.
        limit: at most so many images of each split.
    """
    looked = look(suite, splits, progress, limit)
    findings = [
        *unreadable(looked),
        *blank(looked),
        *exact_duplicates(looked),
        *leaking_subjects(looked),
        *near_duplicates(looked, near),
        *balance(looked, [] if limit else suite.card.classes),
    ]
    by_split = {split: [one for one in looked if one.split == split] for split in splits}
    return Inspection(
        suite=suite.card.name,
        images={split: len(some) for split, some in by_split.items()},
        subjects={split: len({one.subject for one in some} - {None}) for split, some in by_split.items()},
        classes=class_counts(looked),
        statistics={split: image_statistics(some) for split, some in by_split.items()},
        findings=tuple(sorted(findings, key=lambda finding: finding.weight == "note")),
    )


def image_statistics(looked: Sequence[Looked]) -> dict[str, Any]:
    """Sizes in pixels, brightness and contrast (grey levels, 0 … 255) of the readable images."""
    some = [one for one in looked if not one.trouble]
    if not some:
        return {}
    sizes = Counter(f"{one.width} x {one.height}" for one in some)
    return {
        "readable": len(some),
        "sizes": dict(sizes.most_common(5)),
        "different_sizes": len(sizes),
        "shorter_side": _range([min(one.width, one.height) for one in some]),
        "brightness": _range([one.level for one in some]),
        "contrast": _range([one.spread for one in some]),
    }


def _range(values: Sequence[float]) -> dict[str, float]:
    low, middle, high = np.percentile(values, (0, 50, 100))
    return {"least": round(float(low), 1), "median": round(float(middle), 1), "most": round(float(high), 1)}
