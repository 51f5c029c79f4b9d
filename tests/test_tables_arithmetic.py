"""Footnotes follow from the printed figures, by another way than theirs, and change with them."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from medbench.leaderboards.published.read import read_published
from medbench.leaderboards.tables.footnotes import CHECKS, computed
from medbench.leaderboards.tables.footnotes_mema import fitting_sizes
from medbench.leaderboards.tables.footnotes_people import fisher_p
from medbench.leaderboards.tables.layout import read_layouts

ROWS = read_published()


def said(check, rows=None):
    """Text of a check on its paper's rows, or on others."""
    paper = "mema" if CHECKS[check].__module__.endswith("mema") else "rofi"
    return computed(check, rows or [row for row in ROWS if row.paper == paper])


def changed(value, **wanted):
    """Rows of MeMa with the value of one changed."""
    return [
        row.model_copy(update={"value": Decimal(value)})
        if all(getattr(row, field) == found for field, found in wanted.items())
        else row
        for row in ROWS
        if row.paper == "mema"
    ]


def test_every_check_is_used_and_every_note_says_something():
    notes = [note for layout in read_layouts() for note in layout.notes]
    assert {note.check for note in notes if note.check} == set(CHECKS)
    assert all(bool(note.text) != bool(note.check) for note in notes)
    ids = {note.id for note in notes}
    assert {"A4", "A5", "A6", "A8", "A17", "C5", "C7", "C8", "C10", "C18", "C19", "C26"} <= ids


def test_a5_averages_are_cut_off():
    assert round((73.45 + 76.72 + 65.34) / 3, 3) == 71.837
    assert "= 71.837, printed 71.83" in said("averages")
    assert "= 1.277, printed 1.27" in said("averages")


def test_a6_all_is_the_mean_over_classes():
    assert "agrees in 7 of 7 rows" in said("macro")
    other = changed("86.80", table="T3", method="ours", metric="dinov2_accuracy", group="all")
    assert "agrees in 6 of 7 rows" in said("macro", rows=other)


def test_a7_sizes_add_up_and_give_the_percentages():
    sizes = fitting_sizes([row for row in ROWS if row.paper == "mema"])
    assert sizes == {
        "bcc": 591,
        "conj": 598,
        "normal": 586,
        "ptosis": 547,
        "scc": 525,
        "strab": 573,
        "tao": 569,
        "uveitis": 589,
    }
    assert sum(sizes.values()) == 4578
    assert f"{100 * 539 / 591:.2f}" == "91.20" and f"{100 * 457 / 525:.2f}" == "87.05"


def test_a4_one_gain_is_wrong():
    assert "5 of 6" in said("gains")
    assert "87.05 − 58.29 = 28.76 over disguise, the text says 27.76" in said("gains")
    mended = changed("28.76", table="text", method="disguise", group="scc")
    assert said("gains", rows=mended) == "6 of 6 gains on SCC named in the text follow from the table."


def test_a8_all_is_the_sum_of_the_regions():
    assert abs(5.86 + 155.02 + 33.02 - 193.91) < 0.02
    assert "in 7 of 7 rows (largest gap 0.02)" in said("sum_of_regions")
    other = changed("88.62", table="T7", method="ours", metric="landmark_error_all")
    assert "in 6 of 7 rows" in said("sum_of_regions", rows=other)


def test_a17_rates_are_no_shares_of_129():
    assert min(abs(100 * k / 129 - 1.76) for k in range(130)) > 0.2
    assert "0 of 5" in said("patients")


def test_overlap_of_pooled_pixels_would_be_smaller():
    assert "0.5123 for Ours" in said("overlap") and "7 of 7" in said("overlap")


@pytest.mark.parametrize("method, seen, printed", [("digitalmask", 42, 0.000099), ("g2face", 38, 0.000529)])
def test_c8_fisher_by_the_hypergeometric_sum(method, seen, printed):
    total = 14 + seen
    ways = sum(math.comb(1200, k) * math.comb(1200, total - k) for k in range(15))
    p = ways / math.comb(2400, total)
    assert fisher_p([row for row in ROWS if row.paper == "rofi"], method) == pytest.approx(p, rel=1e-9)
    assert round(p, 6) == printed
    assert f"{printed:.6f} for {method}, printed {printed:.6f}" in said("fisher")


def test_c8_kruskal_wallis_by_the_closed_tail():
    h = 21.69
    tail = math.erfc(math.sqrt(h / 2)) + math.sqrt(2 * h / math.pi) * math.exp(-h / 2) * (1 + h / 3)
    assert f"is {tail:.4f}, printed 0.0006" in said("kruskal_wallis")


def test_c7_rates_are_cut_off():
    assert "14/1200 = 1.17 %, printed 1.1" in said("trials")
    assert "38/1200 = 3.17 %, printed 3.1" in said("trials")


def test_c10_c19_c26_shares():
    assert f"{100 * 223 / 231:.2f}" == "96.54"
    assert "92.04, 93.27, 96.61 are no k/231" in said("of_231")
    assert "74.90, 93.08, 93.93, 96.96 are off by 0.01" in said("of_231")
    assert "shares of 40 positives" in said("positives")
    assert f"begins at {100 * 0.025 ** (1 / 40):.1f} %" in said("positives")
    assert "= 71.2" in said("eyes")


def test_c5_c18_intervals():
    assert "ends at 0.9274" in said("interval_end")
    assert "14 of 14" in said("midpoints") and "5 intervals" in said("midpoints")
