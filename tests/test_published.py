"""The papers' figures: read whole, refused with the line, held against a paper's text."""

from __future__ import annotations

import re

import pytest

from medbench.core import MedbenchError
from medbench.leaderboards.published.check import main, unconfirmed
from medbench.leaderboards.published.read import FIELDS, FILE, read_published

# Lines as the papers' texts have them: a table with tabs, a table with bars, prose.
TABLE = [
    "Method\tRev\tLandmark Error ↓\t\t\t\tGaze Error ↓\t",
    "\t\tAll\tEye\tMouth\tNose\tPitch\tYaw",
    "Password\t✓\t<b>65.90</b>\t4.38\t<b>42.52</b>\t18.98\t5.34\t9.97",
    "| Threshold Value | 0.1 | 0.3 |",
    "| ID Protection Rate (%) | 92.04 | 93.93 |",
    "achieved 94.09% similarity, outperforming Mosaic (0.3299, 95% CI: 0.2079-0.4518), dropped to zero",
]


def row(**changes):
    base = next(one for one in read_published() if one.table == "T7" and one.method == "password")
    return base.model_copy(update={"line": 3, **changes})


def test_all_figures_are_read_with_their_digits():
    rows = read_published()
    assert len(rows) == 360
    assert {one.paper for one in rows} == {"mema", "rofi"}
    (all_,) = (
        one for one in rows if one.key == ("mema", "T3", "mema-val", "deepprivacy", "dinov2_accuracy", "all")
    )
    assert str(all_.value) == "40.80" and all_.n == 4578
    lost = [one for one in rows if one.value is None]
    assert len(lost) == 5 and all(one.low is not None and "lost" in one.note for one in lost)


def test_prose_quotes_hold_their_figures():
    for one in read_published():
        if one.cell is None:
            for figure in filter(None, (one.value, one.low, one.high)):
                assert re.search(rf"(?<!\d){re.escape(str(figure).lstrip('-'))}(?!\d)", one.quote), one


@pytest.mark.parametrize(
    "before, after, says",
    [
        ("86.70,,,percent", "186.70,,,percent", "between 0 and 100"),
        ("0.9223,0.8691,0.9755", "0.9923,0.8691,0.9755", "outside its interval"),
        ("0.9223,0.8691,0.9755", "0.9223,,0.9755", "two ends"),
        ("0.9223,0.8691,0.9755", "92.23 %,0.8691,0.9755", "value"),
        ("fraction,higher,231", "fraction,upward,231", "direction"),
        ("distance,lower,4578", "metres,lower,4578", "unit"),
        ("mema,T2,", "mema,Table 2,", "table"),
        ("paper,table,suite", "table,paper,suite", "the columns are"),
    ],
)
def test_an_unsound_row_is_refused_with_its_line(tmp_path, before, after, says):
    text = FILE.read_text(encoding="utf-8")
    number = next(n for n, line in enumerate(text.split("\n"), 1) if before in line)
    copy = tmp_path / "published.csv"
    copy.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(MedbenchError, match=rf"line {number}: .*{says}"):
        read_published(copy)


def test_a_row_stands_once(tmp_path):
    text = FILE.read_text(encoding="utf-8")
    copy = tmp_path / "published.csv"
    copy.write_text(text + text.strip().split("\n")[-1] + "\n", encoding="utf-8")
    with pytest.raises(MedbenchError, match=r"line 362: rofi text .* stands twice"):
        read_published(copy)
    copy.write_text(",".join(FIELDS) + "\nmema,T1\n", encoding="utf-8")
    with pytest.raises(MedbenchError, match="line 2: 17 fields"):
        read_published(copy)


@pytest.mark.parametrize(
    "changes, doubt",
    [
        ({}, ""),
        ({"value": "65.9"}, "the cell says '65.90'"),
        ({"cell": 3}, "the cell says '4.38'"),
        ({"quote": "Personal"}, "neither the row nor the column"),
        ({"cell": 9}, "no cell 9"),
        ({"line": 5, "cell": 2, "quote": "0.3", "value": "93.93"}, ""),
        ({"line": 5, "cell": 1, "quote": "0.3", "value": "92.04"}, "neither the row nor the column"),
        ({"line": 6, "cell": None, "quote": "Mosaic (0.3299, 95% CI: 0.2079-0.4518)", "value": "0.3299"}, ""),
        ({"line": 6, "cell": None, "quote": "Mosaic (0.3299", "value": "0.329"}, "lack 0.329"),
        ({"line": 6, "cell": None, "quote": "94.09% similarity", "value": "4.09"}, "lack 4.09"),
        ({"line": 6, "cell": None, "quote": "Mosaic (0.3290", "value": "0.3290"}, "no such words"),
        ({"line": 6, "cell": None, "quote": "dropped to zero", "value": "0"}, ""),
    ],
)
def test_rows_are_held_against_the_text(changes, doubt):
    doubts = unconfirmed([row(**changes)], TABLE)
    assert bool(doubts) == bool(doubt)
    assert not doubt or doubt in doubts[0][1]


def test_the_check_counts_and_fails(tmp_path, capsys):
    text = tmp_path / "mema.txt"
    text.write_text("nothing", encoding="utf-8")
    assert main([f"mema={text}"]) == 1
    assert "mema: 0 of 229 rows confirmed" in capsys.readouterr().out
