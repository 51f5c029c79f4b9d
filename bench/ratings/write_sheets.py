"""Empty sheets for graders: one per grader and session, as CSV or as an Excel workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Literal

from medbench.atomic import replacing, write_text
from medbench.core import MedbenchError, Unavailable
from medbench.ratings.design import Turn
from medbench.ratings.study import SHEETS, Study

Form = Literal["csv", "xlsx"]
#: The grades of one reading, question by question.
Grades = Mapping[tuple[str, str], Sequence[str]]


def write_sheets(
    folder: Path, study: Study, turns: Sequence[Turn], form: Form, grades: Grades | None = None
) -> list[Path]:
    """Write the sheets of a study; ``grades`` by (grader, code) fills them in, for a simulation.

    Returns the files. Nothing in them is a formula to a spreadsheet: codes are ours, and names that
    begin like one were refused when the study was made.

    Raises:
        MedbenchError: two graders' names make one file name.
        Unavailable: a workbook is asked for and openpyxl is not installed.

    """
    titles = ["grader", "session", "order", "code", *(question.name for question in study.questions)]
    written = []
    ordered = sorted(turns, key=lambda turn: (study.graders.index(turn.grader), turn.session, turn.order))
    for (grader, session), some in groupby(ordered, key=lambda turn: (turn.grader, turn.session)):
        rows: list[list[str | int]] = []
        for turn in some:
            given = grades[grader, turn.code] if grades else [""] * len(study.questions)
            rows.append([grader, session, turn.order, turn.code, *given])
        file = folder / SHEETS / f"{_safe(grader)}-session-{session}.{form}"
        if file in written:
            raise MedbenchError(f"two graders' sheets would both be {file.name}; name the graders otherwise")
        write = _write_csv if form == "csv" else _write_xlsx
        write(file, titles, rows, study)
        written.append(file)
    return written


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in name)


def _write_csv(file: Path, titles: list[str], rows: list[list[str | int]], study: Study) -> None:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(titles)
    table.writerows(rows)
    # Excel takes a CSV for its own old encoding unless it begins with the mark of UTF-8.
    write_text(file, "\ufeff" + text.getvalue())


def _write_xlsx(file: Path, titles: list[str], rows: list[list[str | int]], study: Study) -> None:
    try:
        from openpyxl import Workbook
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation
    except ImportError:
        raise Unavailable("Excel sheets need openpyxl: pip install 'medbench[ratings]'") from None
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(titles)
    for row in rows:
        sheet.append(row)
    sheet.freeze_panes = "E2"
    first = len(titles) - len(study.questions) + 1
    for column, question in enumerate(study.questions, start=first):
        letter = get_column_letter(column)
        for number in range(2, len(rows) + 2):
            # As text, so that no grade becomes a number or a date.
            sheet[f"{letter}{number}"].number_format = "@"
        choices = f'"{",".join(question.grades)}"'
        # Excel takes no list of more than 255 characters, and none with commas in a grade.
        if len(choices) <= 255 and not any("," in grade or '"' in grade for grade in question.grades):
            offered = DataValidation(type="list", formula1=choices, showErrorMessage=True)
            offered.add(f"{letter}2:{letter}{len(rows) + 1}")
            sheet.add_data_validation(offered)
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as draft:
        book.save(draft)
