"""A whole study on mema-mini with simulated graders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from medbench.core import MedbenchError
from medbench.ratings.design import Design
from medbench.ratings.make import make_study
from medbench.ratings.simulate import NOTE, QUESTIONS, Skill, simulate
from medbench.ratings.study import ORIGINAL, Study
from medbench.ratings.write_sheets import Form, write_sheets
from medbench.stages.pick import limited
from medbench.suites.mini.suite import MiniSuite


def simulated_study(
    folder: Path,
    key: Path,
    arms: tuple[str, ...],
    graders: int,
    limit: int,
    slip: float,
    lost: Sequence[float],
    form: Form,
    seed: str,
) -> Design:
    """Make a study of ``limit`` images of mema-mini's val split, and fill its sheets in.

    Args:
        folder: for the study.
        key: file for the key.
        arms: names of protections.
        graders: how many; they are called A, B, C …
        limit: at most so many images, whole subjects.
        slip: share of readings in which a grader errs.
        lost: share of images whose sign is gone: one for all arms, or one for each.
        form: of the sheets.
        seed: names the draws.

    Raises:
        MedbenchError: ``lost`` fits the arms in no way.

    """
    if len(lost) not in (1, len(arms)) or not all(0 <= share <= 0.6 for share in lost):
        raise MedbenchError(f"--lost: give one share from 0 to 0.6, or {len(arms)}, one for each arm")
    index = limited(MiniSuite().index("val"), limit)
    names = tuple(chr(ord("A") + number) for number in range(graders))
    study = Study(questions=QUESTIONS, graders=names, sessions=len(arms) + 1, note=NOTE)
    subjects = dict(zip(index["id"], index["subject"], strict=True))
    made = make_study(folder, key, study, subjects, (ORIGINAL, *arms), seed, form)
    shares = lost if len(lost) > 1 else [*lost] * len(arms)
    skills = {arm: Skill(slip, share) for arm, share in zip(arms, shares, strict=True)}
    grades = simulate(index, made.key, made.turns, {ORIGINAL: Skill(slip, 0.0), **skills}, seed)
    write_sheets(folder, study, made.turns, form, grades)
    return made
