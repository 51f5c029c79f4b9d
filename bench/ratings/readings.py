"""Checked grades as arrays: image by grader, for every arm and question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from medbench.core import MedbenchError
from medbench.metrics.statistics.clusters import Clusters
from medbench.metrics.statistics.raters import majority
from medbench.ratings.check import Checked
from medbench.ratings.design import Coded
from medbench.ratings.question import Question
from medbench.ratings.study import ORIGINAL


@dataclass(frozen=True)
class Readings:
    """``grades[question][arm]`` is int (images, graders): the grade's place among the question's grades."""

    questions: tuple[Question, ...]
    graders: tuple[str, ...]
    arms: tuple[str, ...]
    subjects: tuple[str, ...]
    grades: Mapping[str, Mapping[str, np.ndarray]]

    def vote(self, question: Question, arm: str) -> np.ndarray:
        """What most graders said of each image: (images,); -1 where the first place is shared."""
        return majority(self.grades[question.name][arm], len(question.grades))

    @property
    def clusters(self) -> Clusters:
        """Whose each image is."""
        names, codes = np.unique(np.array(self.subjects), return_inverse=True)
        return Clusters(codes, len(names), "subject")


def arrange(
    checked: Checked, key: Mapping[str, Coded], questions: tuple[Question, ...], graders: tuple[str, ...]
) -> Readings:
    """Lay out the grades by image; the originals' arm comes first.

    Raises:
        MedbenchError: a sheet is faulty, a code is not in the key, or there is no original.

    """
    checked.refuse()
    unknown = sorted({code for _, code in checked.grades} - set(key))
    if unknown:
        raise MedbenchError(f"the key lacks the code {unknown[0]}; give the key of this study")
    arms = tuple(dict.fromkeys(one.arm for one in key.values()))
    if ORIGINAL not in arms or len(arms) < 2:
        raise MedbenchError(f"the arms are {', '.join(arms)}; one must be {ORIGINAL!r}, and one a protection")
    arms = (ORIGINAL, *sorted(set(arms) - {ORIGINAL}))
    subjects = {one.image: one.subject for one in key.values()}
    images = sorted(subjects)
    code_of = {(one.image, one.arm): one.code for one in key.values()}
    grades: dict[str, dict[str, np.ndarray]] = {}
    for number, question in enumerate(questions):
        place = {grade: i for i, grade in enumerate(question.grades)}
        grades[question.name] = {
            arm: np.array(
                [[place[checked.grades[g, code_of[i, arm]][number]] for g in graders] for i in images]
            )
            for arm in arms
        }
    return Readings(questions, graders, arms, tuple(subjects[image] for image in images), grades)
