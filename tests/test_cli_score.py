"""medbench score: pictures protected elsewhere go the way of a run."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from medbench.keys import Key
from medbench.request import Request
from medbench.runner import run
from medbench.stages.protect import protect, restore

FEW = "id_dis,diagnosis,reversibility,quality,counts"


@pytest.fixture
def elsewhere(fake_parts, tmp_path):
    """The fake suite's val split protected with the keys of a run, and brought back: two folders."""
    suite, method = fake_parts.FakeSuite(), fake_parts.Locked()
    folders = tmp_path / "protected", tmp_path / "restored"
    for folder in folders:
        folder.mkdir()
    index = suite.index("val")
    for name in index["id"]:
        image = suite.read("val", name).image[None]
        keys = [Key.from_names("0", "fake", "own", name)]
        done = protect(method, image, [name], index[:1], keys).images
        Image.fromarray(done[0]).save(folders[0] / f"{name}.png")
        Image.fromarray(restore(method, done, keys).images[0]).save(folders[1] / f"{name}.png")
    return folders


def score(call, tmp_path, images, *more):
    arguments = ("--suite", "fake", "--images", images, "--metrics", FEW, "--out", tmp_path / "runs")
    code, out, err = call("score", *arguments, "--json", *more)
    return code, json.loads(out), err


def figures(result, metrics):
    return {
        (row["metric"], row["group"], row["reading"]): (row["value"], row["low"], row["high"], row["n"])
        for row in result["estimates"]
        if row["metric"] in metrics
    }


def test_the_figures_are_those_of_the_method_itself(elsewhere, call, tmp_path):
    code, scored, _ = score(call, tmp_path, elsewhere[0], "--restored", elsewhere[1], "--name", "theirs")
    assert code == 0
    report = run(Request(("fake_locked",), "fake", out=tmp_path / "own", metrics=(FEW,), wrong_keys=0))
    own = report.results[0][1].model_dump(mode="json")
    same = {row["metric"] for row in own["estimates"]}
    assert {"id_dis", "diagnosis_accuracy", "psnr_restored"} <= same
    assert figures(scored["result"], same) == figures(own, same)
    assert scored["result"]["method"]["backend"] == "images"
    assert scored["result"]["method"]["name"] == "theirs"
    assert scored["result"]["suite"] == own["suite"]


def test_missing_extra_and_wrong_size_are_told_and_fail(elsewhere, call, tmp_path):
    images = elsewhere[0]
    (images / "val-000-0.png").unlink()
    Image.fromarray(np.zeros((32, 80, 3), np.uint8)).resize((80, 70)).save(images / "val-000-1.png")
    (images / "val-000-2.png").write_bytes(b"no picture at all")
    Image.fromarray(np.zeros((64, 64, 3), np.uint8)).save(images / "val-999-0.png")
    code, scored, _ = score(call, tmp_path, images)
    assert code == 0
    assert scored["missing"] == ["val-000-0"]
    assert [name.rpartition("/")[2] for name in scored["extra"]] == ["val-999-0.png"]
    result = scored["result"]
    assert result["counts"]["n_failed"] == 3 and result["counts"]["n_protected"] == 45
    assert result["failures"] == {
        "no picture of this sample": 1,
        "picture cannot be read, not a picture": 1,
        "wrong size": 1,
    }
    readings = {row["reading"] for row in result["estimates"] if row["metric"] == "id_dis"}
    assert readings == {"excluded", "unprotected"}
    arguments = ("--suite", "fake", "--images", images, "--metrics", FEW, "--out", tmp_path / "runs")
    code, out, err = call("score", *arguments)
    assert code == 0 and "images (images)" in out
    assert "1 samples have no picture and count as failed: val-000-0" in err
    assert "1 files are named after no sample" in err
    assert "80 x 70 px, the original is 64 x 64" in err


def test_other_pictures_are_another_run(elsewhere, call, tmp_path):
    first = score(call, tmp_path, elsewhere[0])[1]["folder"]
    assert score(call, tmp_path, elsewhere[0])[1]["folder"] == first
    Image.fromarray(np.full((64, 64, 3), 90, np.uint8)).save(elsewhere[0] / "val-000-0.png")
    assert score(call, tmp_path, elsewhere[0])[1]["folder"] != first


def test_a_limit_makes_no_picture_superfluous(elsewhere, call, tmp_path):
    code, scored, _ = score(call, tmp_path, elsewhere[0], "--limit", "8")
    assert code == 0
    assert scored["result"]["counts"]["n_total"] == 8
    assert scored["extra"] == [] and scored["missing"] == []


def test_photographs_are_found_by_their_place(fake_parts, call, tmp_path):
    rng = np.random.default_rng(8)
    for folder in ("photos", "hidden"):
        for place in ("a/one", "b/one"):
            file = tmp_path / folder / f"{place}.{'jpg' if folder == 'photos' else 'png'}"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(rng.integers(60, 200, (64, 64, 3), dtype=np.uint8)).save(file)
    arguments = ("--suite", tmp_path / "photos", "--images", tmp_path / "hidden", "--out", tmp_path / "runs")
    code, out, _ = call("score", *arguments, "--json")
    assert code == 0
    assert json.loads(out)["result"]["counts"]["n_protected"] == 2


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (None, "no such folder"),
        (("stranger.png",), "no picture named after a sample; names are e.g. val-000-0"),
        (("val-000-0.png", "val-000-0.bmp"), "both named after one sample"),
    ],
)
def test_wrong_use(fake_parts, call, tmp_path, files, told):
    folder = tmp_path / "theirs"
    for name in files or ():
        folder.mkdir(exist_ok=True)
        Image.fromarray(np.zeros((64, 64, 3), np.uint8)).save(folder / name)
    code, _, err = call("score", "--suite", "fake", "--images", folder, "--out", tmp_path / "runs")
    assert code == 2
    assert told in err


def test_nothing_usable_ends_in_1(fake_parts, call, tmp_path):
    folder = tmp_path / "theirs"
    folder.mkdir()
    Image.fromarray(np.zeros((70, 64, 3), np.uint8)).save(folder / "val-000-0.png")
    code, scored, _ = score(call, tmp_path, folder)
    assert code == 1
    assert scored["result"]["counts"]["n_failed"] == 48
