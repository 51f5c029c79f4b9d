"""Graders' sheets: blinded lists, and what is refused with its row and column."""

from __future__ import annotations

import csv
import io
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from medbench.core import MedbenchError
from medbench.ratings.design import design
from medbench.ratings.question import Question
from medbench.ratings.suspicion import fault_of

GRADES = ("none", "slight", "mid", "heavy")


def test_every_session_holds_every_image_once_and_each_arm_equally_often():
    subjects = {f"i{n}": f"s{n // 2}" for n in range(12)}
    drawn = design(subjects, ("original", "a", "b"), ("X", "Y"), "words")
    behind = {one.code: one for one in drawn.key}
    assert len(behind) == 36 and drawn.sessions == 3
    for grader in "XY":
        seen = Counter()
        for session in (1, 2, 3):
            turns = [t for t in drawn.turns if (t.grader, t.session) == (grader, session)]
            assert sorted(t.order for t in turns) == list(range(1, 13))
            assert sorted(behind[t.code].image for t in turns) == sorted(subjects)
            assert Counter(behind[t.code].arm for t in turns) == {"original": 4, "a": 4, "b": 4}
            seen.update(t.code for t in turns)
        assert set(seen.values()) == {1} and len(seen) == 36
    orders = [[t.code for t in drawn.turns if t.grader == grader and t.session == 1] for grader in "XY"]
    assert orders[0] != orders[1]


def test_the_same_words_give_the_same_study_and_others_another():
    subjects = {f"i{n}": f"s{n}" for n in range(6)}
    first, second, other = (design(subjects, ("original", "a"), ("X",), w) for w in ("w", "w", "v"))
    assert first == second != other
    assert not {one.code for one in first.key} & {one.code for one in other.key}


@pytest.mark.parametrize(
    "text", ["diagnosis", "d=one", "d=a,A", "d=a,,b", "code=a,b", "=a,b", "d==SUM(A1),b"]
)
def test_what_is_no_question_is_refused(text):
    with pytest.raises(MedbenchError):
        Question.parse(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds no grade"),
        ("N/A", "holds no grade"),
        ("Slight", "did you mean 'slight'"),
        ("heavi", "did you mean 'heavy'"),
        ("purple", "it may be none, slight, mid, heavy"),
        ("2-Jan", "Excel date"),
        ("Jan-02", "Excel date"),
        ("02.01.2026", "Excel date"),
        ("2026-01-02 00:00:00", "Excel date"),
        ("1. Mai", "Excel date"),
        ("46024", "Excel date"),
        ("lÃ©ger", "mixed encodings"),
        ("l\ufffdger", "mixed encodings"),
    ],
)
def test_why_a_text_is_no_grade(text, told):
    assert told in fault_of(text, GRADES)


def test_grades_are_grades_whatever_they_look_like():
    assert fault_of("46024", ("46024", "b")) is None
    assert fault_of("le\u0301ger", ("l\u00e9ger", "b")) is None, "composed and decomposed letters are one"


@pytest.fixture
def study(tmp_path, call):
    """Two graders, three images, two arms, one nominal and one ordered question; sheets filled in."""
    rng = np.random.default_rng(1)
    for folder in ("photos", "protected"):
        for number in range(3):
            (tmp_path / folder).mkdir(exist_ok=True)
            picture = rng.integers(0, 255, (64, 64, 3), dtype=np.uint8)
            Image.fromarray(picture).save(tmp_path / folder / f"Smith {number}.png")
    (tmp_path / "photos/labels.csv").write_text(
        "file,subject\nSmith 0.png,Smith\nSmith 1.png,Smith\nSmith 2.png,Doe\n"
    )
    out = tmp_path / "study"
    code, _, err = call(
        "ratings", "template", "--original", tmp_path / "photos",
        "--protected", f"ours={tmp_path / 'protected'}",
        "--graders", "Ann,Bob", "--ask", "diagnosis=Normal,BCC,TAO",
        "--ask", "severity=none<slight<mid<heavy", "--out", out, "--key", tmp_path / "key.csv",
        "--seed", "tests",
    )  # fmt: skip
    assert code == 0, err
    for file in sheets(out):
        rows = read(file)
        for row in rows[1:]:
            row[4:] = ["BCC", "mid"]
        write(file, rows)
    return out


def sheets(study):
    return sorted((study / "sheets").glob("*.csv"))


def read(file):
    return list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


def write(file, rows, encoding="utf-8-sig"):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    file.write_text(text.getvalue(), encoding=encoding)


def test_graders_see_codes_only_and_the_key_lies_apart(study, tmp_path, call):
    names = {path.name for path in study.rglob("*")}
    assert {"study.yaml", "readings.csv", "sheets", "pictures"} <= names
    assert len(list((study / "pictures").glob("*.png"))) == 6
    text = "".join(
        path.read_text("utf-8-sig") for path in study.rglob("*") if path.suffix in (".csv", ".yaml")
    )
    for word in ("Smith", "Doe", "ours", "protected", "original", "tests"):
        assert word not in text
    key = read(tmp_path / "key.csv")
    assert key[0] == ["code", "image", "arm", "subject"]
    assert {row[3] for row in key[1:]} == {"s0000", "s0001"}
    code, _, err = call(
        "ratings", "simulate", "--out", tmp_path / "s", "--key", tmp_path / "s/key.csv", "--limit", "8"
    )
    assert code == 2 and "graders see" in err


