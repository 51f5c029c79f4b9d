"""Graders who are no people: they know a suite's truth and err at rates that are written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from medbench.core import DISEASES
from medbench.ratings.design import Coded, Turn
from medbench.ratings.question import Question
from medbench.seeds import generator

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NOTE = (
    "simulated graders on drawn faces: no physician has seen these pictures, the figures say nothing of them"
)
QUESTIONS = (
    Question(name="diagnosis", grades=DISEASES),
    Question(name="lid_sign", grades=("no", "yes")),
    Question(name="eye_sign", grades=("no", "yes")),
    Question(name="severity", grades=("none", "slight", "mid", "heavy"), ordered=True),
)
_LID = ("BCC", "SCC", "Ptosis", "TAO")
_EYE = ("Conj", "Uveitis", "Strab")
#: How much likelier than a heavy sign one is to be missed.
_HARDER = {"slight": 1.6, "mid": 1.0, "heavy": 0.6, "none": 0.5}


@dataclass(frozen=True)
class Skill:
    """Shares of readings that go wrong.

    ``slip`` is a grader's own error in any picture; ``lost`` is the share of images whose sign is
    gone in the arm, the same for all graders.
    """

    slip: float = 0.06
    lost: float = 0.08


def truth_of(row: Mapping[str, str]) -> tuple[str, str, str, str]:
    """The right answers to QUESTIONS for a row of a suite's index."""
    disease = row["disease"]
    return (
        disease,
        "yes" if disease in _LID else "no",
        "yes" if disease in _EYE else "no",
        row["severity"],
    )


def simulate(
    index: pd.DataFrame,
    key: Sequence[Coded],
    turns: Sequence[Turn],
    skills: Mapping[str, Skill],
    seed: str,
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Grades of every turn, by (grader, code); ``skills`` by arm.

    Whether an image's sign is lost in an arm is drawn once; what a grader makes of it, and each
    slip, is drawn for every grader and session, so that a grader also disagrees with himself.
    """
    rows = {str(row["id"]): row for row in index.to_dict("records")}
    behind = {one.code: one for one in key}
    grades = {}
    for turn in turns:
        one = behind[turn.code]
        row = {str(name): str(value) for name, value in rows[one.image].items()}
        draw = generator(seed, "reading", turn.grader, one.arm, one.image)
        skill = skills[one.arm]
        gone = _gone(one, row["severity"], skill.lost, seed)
        given = truth_of({"disease": "Normal", "severity": "none"}) if gone else truth_of(row)
        slip = skill.slip * _HARDER[row["severity"]]
        grades[turn.grader, turn.code] = tuple(
            _slipped(question, grade, slip, draw) for question, grade in zip(QUESTIONS, given, strict=True)
        )
    return grades


def _gone(one: Coded, severity: str, lost: float, seed: str) -> bool:
    return bool(generator(seed, "lost", one.arm, one.image).random() < lost * _HARDER[severity])


def _slipped(question: Question, grade: str, share: float, draw: np.random.Generator) -> str:
    if draw.random() >= share:
        return grade
    place = question.grades.index(grade)
    if question.ordered:
        step = 1 if place == 0 or (place < len(question.grades) - 1 and draw.random() < 0.5) else -1
        return question.grades[place + step]
    others = [other for other in question.grades if other != grade]
    return others[int(draw.integers(len(others)))]
