"""A study's figures as tables: kappa by arm and grade, as MeMa's Table 4, and every figure as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

from medbench.ratings.figure import BETWEEN, MAJORITY, Figure
from medbench.ratings.question import Question
from medbench.ratings.score import Scored

NO_VARIATION = "*: no draw differs, which is too few images that differ, not certainty."
Rows = tuple[tuple[str, ...], list[tuple[str, ...]]]


def kappa_rows(scored: Scored, question: Question) -> Rows:
    """Titles, and a row per arm: kappa of all grades and of each, by majority vote."""
    found = {(f.arm, f.estimate.group): f for f in _of(scored, question, MAJORITY, "kappa")}
    found |= {(f.arm, "quadratic"): f for f in _of(scored, question, MAJORITY, "kappa_quadratic")}
    heads = ("all", *(["quadratic"] if question.ordered else []))
    groups = [*heads, *(f"class={grade}" for grade in question.grades)]
    rows = [
        (arm, *(_cell(found.get((arm, group))) for group in groups), str(scored.ties[question.name, arm]))
        for arm in scored.readings.arms[1:]
    ]
    return (f"kappa, {question.name}", *heads, *question.grades, "no majority"), rows


def sensitivity_rows(scored: Scored, question: Question) -> Rows:
    """Titles, and a row per arm: the share of each grade of the original that is still given."""
    found = {(f.arm, f.estimate.group): f for f in _of(scored, question, MAJORITY, "sensitivity")}
    rows = [
        (arm, *(_cell(found.get((arm, f"class={grade}"))) for grade in question.grades))
        for arm in scored.readings.arms[1:]
    ]
    return (f"sensitivity, {question.name}", *question.grades), rows


def grader_rows(scored: Scored, question: Question) -> Rows:
    """Titles, and a row per arm: each grader's own kappa, and the agreement between graders."""
    rows = []
    for arm in scored.readings.arms:
        own = {f.reader: f for f in _of(scored, question, None, "kappa") if f.arm == arm}
        among = {f.estimate.metric: f for f in _of(scored, question, BETWEEN, None) if f.arm == arm}
        cells = [_cell(own.get(grader)) for grader in scored.readings.graders]
        both = [_cell(among.get(name)) for name in ("fleiss_kappa", "krippendorff_alpha")]
        rows.append((arm, *cells, *both))
    return (f"{question.name}", *scored.readings.graders, "Fleiss", "Krippendorff"), rows


def difference_rows(scored: Scored, question: Question) -> Rows:
    """Titles, and a row per pair of arms: difference of kappa, and p with Holm's correction."""
    rows: list[tuple[str, ...]] = [
        (
            f"{one.first} - {one.second}",
            "–"
            if math.isnan(one.found.value)
            else f"{one.found.value:+.3f} [{one.found.low:+.3f}, {one.found.high:+.3f}]",
            "–" if math.isnan(one.holm) else f"{one.holm:.2g}",
        )
        for one in scored.differences
        if one.question == question.name and one.grade == "all"
    ]
    return (f"difference of kappa, {question.name}", "all", "p (Holm)"), rows


def to_markdown(scored: Scored, note: str) -> str:
    """Every table as Markdown."""
    parts = ["# Graders' agreement\n", f"{note}\n" if note else "", _facts(scored)]
    for question in scored.readings.questions:
        for titles, rows in (kappa_rows(scored, question), sensitivity_rows(scored, question)):
            parts.append(_markdown(titles, rows))
        parts.append(_markdown(*grader_rows(scored, question)))
        if scored.differences:
            parts.append(_markdown(*difference_rows(scored, question)))
    return "\n".join(part for part in parts if part)


def to_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Flat rows as CSV, unrounded; what is not known is empty. '' without rows."""
    if not rows:
        return ""
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows({k: "" if v is None or v != v else v for k, v in row.items()} for row in rows)
    return text.getvalue()


def _facts(scored: Scored) -> str:
    images, people = len(scored.readings.subjects), scored.readings.clusters.count
    return (
        f"{images} images of {people} subjects, {len(scored.readings.graders)} graders. In brackets: 95 % "
        f"intervals, subjects resampled. Original against protected, by majority vote. {NO_VARIATION}\n"
    )


def _of(scored: Scored, question: Question, reader: str | None, metric: str | None) -> list[Figure]:
    """Figures of a question; ``reader`` None: single graders."""
    wanted = []
    for figure in scored.figures:
        single = figure.reader not in (MAJORITY, BETWEEN)
        if (
            figure.question == question.name
            and (single if reader is None else figure.reader == reader)
            and metric in (None, figure.estimate.metric)
        ):
            wanted.append(figure)
    return wanted


def _cell(figure: Figure | None) -> str:
    if figure is None or math.isnan(figure.estimate.value):
        return "–"
    e = figure.estimate
    return f"{e.value:.3f} [{e.low:.3f}, {e.high:.3f}]{'*' if e.degenerate else ''}"


def _markdown(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(_escaped(cell) for cell in line) + " |" for line in lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
