"""From a study's folder, or from a clinic's own table, to checked grades and what they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from medbench.core import MedbenchError
from medbench.ratings.check import Checked, check_sheets
from medbench.ratings.design import Coded
from medbench.ratings.question import Question
from medbench.ratings.reading_list import read_list
from medbench.ratings.sheet import Sheet, read_sheet, sheet_files
from medbench.ratings.study import LIST, SHEETS, Study

OPEN_KEYS = ("image", "arm")


@dataclass(frozen=True)
class Collected:
    """Grades, questions and graders; ``key`` only where the table itself says what each picture is."""

    questions: tuple[Question, ...]
    graders: tuple[str, ...]
    checked: Checked
    key: dict[str, Coded] | None = None


def from_study(folder: Path, sheets: Sequence[Path] = ()) -> Collected:
    """Check the sheets of a blinded study: those in its folder, or ``sheets``.

    Raises:
        MedbenchError: the study or a sheet cannot be read at all.

    """
    study = Study.read(folder)
    where = {(t.grader, t.code): (folder / LIST, n) for n, t in enumerate(read_list(folder), start=2)}
    read = [read_sheet(file) for file in sheet_files(sheets or [folder / SHEETS])]
    return Collected(study.questions, study.graders, check_sheets(read, study.questions, where))


def from_open_sheets(places: Sequence[Path], questions: Sequence[Question]) -> Collected:
    """Check tables with the columns grader, image, arm (``original`` or a method) and the questions.

    A column ``subject`` says whose image it is. Every grader must have read every image in every arm.

    Raises:
        MedbenchError: a sheet cannot be read at all.

    """
    sheets = [read_sheet(file) for file in sheet_files(places)]
    subjects: dict[str, str] = {}
    images: dict[str, tuple[Path, int]] = {}
    graders: dict[str, None] = {}
    arms: dict[str, None] = {}
    for sheet in sheets:
        _require(sheet, ("grader", *OPEN_KEYS))
        for number, cells in sheet.rows:
            row = {title: cell.text for title, cell in zip(sheet.titles, cells, strict=True)}
            graders[row["grader"]] = arms[row["arm"]] = None
            images.setdefault(row["image"], (sheet.file, number))
            whose = row.get("subject") or row["image"]
            if subjects.setdefault(row["image"], whose) != whose:
                raise MedbenchError(
                    f"{sheet.file}: row {number}, column 'subject' says {whose!r}, and an earlier row "
                    f"{subjects[row['image']]!r} of the same image; correct one"
                )
    key = {
        f"{image} / {arm}": Coded(f"{image} / {arm}", image, arm, subjects[image])
        for image in images
        for arm in arms
    }
    where = {(grader, code): images[one.image] for grader in graders for code, one in key.items()}
    checked = check_sheets(sheets, questions, where, OPEN_KEYS)
    return Collected(tuple(questions), tuple(graders), checked, key)


def _require(sheet: Sheet, names: Sequence[str]) -> None:
    for name in names:
        if name not in sheet.titles:
            raise MedbenchError(
                f"{sheet.file}: row 1 has no column {name!r}; it has {', '.join(sheet.titles)}"
            )
