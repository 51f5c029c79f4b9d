"""Excel sheets: the same way, and what Excel does to grades."""

from __future__ import annotations

import datetime

import pytest

openpyxl = pytest.importorskip("openpyxl")


@pytest.fixture
def study(tmp_path, call):
    out = tmp_path / "study"
    more = ("--limit", "8", "--graders", "1", "--arms", "x", "--lost", "0.1", "--format", "xlsx")
    assert call("ratings", "simulate", "--out", out, "--key", tmp_path / "key.csv", *more)[0] == 0
    return out


def first(study):
    return sorted((study / "sheets").glob("*.xlsx"))[0]


def change(study, cell, value):
    book = openpyxl.load_workbook(first(study))
    book.active[cell] = value
    book.active[cell].number_format = "yyyy-mm-dd" if isinstance(value, datetime.date) else "General"
    book.save(first(study))


def test_workbooks_are_checked_and_scored(study, call, tmp_path):
    assert "16 readings, 0 problems" in call("ratings", "check", study)[1]
    code, out, _ = call("ratings", "score", study, "--key", tmp_path / "key.csv")
    assert code == 0 and "kappa, diagnosis" in out


def test_the_sheet_offers_the_grades_and_keeps_them_text(study):
    sheet = openpyxl.load_workbook(first(study)).active
    assert sheet["E2"].number_format == "@"
    offered = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert '"none,slight,mid,heavy"' in offered


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (datetime.date(2026, 2, 1), "is an Excel date"),
        (datetime.datetime(2026, 2, 1, 3), "is an Excel date"),
        (46024, "is an Excel date"),
        ("=1+1", "is a formula"),
        (True, "is no grade"),
        (None, "holds no grade"),
        (7, "is no grade"),
    ],
)
def test_what_excel_makes_of_a_grade_is_refused_by_row_and_column(study, call, value, told):
    change(study, "H4", value)
    code, out, _ = call("ratings", "check", study)
    assert code == 1
    assert f"{first(study).name}: row 4, column 'severity'" in out and told in out


def test_numbers_are_grades_as_people_write_them(tmp_path, call):
    book = openpyxl.Workbook()
    book.active.append(["grader", "image", "arm", "redness"])
    for image in range(4):
        for arm in ("original", "ours"):
            book.active.append(["A", image, arm, float(image % 2)])
    book.save(tmp_path / "own.xlsx")
    code, out, _ = call("ratings", "score", tmp_path / "own.xlsx", "--ask", "redness=0<1<2")
    assert code == 0 and "1.000" in out


def test_a_second_filled_sheet_and_a_renamed_file_are_refused(study, call):
    book = openpyxl.load_workbook(first(study))
    book.create_sheet("notes").append(["see me"])
    book.save(first(study))
    code, _, err = call("ratings", "check", study)
    assert code == 2 and "2 filled sheets" in err
    first(study).write_text("grader,code")
    code, _, err = call("ratings", "check", study)
    assert code == 2 and "no Excel workbook" in err
