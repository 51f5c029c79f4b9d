"""Filled sheets against what was asked: every fault with its file, row and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from medbench.core import MedbenchError
from medbench.ratings.question import Question
from medbench.ratings.sheet import Cell, Sheet
from medbench.ratings.suspicion import fault_of


@dataclass(frozen=True)
class Problem:
    """One fault: ``row`` 1 holds the titles; ``text`` ends with the remedy."""

    file: Path
    row: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: row {self.row}, column {self.column!r} {self.text}"


@dataclass
class Checked:
    """Grades by (grader, code), question by question, and all that was wrong."""

    grades: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, shown: int = 10) -> None:
        """Raise MedbenchError with the first problems, if there are any."""
        if self.problems:
            lines = [str(problem) for problem in self.problems[:shown]]
            if len(self.problems) > shown:
                lines.append(f"and {len(self.problems) - shown} more; medbench ratings check lists them")
            raise MedbenchError("the sheets cannot be scored\n" + "\n".join(lines))


def check_sheets(
    sheets: Sequence[Sheet],
    questions: Sequence[Question],
    expected: Mapping[tuple[str, str], tuple[Path, int]],
    keys: tuple[str, ...] = ("code",),
) -> Checked:
    """Check every cell, and that every reading is there once.

    Args:
        sheets: the sheets as written.
        questions: what was asked.
        expected: (grader, code) -> where the reading was asked for: file and row.
        keys: the columns that together are the code.
    """
    found = Checked()
    first: dict[tuple[str, str], tuple[Path, int]] = {}
    for sheet in sheets:
        lacking = [
            name for name in ("grader", *keys, *(q.name for q in questions)) if name not in sheet.titles
        ]
        if lacking:
            titles = ", ".join(sheet.titles)
            found.problems.append(Problem(sheet.file, 1, lacking[0], f"is missing; the titles are {titles}"))
            continue
        for number, cells in sheet.rows:
            row = dict(zip(sheet.titles, cells, strict=True))
            name = (row["grader"].text, " / ".join(row[key].text for key in keys))
            problem = _misplaced(sheet.file, number, row, name, expected, keys)
            if problem is None and name in first:
                where, line = first[name]
                text = f"is read twice by {name[0]}: here and in {where.name}, row {line}; remove one"
                problem = Problem(sheet.file, number, keys[-1], text)
            if problem is not None:
                found.problems.append(problem)
                continue
            first[name] = (sheet.file, number)
            found.problems += _faults(sheet.file, number, row, questions)
            found.grades[name] = tuple(row[question.name].text for question in questions)
    for name, (file, row_number) in expected.items():
        if name not in first:
            text = f"asks {name[0]} for {name[1]}, which no sheet holds; add the reading"
            found.problems.append(Problem(file, row_number, keys[-1], text))
    return found


def _misplaced(
    file: Path,
    number: int,
    row: Mapping[str, Cell],
    name: tuple[str, str],
    expected: Mapping[tuple[str, str], tuple[Path, int]],
    keys: tuple[str, ...],
) -> Problem | None:
    for column in ("grader", *keys):
        if row[column].fault or not row[column].text:
            return Problem(file, number, column, row[column].fault or "is empty; fill it in")
    if name in expected:
        return None
    if not any(name[0] == grader for grader, _ in expected):
        graders = ", ".join(sorted({grader for grader, _ in expected}))
        return Problem(file, number, "grader", f"says {name[0]!r}; the study's graders are {graders}")
    return Problem(file, number, keys[-1], f"says {row[keys[-1]].text!r}, which {name[0]} was not asked for")


def _faults(file: Path, number: int, row: Mapping[str, Cell], questions: Sequence[Question]) -> list[Problem]:
    found = []
    for question in questions:
        cell = row[question.name]
        fault = cell.fault or fault_of(cell.text, question.grades)
        if fault:
            says = f"says {cell.text!r}, which " if cell.text else ""
            found.append(Problem(file, number, question.name, f"{says}{fault}"))
    return found
