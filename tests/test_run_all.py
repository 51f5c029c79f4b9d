"""`--method all`: one table with a row per method; one that fails is told, and the others go on."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from board_result import row
from fake_parts import Untouched, card

from medbench.cli.main import main
from medbench.core import MedbenchError, Unavailable
from medbench.memory import PeakMemory, largest
from medbench.reports.overview import overviews, plain_rows
from medbench.reports.overview_forms import overview_markdown
from medbench.request import Request
from medbench.runner import run


class Weightless(Untouched):
    card = card("fake_weightless")

    def load(self, device="cpu", preset=None):
        raise Unavailable("weights are missing: medbench weights fetch fake")


class Misfit(Untouched):
    card = card("fake_misfit")

    def load(self, device="cpu", preset=None):
        raise RuntimeError("size mismatch for layer.0")


class Dies(Untouched):
    card = card("fake_dies")

    def fingerprint(self):
        raise MedbenchError("fake.safetensors: damaged; copy it again")


BAD = {
    f"fake_{kind.__name__.lower()}": f"test_run_all:{kind.__name__}" for kind in (Weightless, Misfit, Dies)
}
BAD["fake_gone"] = "fake_parts:Gone"


@pytest.fixture
def say(fake_parts, tmp_path, monkeypatch, capsys):
    good = {name: fake_parts.TARGETS["methods"][name] for name in ("fake_untouched", "fake_locked")}
    monkeypatch.setitem(fake_parts.TARGETS, "methods", good)

    def call(*words, bad=()):
        fake_parts.TARGETS["methods"].update({name: BAD[name] for name in bad})
        common = ["--suite", "fake", "--out", str(tmp_path / "runs"), "--limit", "16", "--wrong-keys", "0"]
        common += ["--metrics", "diagnosis,matching,identification,psnr_restored,detection_hog"]
        with pytest.raises(SystemExit) as ended:
            main(["run", *common, *map(str, words)])
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return call


def test_one_table_has_a_row_with_backend_figures_speed_and_memory_for_every_method(say, tmp_path):
    code, out, _ = say("--method", "all", "--table", tmp_path / "all.csv")
    assert code == 0
    for name in ("fake_untouched", "fake_locked"):
        (line,) = [line for line in out.splitlines() if line.startswith(f"{name} ")]
        assert "classical" in line
    assert "rank-1 % ↓" in out and "chance" in out and "PSNR dB ↑" in out and "failed" in out
    rows = {row["method"]: row for row in csv.DictReader((tmp_path / "all.csv").open())}
    assert set(rows) == {"fake_untouched", "fake_locked"}
    for one in rows.values():
        assert float(one["images_per_second"]) > 0 and 20 < float(one["peak_memory_mb"]) < 20_000
        assert float(one["diagnosis_accuracy_low"]) <= float(one["diagnosis_accuracy"])
    assert rows["fake_untouched"]["psnr_restored"] == ""


def test_what_fails_is_told_and_does_not_stop_the_others(say, fake_parts):
    code, out, err = say("--method", "all", "--json", bad=BAD)
    found = json.loads(out)
    assert code == 1, "methods broke off"
    assert {run["result"]["method"]["name"] for run in found["runs"]} == {"fake_untouched", "fake_locked"}
    assert found["refused"] == {"fake_weightless": "weights are missing: medbench weights fetch fake"}
    assert set(found["broken"]) == {"fake_misfit", "fake_dies", "fake_gone"}
    assert "size mismatch" in found["broken"]["fake_misfit"]
    told = {one["method"]: one["did_not_run"] for one in found["overview"]}
    assert told["fake_untouched"] is None and "copy it again" in told["fake_dies"]
    assert "fake_dies did not run: fake.safetensors" in err
    fake_parts.FakeSuite.reads.clear()
    code, out, _ = say("--method", "all")
    assert fake_parts.FakeSuite.reads == [], "finished methods are not run again"
    assert "not run" in out and "fake_misfit did not run: RuntimeError: size mismatch" in out


def test_what_is_not_here_does_not_fail_all_but_what_is_named(say):
    assert say("--method", "all", bad=["fake_weightless"])[0] == 0
    assert say("--method", "fake_untouched,fake_weightless")[0] == 1
    assert say("--method", "fake_weightless")[0] == 2
    code, _, err = say("--method", "fake_untouched,fake_weightles")
    assert code == 2 and "did you mean fake_weightless" in err, "a wrong name stops all"


def test_where_all_fail_the_reasons_are_the_error(fake_parts, monkeypatch, tmp_path):
    monkeypatch.setitem(fake_parts.TARGETS, "methods", BAD)
    with pytest.raises(MedbenchError, match=r"(?s)fake_weightless: weights.*fake_misfit: RuntimeError"):
        run(Request(("all",), "fake", out=tmp_path))


def test_a_table_of_an_unknown_kind_is_refused_before_anything_runs(say, fake_parts, tmp_path):
    code, _, err = say("--method", "all", "--table", tmp_path / "all.pdf")
    assert code == 2 and ".csv, .json, .md" in err
    assert fake_parts.FakeSuite.reads == []


def test_rows_are_ordered_and_one_n_serves_a_column():
    results = [row("worse", kept=0.2), row("better", kept=0.7), row("untouched", kept=0.1)]
    (table,) = overviews(results, {"gone": "no weights"})
    assert [cells[0].value for cells in table.rows] == ["untouched", "better", "worse", "gone"]
    assert any(title.startswith("diagnosis % ↑\nn ") for title in table.titles)
    assert all(cells[4].note == "" for cells in table.rows)
    assert [one["method"] for one in plain_rows(table)] == ["untouched", "better", "worse", "gone"]
    text = overview_markdown(table)
    assert "- gone: no weights" in text
    widths = {line.count("|") for line in text.splitlines() if line.startswith("|")}
    assert widths == {len(table.titles) + 1}


def test_suites_share_no_table():
    assert len(overviews([row("a"), row("a", "clinic")])) == 2


def test_peak_memory_forgets_what_was_before():
    grown = np.ones(30_000_000)
    grown.sum()
    del grown
    before = PeakMemory()
    small = before.mb()["peak_memory_mb"]
    grown = np.ones(40_000_000)
    assert grown[0] and before.mb()["peak_memory_mb"] >= small + 250
    del grown
    assert PeakMemory().mb()["peak_memory_mb"] < before.mb()["peak_memory_mb"] + 1
    assert largest([{"a": 1.0}, {"a": 3.0, "b": 2.0}, {}]) == {"a": 3.0, "b": 2.0}
