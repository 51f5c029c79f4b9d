"""A run becomes a row, and a row that was touched is found out."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pytest
import yaml

from medbench.cli.main import main
from medbench.leaderboards.submissions.check import verify
from medbench.leaderboards.submissions.figures import recomputed
from medbench.leaderboards.submissions.place import Place
from medbench.leaderboards.submissions.write import submit
from medbench.request import Request
from medbench.result import Result
from medbench.runner import run

pytestmark = pytest.mark.usefixtures("fakes_of_module")

FEW = "id_dis,diagnosis,matching,counts"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    report = run(Request(("fake_locked", "fake_moody"), "fake", out=out, metrics=(FEW,), wrong_keys=0))
    return {result.method.name: folder.path for folder, result in report.results}


@pytest.fixture
def row(runs, tmp_path):
    return submit(runs["fake_locked"], tmp_path / "results", with_samples=True).place


def say(*arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return ended.value.code


def failing(file, samples=None):
    return {check.name: check.detail for check in verify(file, samples) if check.ok is False}


def rewrite(place, change):
    """Change the result and make the card fit again, as a forger would."""
    from medbench.leaderboards.submissions.place import sha256_of

    told = json.loads(place.result.read_text())
    change(told)
    place.result.write_text(json.dumps(told))
    card = yaml.safe_load(place.card.read_text())
    card["submission"]["result_sha256"] = sha256_of(place.result)
    card["submission"]["samples_sha256"] = sha256_of(place.samples)
    place.card.write_text(yaml.safe_dump(card))


def test_a_run_is_written_as_a_row_with_its_card(row, runs):
    assert row.result.parts[-2:] == ("fake", "fake-locked.json")
    assert Result.read(row.result) == Result.read(runs["fake_locked"] / "result.json")
    card = yaml.safe_load(row.card.read_text())
    assert card["name"] == "fake_locked" and card["submission"]["command"].startswith("medbench run")


def test_an_honest_row_passes_and_its_figures_are_worked_out_again(row, runs):
    checks = {check.name: check for check in verify(row.result)}
    assert not [check for check in checks.values() if check.ok is False]
    assert checks["figures"].ok and checks["samples"].ok and checks["suite"].ok
    assert say("verify-submission", row.result) == 0


def test_failed_samples_do_not_hinder(runs, tmp_path):
    place = submit(runs["fake_moody"], tmp_path, with_samples=True).place
    assert failing(place.result) == {}


def test_means_are_those_of_numpy(row):
    table = pd.read_parquet(row.samples)
    found = recomputed(Result.read(row.result), table)
    assert found["id_dis", "all"].value == pytest.approx(np.nanmean(table["id_dis"]))
    by_class = table.groupby("disease")["diagnosis_correct"].mean()
    assert found["diagnosis_accuracy", "all"].value == pytest.approx(by_class.mean())
    assert found["diagnosis_accuracy", "class=BCC"].value == pytest.approx(by_class["BCC"])


@pytest.mark.parametrize("part", ["value", "high", "n"])
def test_a_changed_digit_is_found(row, part):
    def change(told):
        figure = next(one for one in told["estimates"] if one["metric"] == "id_dis")
        figure[part] = figure[part] + 1

    rewrite(row, change)
    assert "id_dis all" in failing(row.result)["figures"]
    assert say("verify-submission", row.result) == 1


def test_a_file_touched_after_it_was_written_is_found(row):
    row.result.write_text(row.result.read_text() + "\n")
    assert "sha256" in failing(row.result)["card"]


def test_samples_of_another_run_are_found(row, runs):
    assert "sha256" in failing(row.result, runs["fake_moody"] / "samples.parquet")["card"]
    table = pd.read_parquet(row.samples)
    table["disease"] = table["disease"].to_numpy()[::-1]
    table.to_parquet(row.samples)
    rewrite(row, lambda told: None)
    assert "disease" in failing(row.result)["samples"]


@pytest.mark.parametrize(
    ("change", "check", "word"),
    [
        (lambda told: told.update(extra=1), "schema", "extra"),
        (lambda told: told["suite"].update(version="0"), "suite", "run again"),
        (lambda told: told["suite"].update(fingerprint="0"), "suite", "other data"),
        (lambda told: told["suite"].update(selection="0"), "suite", "--limit"),
        (lambda told: told["suite"].update(name="nowhere"), "suite", "no suite"),
        (lambda told: told["suite"].update(synthetic=False), "suite", "synthetic"),
        (lambda told: told["counts"].update(n_failed=5), "counts", "add up"),
        (lambda told: told["method"].update(code="0"), "method", "run again"),
        (lambda told: told["estimates"].append(told["estimates"][0]), "estimates", "twice"),
        (lambda told: told["estimates"][0].update(low=9, high=8), "estimates", "runs from"),
        (lambda told: told["estimates"][0].update(value=-7), "estimates", "outside"),
        (lambda told: told["method"]["card"].update(licence="mine"), "card", "not the card"),
    ],
)
def test_what_is_wrong_is_named(row, change, check, word):
    rewrite(row, change)
    assert word in failing(row.result)[check]


def test_a_file_in_the_wrong_place_is_named(row, tmp_path):
    stray = tmp_path / "elsewhere.json"
    shutil.copyfile(row.result, stray)
    assert "should be fake" in failing(stray)["place"]


def test_wrong_use_is_told_apart(row, tmp_path, capsys):
    assert say("verify-submission", tmp_path / "absent.json") == 2
    assert say("verify-submission", row.result, "--samples", tmp_path / "absent.parquet") == 2
    assert say("submit", tmp_path / "absent") == 2
    assert "no finished run" in capsys.readouterr().err


def test_the_command_line_writes_and_reads_back(runs, tmp_path, capsys):
    folder = runs["fake_locked"].parents[1]
    assert say("submit", folder, "--method", "fake_locked", "--out", tmp_path, "--json") == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert len(files) == 2, "samples stay at home unless they are asked for"
    assert say("verify-submission", files[0], "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sound"] and {"name": "figures", "ok": None}.items() <= told["checks"][-1].items()
    samples = runs["fake_locked"] / "samples.parquet"
    assert say("verify-submission", files[0], "--samples", samples) == 0
    assert say("submit", folder, "--method", "nobody", "--out", tmp_path) == 2


def test_samples_that_tell_of_people_stay_at_home(runs, tmp_path):
    real = tmp_path / "run"
    shutil.copytree(runs["fake_locked"], real)
    told = json.loads((real / "result.json").read_text())
    told["suite"]["synthetic"] = False
    (real / "result.json").write_text(json.dumps(told))
    assert say("submit", real, "--out", tmp_path / "out", "--with-samples") == 2
    assert not (tmp_path / "out").exists()
    assert say("submit", real, "--out", tmp_path / "out") == 0


def test_one_method_has_one_row(row, runs):
    again = submit(runs["fake_locked"], row.result.parents[1]).place
    assert again.result == row.result, "measured again: replaced"
    other = row.result.with_name("other.json")
    row.result.rename(other)
    assert say("submit", runs["fake_locked"], "--out", row.result.parents[1]) == 2


def test_names_cannot_leave_the_folder(row):
    result = Result.read(row.result)
    method = result.method.model_copy(update={"name": "../../../etc/x"})
    suite = result.suite.model_copy(update={"name": "..\\up"})
    place = Place.of(result.model_copy(update={"method": method, "suite": suite}), row.result.parent)
    assert place.result.resolve().is_relative_to(row.result.parent.resolve())
