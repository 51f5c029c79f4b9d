"""Kappa between what graders see in the original and in the protected picture, and all around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from medbench.labels.agreement_table import Agreement, agreement
from medbench.labels.labels_table import LabelsTable
from medbench.metrics.statistics.agreement import Weighting, one_against_rest
from medbench.metrics.statistics.resample import Resampler
from medbench.ratings.arms import ArmDifference, arm_differences
from medbench.ratings.between import between_graders
from medbench.ratings.figure import BETWEEN, MAJORITY, Figure
from medbench.ratings.question import Question
from medbench.ratings.readings import Readings
from medbench.ratings.study import ORIGINAL
from medbench.ratings.wald import wald_interval

DRAWS = 10_000


@dataclass(frozen=True)
class Scored:
    """``confusions[question, arm]``: rows are the original's grade, columns the protected picture's.

    ``ties[question, arm]`` counts images without a majority in one of the two; they are left out.
    """

    readings: Readings
    figures: tuple[Figure, ...]
    confusions: Mapping[tuple[str, str], np.ndarray]
    ties: Mapping[tuple[str, str], int]
    differences: tuple[ArmDifference, ...] = ()

    def document(self) -> dict[str, Any]:
        """As JSON; it names no image and no patient."""
        names = {question.name: question.grades for question in self.readings.questions}
        return {
            "images": len(self.readings.subjects),
            "subjects": self.readings.clusters.count,
            "graders": len(self.readings.graders),
            "arms": list(self.readings.arms),
            "confusions": [
                {
                    "question": question,
                    "arm": arm,
                    "grades": list(names[question]),
                    "original_down": counts.tolist(),
                    "without_majority": self.ties[question, arm],
                }
                for (question, arm), counts in self.confusions.items()
            ],
            "figures": [_known(figure.row()) for figure in self.figures],
            "differences": [_known(one.row()) for one in self.differences],
        }


def score(readings: Readings, seed: str = "0", draws: int = DRAWS) -> Scored:
    """Compute every figure: by majority vote, by each grader, and between graders.

    An image whose majority is shared by two grades, in either arm, is left out of the vote's figures
    and counted. Intervals resample subjects; ``seed`` names the draws.
    """
    figures: list[Figure] = []
    confusions: dict[tuple[str, str], np.ndarray] = {}
    ties: dict[tuple[str, str], int] = {}
    subjects = np.array(readings.subjects)
    for question in readings.questions:
        by_arm = readings.grades[question.name]
        original = readings.vote(question, ORIGINAL)
        for arm in readings.arms[1:]:
            voted = readings.vote(question, arm)
            clear = (original >= 0) & (voted >= 0)
            ties[question.name, arm] = int((~clear).sum())
            if clear.any():
                told = _agreement(question, arm, original[clear], voted[clear], subjects[clear], seed, draws)
                confusions[question.name, arm] = told.confusion
                figures += _figures(question, arm, MAJORITY, told)
            for column, grader in enumerate(readings.graders):
                pair = (by_arm[ORIGINAL][:, column], by_arm[arm][:, column])
                own = _agreement(question, arm, *pair, subjects, seed, draws)
                figures += [f for f in _figures(question, arm, grader, own) if f.estimate.group == "all"]
        for arm in readings.arms:
            resampler = Resampler((seed, "ratings", question.name), draws)
            size = len(question.grades)
            for estimate in between_graders(
                by_arm[arm], size, question.ordered, readings.clusters, resampler
            ):
                figures.append(Figure(arm, question.name, BETWEEN, estimate))
    return Scored(readings, tuple(figures), confusions, ties, tuple(arm_differences(readings, seed, draws)))


def _known(row: dict[str, Any]) -> dict[str, Any]:
    """JSON knows no NaN."""
    return {name: None if value != value else value for name, value in row.items()}


def _agreement(
    question: Question,
    arm: str,
    original: np.ndarray,
    protected: np.ndarray,
    subjects: np.ndarray,
    seed: str,
    draws: int,
) -> Agreement:
    table = LabelsTable(
        Path(question.name),
        (ORIGINAL, arm),
        tuple(question.grades[code] for code in original),
        tuple(question.grades[code] for code in protected),
        tuple(subjects),
    )
    weights: Weighting = "quadratic" if question.ordered else None
    return agreement(table, question.grades, weights, f"{seed} {question.name}", draws)


def _figures(question: Question, arm: str, reader: str, told: Agreement) -> list[Figure]:
    found = []
    for estimate in told.estimates:
        wald = None
        if estimate.metric.startswith("kappa"):
            counts = told.confusion
            if estimate.group != "all":
                place = question.grades.index(estimate.group.removeprefix("class="))
                counts = one_against_rest(counts, place)
            wald = wald_interval(counts, "quadratic" if estimate.metric == "kappa_quadratic" else None)
        found.append(Figure(arm, question.name, reader, estimate, wald))
    return found
