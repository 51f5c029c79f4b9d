"""The papers' tables: complete, in the papers' layout, every figure under its label."""

from __future__ import annotations

from collections import Counter

import pytest
from tables_result import estimate, result, write

from medbench.core import MedbenchError
from medbench.leaderboards.published.read import read_published
from medbench.leaderboards.tables.build import build, render
from medbench.leaderboards.tables.layout import read_layouts
from medbench.leaderboards.tables.text import lines


@pytest.fixture(scope="module")
def nothing(tmp_path_factory):
    """Every table with nothing measured."""
    return build(results=tmp_path_factory.mktemp("none"))


@pytest.fixture
def measured(tmp_path):
    """Mosaic in two presets and ours on mema-mini, ours on the real suite too."""
    return write(
        tmp_path,
        result(
            "ours",
            "mema-mini",
            estimate("diagnosis_accuracy", 0.8123, 0.77, 0.85),
            estimate("diagnosis_accuracy", 0.9, 0.9, 0.9, group="class=BCC", degenerate=True),
            estimate("face_matching_rate", 0.025, 0.01, 0.04),
        ),
        result("ours", "mema-val", estimate("diagnosis_accuracy", 0.8, 0.79, 0.81, n=4578)),
        result(
            "mosaic",
            "mema-mini",
            estimate("diagnosis_accuracy", 0.4, 0.35, 0.45),
            estimate("rank1_identification", 0.18, 0.10, 0.28),
            title="Mosaic",
        ),
        result(
            "mosaic",
            "mema-mini",
            estimate("diagnosis_accuracy", 0.6, 0.5, 0.7),
            title="Mosaic",
            preset="weak",
        ),
    )


def one(paper, table, results):
    (found,) = build(paper, table, results)
    return found


def cell(table, row, column):
    places = [n for n, found in enumerate(table.columns) if found.title == column]
    (line,) = (found for found in table.rows if found.title == row)
    return lines(line.cells[places[0]])


def test_every_published_row_stands_in_exactly_one_cell(nothing):
    printed = Counter(
        (table.paper, value.source, value.shown, value.low, value.high, value.n)
        for table in nothing
        for row in table.rows
        for cell in row.cells
        for value in cell.values
    )
    wanted = Counter(
        (
            row.paper,
            row.source,
            "lost" if row.value is None else str(row.value),
            None if row.low is None else float(row.low),
            None if row.high is None else float(row.high),
            row.n,
        )
        for row in read_published()
    )
    assert printed == wanted and sum(wanted.values()) == 360


def test_all_tables_of_the_papers_are_there(nothing):
    names = [(table.paper, table.table) for table in nothing]
    assert names[:11] == [("mema", name) for name in (*map(str, range(1, 11)), "fig8")]
    covered = {(layout.paper, name) for layout in read_layouts() for name in (layout.table, *layout.also)}
    for row in read_published():
        short = row.table.lower()
        short = short if short == "text" else short.removeprefix("t")
        assert short == "text" or (row.paper, short) in covered, row.table


def test_table_3_is_laid_out_as_printed(nothing):
    table = next(found for found in nothing if (found.paper, found.table) == ("mema", "3"))
    titles = "All BCC Conj Normal Ptosis SCC Strab TAO Uveitis Dice Jaccard"
    assert " ".join(column.title for column in table.columns[:11]) == titles
    rows = {row.title: row for row in table.rows}
    assert list(rows) == ["DeepPrivacy", "CIAGAN", "Disguise", "Password", "Personal", "RiDDLE", "Ours"]
    shown = " ".join(cell.values[0].shown for cell in rows["Password"].cells[:11])
    assert shown == "54.21 43.99 95.99 87.37 47.53 52.38 5.93 79.26 21.22 0.6336 0.5192"
    assert rows["Password"].about == ("yes", "Unet")


def test_a_cell_holds_three_labelled_figures(measured):
    table = one("mema", "3", measured)
    assert cell(table, "Ours", "All") == [
        "P 86.70 (A6)",
        "R 80.00 [79.00, 81.00]",
        "M 81.23 [77.00, 85.00]",
    ]
    assert cell(table, "Ours", "BCC") == ["P 96.45", "M 90.00 [no variation]"]
    assert cell(table, "DeepPrivacy", "All") == ["P 40.80 (A6)"]
    assert "R: n = 4,578; M: n = 200" in render([table], "md")


def test_measured_methods_that_the_paper_lacks_stand_below_and_are_marked(measured):
    table = one("mema", "3", measured)
    assert [(row.title, row.added) for row in table.rows][-3:] == [
        ("Ours", False),
        ("Mosaic", True),
        ("Mosaic (weak)", True),
    ]
    assert cell(table, "Mosaic (weak)", "All") == ["M 60.00 [50.00, 70.00]"]
    assert "| + Mosaic |" in render([table], "md")
    transposed = one("mema", "6", measured)
    assert cell(transposed, "Rate (%)", "Ours") == ["P 1.76 (A17)", "M 2.50 [1.00, 4.00]"]


def test_protection_is_what_is_not_identified(measured):
    table = one("rofi", "fig5b", measured)
    assert cell(table, "Mosaic", "AdaCos") == ["P 90.91 (C10)"]
    assert cell(table, "Mosaic", "dlib ResNet") == ["M 82.00 [72.00, 90.00]"]


def test_ablations_are_not_given_the_whole_methods_figures(measured):
    table = one("mema", "9", measured)
    assert cell(table, "M1", "Med-Class") == ["P 42.13%"]
    assert cell(table, "Ours", "Med-Class")[-1] == "M 81.23 [77.00, 85.00]"


@pytest.mark.parametrize("name", ["3", "T3", "Table 3", "table3"])
def test_tables_are_found_as_people_write_them(tmp_path, name):
    assert one("mema", name, tmp_path).table == "3"
    assert one("rofi", "Figure 2b", tmp_path).table == one("rofi", "STab1", tmp_path).table == "fig2b"


def test_one_method_measured_twice_on_a_suite_is_refused(measured):
    result("ours", "mema-mini").write(measured / "mema-mini" / "again.json")
    with pytest.raises(MedbenchError, match="the same method and suite as in"):
        build(results=measured)


def test_a_folder_of_runs_will_do(tmp_path):
    figures = estimate("diagnosis_accuracy", 0.5, 0.4, 0.6)
    result("ours", "mema-mini", figures).write(tmp_path / "mema-mini@1" / "ours@2" / "result.json")
    (tmp_path / "mema-mini@1" / "ours@2" / "other.json").write_text("[]", encoding="utf-8")
    assert cell(one("mema", "3", tmp_path), "Ours", "All")[1] == "M 50.00 [40.00, 60.00]"
