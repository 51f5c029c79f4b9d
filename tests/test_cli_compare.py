"""medbench compare: two runs sample by sample."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import balanced_accuracy_score

from medbench.reports.forest import forest_line
from medbench.request import Request
from medbench.runner import run

FEW = "id_dis,diagnosis,quality,counts"


@pytest.fixture(scope="module")
def real_runs(tmp_path_factory):
    """Runs of three fake methods, made once."""
    import fake_parts

    from medbench.registry import Registry

    out = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        known = Registry.targets
        patch.setattr(Registry, "targets", lambda self: fake_parts.TARGETS.get(self.kind) or known(self))
        patch.setenv("MEDBENCH_CACHE", str(out / "cache"))
        names = ("fake_untouched", "fake_locked", "fake_moody")
        report = run(Request(names, "fake", out=out / "runs", metrics=(FEW,), wrong_keys=0))
        short = run(Request(names[:1], "fake", out=out / "short", metrics=(FEW,), limit=8))
    places = {result.method.name: folder.path for folder, result in report.results}
    return {**places, "short": short.results[0][0].path}


@pytest.fixture
def runs(real_runs, tmp_path):
    """Copies that a test may change."""
    return {name: shutil.copytree(path, tmp_path / name) for name, path in real_runs.items()}


def edit(folder, change):
    table = pd.read_parquet(folder / "samples.parquet")
    change(table)
    table.to_parquet(folder / "samples.parquet", index=False)


def lines(call, *arguments):
    code, out, err = call("compare", *arguments, "--json")
    assert code == 0, err
    found = json.loads(out)
    return found, {line["name"]: line for line in found["differences"]}


def test_differences_are_those_of_the_samples(runs, call):
    found, named = lines(call, runs["fake_locked"], runs["fake_untouched"])
    tables = [pd.read_parquet(runs[name] / "samples.parquet") for name in ("fake_locked", "fake_untouched")]
    line = named["id_dis"]
    assert line["first"] == pytest.approx(tables[0]["id_dis"].mean())
    assert line["difference"] == pytest.approx((tables[0]["id_dis"] - tables[1]["id_dis"]).mean())
    assert line["low"] < line["difference"] < line["high"]
    assert line["n"] == 48 and line["favours"] == "first"
    assert found["resampled"] == "subject"
    assert named["psnr_protected"]["favours"] == "", "more or less change is neither good nor bad"
    assert found["not_paired"] == ["diagnosis_retention"]


def test_p_values_are_corrected_for_being_several(runs, call):
    _, named = lines(call, runs["fake_locked"], runs["fake_moody"])
    tested = sorted(line["p"] for line in named.values() if line["p"] is not None)
    least = min(line["p_holm"] for line in named.values() if line["p"] is not None)
    assert least == pytest.approx(min(1, tested[0] * len(tested)))
    assert all(line["p_holm"] >= line["p"] for line in named.values() if line["p"] is not None)


def test_swapping_the_two_turns_the_signs(runs, call):
    _, there = lines(call, runs["fake_locked"], runs["fake_untouched"])
    _, back = lines(call, runs["fake_untouched"], runs["fake_locked"])
    for name, line in there.items():
        if line["n"]:
            assert back[name]["difference"] == pytest.approx(-line["difference"])
            assert back[name]["low"] == pytest.approx(-line["high"])
            assert back[name]["p"] == line["p"]


def test_flips_and_the_mean_of_classes(runs, call):
    """Four samples of one disease are misread with the second method, one with the first."""

    def wrong(rows):
        def change(table):
            table.loc[rows(table), "diagnosis_correct"] = 0.0

        return change

    def with_tao(table):
        return table.index[table["disease"] == "TAO"]

    for name in ("fake_locked", "fake_untouched"):
        edit(runs[name], lambda table: table.__setitem__("diagnosis_correct", 1.0))
    edit(runs["fake_locked"], wrong(lambda table: with_tao(table)[:1]))
    edit(runs["fake_untouched"], wrong(lambda table: with_tao(table)[1:5]))
    found, named = lines(call, runs["fake_locked"], runs["fake_untouched"])
    (flips,) = [row for row in found["flips"] if row["name"] == "diagnosis_correct"]
    assert len(flips["only_first"]) == 4 and len(flips["only_second"]) == 1
    table = pd.read_parquet(runs["fake_untouched"] / "samples.parquet")
    disease = table["disease"].to_numpy(dtype=str)
    said = np.where(table["diagnosis_correct"] == 1, disease, "Normal")
    line = named["diagnosis_correct, mean of classes"]
    assert line["second"] == pytest.approx(balanced_accuracy_score(disease, said))
    assert line["difference"] == pytest.approx(3 / (disease == "TAO").sum() / 8)
    assert named["diagnosis_correct"]["difference"] == pytest.approx(3 / 48)
    code, out, _ = call("compare", runs["fake_locked"], runs["fake_untouched"])
    assert code == 0
    assert "only A: 4" in out and "only B: 1" in out


def test_failed_samples_are_left_out_and_counted(runs, call):
    _, named = lines(call, runs["fake_moody"], runs["fake_untouched"])
    assert named["failed"]["first"] == pytest.approx(37 / 48)
    assert named["failed"]["favours"] == "second"
    assert named["id_dis"]["n"] == 11


def test_samples_of_one_run_only_are_left_out_and_told(runs, call):
    found, named = lines(call, runs["short"], runs["fake_locked"])
    assert named["id_dis"]["n"] == 8
    assert "8 of 48 samples" in found["notes"][0]
    _, out, _ = call("compare", runs["short"], runs["fake_locked"])
    assert "too few to tell methods apart" in out, "two subjects cannot give a small p-value"


def test_the_plot_is_svg_with_a_row_for_each_line(runs, call, tmp_path):
    file = tmp_path / "plot.svg"
    result = runs["fake_locked"] / "result.json"
    result.write_text(result.read_text().replace('"name": "fake_locked"', '"name": "<script>x</script>"'))
    code, out, _ = call("compare", runs["fake_locked"], runs["fake_untouched"], "--plot", file)
    assert code == 0 and "plot.svg" in out
    root = ElementTree.parse(file).getroot()
    assert not [node for node in root.iter() if node.tag.endswith("script")]
    circles = [node for node in root.iter() if node.tag.endswith("circle")]
    _, named = lines(call, runs["fake_locked"], runs["fake_untouched"])
    assert len(circles) == sum(line["difference"] is not None for line in named.values())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"split": "val"', '"split": "test"', "different suites (split"),
        ('"fingerprint": "fake-val-1"', '"fingerprint": "other"', "different suites (fingerprint"),
        (
            '"fake_doctor": "fake-doctor-1"',
            '"fake_doctor": "fake-doctor-2"',
            "different versions of fake_doctor",
        ),
    ],
)
def test_runs_that_may_not_be_compared(runs, call, old, new, told):
    file = runs["fake_locked"] / "result.json"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    code, _, err = call("compare", runs["fake_locked"], runs["fake_untouched"])
    assert code == 2
    assert told in err


def test_places_without_one_finished_run(runs, call, tmp_path):
    for place, told in ((tmp_path / "nowhere", "no finished run"), (tmp_path, "name one of them")):
        code, _, err = call("compare", place, runs["fake_locked"])
        assert code == 2
        assert told in err
    (runs["fake_moody"] / "samples.parquet").unlink()
    code, _, err = call("compare", runs["fake_locked"], runs["fake_moody"] / "result.json")
    assert code == 2 and "run the method again" in err


@pytest.mark.parametrize(
    ("interval", "mirrored", "drawn"),
    [
        ((1, 0.5, 2), False, "    │─●──"),
        ((1, 0.5, 2), True, "──●─│    "),
        ((0, 0, 0), False, "    ●    "),
        ((1, -2, 2), False, "────┼─●──"),
    ],
)
def test_a_forest_of_letters(interval, mirrored, drawn):
    assert forest_line(*interval, mirrored=mirrored, width=9) == drawn
