"""How many images each class has, and labels that no class is called by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from medbench.core import DISEASES
from medbench.inspection.finding import Finding
from medbench.inspection.look import Looked

#: From this ratio of the largest to the smallest class on, the balance is worth a word.
UNEVEN = 10


def class_counts(looked: Sequence[Looked]) -> dict[str, dict[str, int]]:
    """Images by split and disease; a disease that is not known counts as ``unknown``."""
    counts: dict[str, Counter[str]] = {}
    for one in looked:
        counts.setdefault(one.split, Counter())[one.disease or "unknown"] += 1
    return {split: dict(sorted(found.items())) for split, found in counts.items()}


def balance(looked: Sequence[Looked], classes: Sequence[str]) -> list[Finding]:
    """Classes of the card without an image (wanting), uneven classes and strange words (notes)."""
    found = []
    strange = sorted({one.disease for one in looked if one.disease and one.disease not in DISEASES})
    if strange:
        text = f"{', '.join(strange)}: none of the classes that the diagnosis network knows"
        found.append(Finding("labels", "note", text, f"known are {', '.join(DISEASES)}"))
    for split, counts in class_counts(looked).items():
        named = {name: n for name, n in counts.items() if name != "unknown"}
        lacking = [name for name in classes if name not in named]
        if lacking:
            text = f"{split} has no image of {', '.join(lacking)}"
            found.append(Finding("classes", "wanting", text, "add some, or check the folders' names"))
        if named and counts.get("unknown", 0) > 0:
            text = f"{counts['unknown']} of {sum(counts.values())} images of {split} have no disease"
            found.append(Finding("labels", "note", text, "fill in the column disease"))
        if len(named) > 1 and max(named.values()) >= UNEVEN * min(named.values()):
            most, fewest = max(named.values()), min(named.values())
            text = f"{split} is uneven: {most} images of one class, {fewest} of another"
            found.append(Finding("balance", "note", text, "read the class figures, not the share of all"))
    return found
