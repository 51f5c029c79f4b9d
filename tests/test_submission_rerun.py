"""A row whose samples and figures were forged together agrees with itself, and not with the method."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from test_submissions import rewrite, say

from medbench.core import MedbenchError
from medbench.leaderboards.submissions.check import verify
from medbench.leaderboards.submissions.figures import recomputed
from medbench.leaderboards.submissions.rerun import Again
from medbench.leaderboards.submissions.write import submit
from medbench.request import Request
from medbench.result import Result
from medbench.runner import run

pytestmark = pytest.mark.usefixtures("fakes_of_module")

FEW = "id_dis,diagnosis,diagnosis_kappa,matching,counts"
OUTSIDE = """
from fake_parts import Locked


class Elsewhere(Locked):
    card = Locked.card.model_copy(update={"name": "elsewhere"})
"""


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    file = tmp_path_factory.mktemp("outside") / "elsewhere.py"
    file.write_text(OUTSIDE)
    return f"{file}:Elsewhere"


@pytest.fixture(scope="module")
def runs(tmp_path_factory, outside):
    out = tmp_path_factory.mktemp("runs")
    methods = ("fake_locked", "fake_untouched", "fake_moody", outside)
    report = run(Request(methods, "fake", out=out, metrics=(FEW,), wrong_keys=0))
    return {result.method.name: folder.path for folder, result in report.results}


def row_of(runs, name, folder):
    return submit(runs[name], folder / "results", with_samples=True).place


def checks_of(place, again):
    return {check.name: check for check in verify(place.result, again=again)}


@pytest.mark.parametrize("name", ["fake_locked", "fake_moody"])
def test_an_honest_row_comes_out_again(runs, tmp_path, name):
    found = checks_of(row_of(runs, name, tmp_path), Again(12, "a"))
    assert found["rerun"].ok, found["rerun"].detail
    assert "12 of 48 samples, drawn by --rerun-seed a" in found["rerun"].detail
    whole = checks_of(row_of(runs, name, tmp_path), Again(None, "a"))
    assert whole["rerun"].ok and whole["figures again"].ok


def test_samples_and_figures_forged_together_are_found_by_the_rerun_alone(runs, tmp_path):
    """The figures of one method under the name of another: nothing contradicts itself."""
    place = row_of(runs, "fake_untouched", tmp_path)
    stolen = json.loads((runs["fake_locked"] / "result.json").read_text())["method"]
    forged = Result.model_validate({**json.loads(place.result.read_text()), "method": stolen})
    run_of_it = tmp_path / "forged"
    forged.write(run_of_it / "result.json")
    pd.read_parquet(place.samples).to_parquet(run_of_it / "samples.parquet")
    place = submit(run_of_it, tmp_path / "board", with_samples=True).place
    assert not [check for check in verify(place.result) if check.ok is False], "it agrees with itself"
    found = checks_of(place, Again(12, "b"))
    assert found["rerun"].ok is False and "id_dis differs in 12 samples" in found["rerun"].detail
    assert say("verify-submission", place.result, "--rerun", "12") == 1


def test_a_few_changed_samples_are_found_by_as_many_more(runs, tmp_path):
    place = row_of(runs, "fake_locked", tmp_path)
    table = pd.read_parquet(place.samples)
    table.loc[:23, "id_dis"] += 0.4
    table.to_parquet(place.samples)

    def follow(told):
        made = recomputed(Result.read(place.result), table)
        for one in told["estimates"]:
            own = made.get((one["metric"], one["group"]))
            if one["metric"] == "id_dis" and one["reading"] == "excluded" and own:
                one |= {"value": own.value, "low": own.low, "high": own.high}

    rewrite(place, follow)
    assert not [check for check in verify(place.result) if check.ok is False]
    assert checks_of(place, Again(24, "c"))["rerun"].ok is False


def test_a_figure_that_rests_on_pairs_is_compared_when_all_run_again(runs, tmp_path):
    place = row_of(runs, "fake_locked", tmp_path)

    def change(told):
        (one,) = [
            e for e in told["estimates"] if (e["metric"], e["group"]) == ("diagnosis_kappa", "all")
            and e["reading"] == "excluded"
        ]  # fmt: skip
        one["value"], one["low"] = 0.99, min(one["low"], 0.99)
        one["high"] = max(one["high"], 0.99)

    rewrite(place, change)
    assert checks_of(place, Again(12, "d"))["rerun"].ok, "the samples are honest"
    whole = checks_of(place, Again(None, "d"))
    assert whole["rerun"].ok and "diagnosis_kappa all" in whole["figures again"].detail


def test_another_threshold_is_found(runs, tmp_path):
    place = row_of(runs, "fake_locked", tmp_path)
    rewrite(place, lambda told: told["calibration"].update(identity_threshold=0.9))
    assert checks_of(place, Again(12, "e"))["judges"].ok is False


def test_a_method_of_elsewhere_is_named_by_its_file(runs, tmp_path, outside):
    place = row_of(runs, "elsewhere", tmp_path)
    found = checks_of(place, Again(12, "f"))
    assert found["rerun"].ok is None and "--method" in found["rerun"].detail
    assert checks_of(place, Again(12, "f", outside))["rerun"].ok
    place.samples.unlink()
    assert checks_of(place, Again(12, "f", outside))["rerun"].ok is None
    without = checks_of(place, Again(None, "f", outside))
    assert without["figures again"].ok and without["figures"].ok is None, "all of it, without samples"


def test_a_number_is_asked_for(runs, tmp_path):
    place = row_of(runs, "fake_locked", tmp_path)
    assert say("verify-submission", place.result, "--rerun", "many") == 2
    with pytest.raises(MedbenchError):
        verify(tmp_path / "nothing.json", again=Again(1, "g"))
