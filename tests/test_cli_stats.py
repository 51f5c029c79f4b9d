"""medbench stats: against scikit-learn, by hand, and what it refuses."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, confusion_matrix, recall_score

LEVELS = ("none", "mild", "severe")


@pytest.fixture
def readings(tmp_path):
    """300 readings of 100 patients; a fifth of them is guessed."""
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 3, 300)
    pred = np.where(rng.random(300) < 0.8, truth, rng.integers(0, 3, 300))
    rows = [f"p{i // 3};{LEVELS[t]};{LEVELS[p]}" for i, (t, p) in enumerate(zip(truth, pred, strict=True))]
    file = tmp_path / "readings.csv"
    file.write_text("\n".join(["patient;original;protected", *rows]) + "\n\n", encoding="utf-8-sig")
    return file, truth, pred


def ask(call, file, *more):
    code, out, _ = call("stats", file, "--truth", "original", "--pred", "protected", "--json", *more)
    assert code == 0
    found = json.loads(out)
    return found, {(row["metric"], row["group"]): row for row in found["estimates"]}


def test_figures_are_those_of_scikit_learn(call, readings):
    file, truth, pred = readings
    found, rows = ask(call, file, "--weights", "quadratic", "--order", ",".join(LEVELS))
    assert found["confusion"] == confusion_matrix(truth, pred).tolist()
    assert rows["kappa", "all"]["value"] == pytest.approx(cohen_kappa_score(truth, pred), abs=1e-12)
    weighted = cohen_kappa_score(truth, pred, weights="quadratic")
    assert rows["kappa_quadratic", "all"]["value"] == pytest.approx(weighted, abs=1e-12)
    for number, name in enumerate(LEVELS):
        t, p = truth == number, pred == number
        group = f"class={name}"
        assert rows["sensitivity", group]["value"] == pytest.approx(recall_score(t, p))
        assert rows["specificity", group]["value"] == pytest.approx(recall_score(~t, ~p))
        assert rows["ppv", group]["value"] == pytest.approx((t & p).sum() / p.sum())
        assert rows["npv", group]["value"] == pytest.approx((~t & ~p).sum() / (~p).sum())
        assert rows["kappa", group]["value"] == pytest.approx(cohen_kappa_score(t, p))
        assert rows["sensitivity", group]["n"] == t.sum()


def test_patients_are_resampled_where_they_are_named(call, tmp_path):
    file = tmp_path / "same.csv"
    rng = np.random.default_rng(4)
    lines = []
    for patient in range(40):
        pair = "sick,sick" if rng.random() < 0.7 else "sick,well"
        lines += [f"p{patient},{pair}"] * 5
    file.write_text("\n".join(["patient,original,protected", *lines]))
    _, alone = ask(call, file)
    told, together = ask(call, file, "--subject", "patient")
    assert told["resampled"] == "subject" and told["clusters"] == 40
    widths = [rows["accuracy", "all"]["high"] - rows["accuracy", "all"]["low"] for rows in (alone, together)]
    assert widths[1] / widths[0] == pytest.approx(5**0.5, rel=0.15)


def test_a_full_share_is_as_sure_as_its_own_rows(call, tmp_path):
    file = tmp_path / "few.csv"
    file.write_text("original,protected\n" + "a,a\n" * 3 + "b,b\n" * 60 + "b,a\n" * 2)
    _, rows = ask(call, file)
    sensitivity = rows["sensitivity", "class=a"]
    assert sensitivity["value"] == 1.0 and sensitivity["n"] == 3
    assert sensitivity["low"] == pytest.approx(0.025 ** (1 / 3), abs=1e-9), "Clopper-Pearson of 3 out of 3"


def test_numbers_are_their_own_order(call, tmp_path):
    file = tmp_path / "grades.csv"
    file.write_text("original,protected\n" + "\n".join(["2,10", "10,10", "1,2", "1,1", "2,2"]))
    found, rows = ask(call, file, "--weights", "linear")
    assert found["classes"] == ["1", "2", "10"]
    grades = ([1, 2, 0, 0, 1], [2, 2, 1, 0, 1])
    assert rows["kappa_linear", "all"]["value"] == pytest.approx(cohen_kappa_score(*grades, weights="linear"))


def test_the_table_names_its_columns(call, readings):
    code, out, _ = call("stats", readings[0], "--truth", "original", "--pred", "protected")
    assert code == 0
    assert "original (down), protected (across)" in out
    assert "300 rows" in out


GOOD = "original,protected\nmild,mild\nnone,mild\n"


@pytest.mark.parametrize(
    ("content", "more", "told"),
    [
        (GOOD + "mild,\n", (), "row 4, column 'protected' holds no label"),
        (GOOD + "N/A,mild\n", (), "row 4, column 'original' holds no label"),
        (GOOD + ",\nmild,mild\n", (), "row 4 is empty"),
        (GOOD + "Mild,mild\n", (), "row 4, column 'original' says 'Mild', and row 2"),
        ("original,protected\n1,1.0\n", (), "row 2, column 'protected' says '1.0'"),
        (GOOD + "mild\n", (), "row 4 has 1 cells"),
        (GOOD + "severe,mild\n", ("--order", "none,mild"), "row 4, column 'original' says 'severe'"),
        (GOOD, ("--order", "none,mild,none"), "twice"),
        (GOOD, ("--weights", "linear"), "--order mild,none"),
        (GOOD, ("--subject", "patient"), "no column 'patient'; its columns are original, protected"),
        ("original,protected\n", (), "no rows"),
        ("original,protected,protected\na,a,a\n", (), "2 columns 'protected'"),
        (
            "original,protected\nnone,mild\nlégère,mild\n".encode("latin-1"),
            (),
            "row 3, cell 1 is not in UTF-8",
        ),
        (GOOD.encode("utf-16"), (), "UTF-16"),
        (b"PK\x03\x04rest", (), "Excel"),
    ],
)
def test_what_is_refused_names_row_and_column(call, tmp_path, content, more, told):
    file = tmp_path / "table.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    code, _, err = call("stats", file, "--truth", "original", "--pred", "protected", *more)
    assert code == 2
    assert told in err
    assert "table.csv" in err or "--order" in err
