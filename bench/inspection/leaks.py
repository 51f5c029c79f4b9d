"""People who are in two splits: what was learned or chosen on one is then not new on the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from medbench.inspection.finding import Finding
from medbench.inspection.look import Looked


def leaking_subjects(looked: Sequence[Looked]) -> list[Finding]:
    """Subjects with images in more than one split; a note where no subject is known."""
    where: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in looked:
        if one.subject is not None:
            where[one.subject][one.split].append(one.name)
    if not where:
        text = "no subject is known: people in two splits cannot be noticed, every image counts as a person"
        return [Finding("subjects", "note", text, "add the column subject to labels.csv")]
    found = []
    for subject, splits in where.items():
        if len(splits) > 1:
            names = tuple(names[0] for names in splits.values())
            text = f"the subject {subject} is in the splits {', '.join(sorted(splits))}"
            found.append(Finding("leaks", "wanting", text, "put a person's images into one split", names))
    return found