def test_file_times_follow_the_codes_and_tell_nothing_of_the_arms(study):
    written = sorted((study / "pictures").glob("*.png"), key=lambda path: path.stat().st_mtime_ns)
    assert [path.stem for path in written] == sorted(path.stem for path in written)


@pytest.mark.parametrize("graders", [("A", "a"), ("A", ""), ("=HYPERLINK(1)",), ()])
def test_graders_who_cannot_be_told_apart_or_are_formulas_are_refused(graders):
    with pytest.raises(MedbenchError):
        design({"i": "s"}, ("original", "a"), graders, "words")


def test_graders_whose_sheets_would_be_one_file_are_refused(study, tmp_path, call):
    code, _, err = call(
        "ratings", "template", "--original", tmp_path / "photos",
        "--protected", f"x={tmp_path / 'protected'}", "--no-pictures",
        "--graders", "A/B,A-B", "--ask", "d=a,b", "--out", tmp_path / "two", "--key", tmp_path / "two.csv",
    )  # fmt: skip
    assert code == 2 and "A-B-session-1.csv" in err


def test_a_whole_study_passes(study, call):
    code, out, _ = call("ratings", "check", study)
    assert code == 0 and "12 readings, 0 problems" in out


def changed(study, row, column, value):
    file = sheets(study)[0]
    rows = read(file)
    rows[row - 1][rows[0].index(column)] = value
    write(file, rows)
    return file


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("diagnosis", "Melanoma", "says 'Melanoma', which is no grade"),
        ("diagnosis", "bcc", "did you mean 'BCC'"),
        ("diagnosis", "", "holds no grade"),
        ("severity", "3-Feb", "is an Excel date"),
        ("severity", "mÃ©dium", "mixed encodings"),
        ("grader", "Carl", "the study's graders are Ann, Bob"),
        ("code", "XXXXXX", "which Ann was not asked for"),
    ],
)
def test_a_fault_is_told_with_file_row_and_column(study, call, tmp_path, column, value, told):
    file = changed(study, 3, column, value)
    code, out, _ = call("ratings", "check", study)
    assert code == 1
    line = next(line for line in out.splitlines() if told in line)
    assert f"{file.name}: row 3, column '{column}'" in line
    code, _, err = call("ratings", "score", study, "--key", tmp_path / "key.csv")
    assert code == 2 and f"row 3, column '{column}'" in err


def test_every_fault_is_listed(study, call):
    changed(study, 2, "diagnosis", "what")
    changed(study, 4, "severity", "")
    code, out, _ = call("ratings", "check", study, "--json")
    assert code == 1
    assert out.count('"row"') == 2


def test_a_reading_that_is_there_twice_names_both_rows(study, call):
    file = sheets(study)[0]
    rows = read(file)
    write(file, [*rows, rows[1]])
    code, out, _ = call("ratings", "check", study)
    assert code == 1
    assert f"{file.name}: row 5, column 'code' is read twice by Ann: here and in {file.name}, row 2" in out


def test_a_missing_reading_names_the_row_that_asked_for_it(study, call):
    file = sheets(study)[0]
    rows = read(file)
    lost = rows.pop(2)
    write(file, rows)
    code, out, _ = call("ratings", "check", study)
    assert code == 1
    listed = read(study / "readings.csv")
    line = listed.index(["Ann", lost[1], lost[2], lost[3]]) + 1
    assert f"readings.csv: row {line}, column 'code' asks Ann for {lost[3]}" in out


def test_another_encoding_is_refused_by_row_and_column(study, call):
    file = sheets(study)[0]
    rows = read(file)
    rows[2][4] = "Lidödem"
    write(file, rows, "latin-1")
    code, _, err = call("ratings", "check", study)
    assert code == 2 and "row 3, cell 5 is not in UTF-8 (column 'diagnosis')" in err


def test_a_key_of_another_study_is_refused(study, call, tmp_path):
    (tmp_path / "other.csv").write_text("code,image,arm,subject\nAAAAAA,x,original,s\nBBBBBB,x,ours,s\n")
    code, _, err = call("ratings", "score", study, "--key", tmp_path / "other.csv")
    assert code == 2 and "the key lacks the code" in err


def test_a_protected_folder_that_lacks_a_picture_is_refused(study, tmp_path, call):
    (tmp_path / "protected/Smith 1.png").unlink()
    code, _, err = call(
        "ratings", "template", "--original", tmp_path / "photos",
        "--protected", f"x={tmp_path / 'protected'}",
        "--graders", "A", "--ask", "d=a,b", "--out", tmp_path / "two", "--key", tmp_path / "two.csv",
    )  # fmt: skip
    assert code == 2 and "Smith 1" in err and not (tmp_path / "two.csv").exists()
