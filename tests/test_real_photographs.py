"""Real photographs in the documented layout: add, validate, run, report. They come with scikit-image."""

from __future__ import annotations

import json

import pytest
from PIL import Image

data = pytest.importorskip("skimage.data")


@pytest.fixture
def clinic(tmp_path, monkeypatch):
    """An astronaut on two visits, a cat, a cup of coffee."""
    monkeypatch.setenv("MEDBENCH_CONFIG", str(tmp_path / "config"))
    root = tmp_path / "clinic"
    (root / "visits").mkdir(parents=True)
    astronaut = data.astronaut()
    Image.fromarray(astronaut).save(root / "visits/first.png")
    Image.fromarray(astronaut[:300, 80:380]).save(root / "visits/second.jpg", quality=92)
    Image.fromarray(data.chelsea()).save(root / "cat.jpg")
    Image.fromarray(data.coffee()).save(root / "coffee.png")
    (root / "labels.csv").write_text(
        "file,subject,disease\nvisits/first.png,E. Collins,Normal\nvisits/second.jpg,E. Collins,Normal\n"
        "cat.jpg,Chelsea,Normal\ncoffee.png,a cup,Normal\n"
    )
    return root


def test_real_photographs_are_added_and_sound(clinic, call):
    assert call("data", "add", "own-photos", clinic)[0] == 0
    code, out, _ = call("data", "validate", "own-photos", "--json")
    report = json.loads(out)
    assert code == 0 and report["sound"]
    assert report["images"] == {"all": 4} and report["subjects"] == {"all": 3}


@pytest.mark.slow
def test_real_photographs_go_from_add_to_report(clinic, call, tmp_path):
    assert call("data", "add", "own-photos", clinic)[0] == 0
    runs = tmp_path / "runs"
    more = ("--suite", "own-photos", "--workers", "1", "--out", runs, "--json")
    code, out, err = call("run", "--method", "untouched,mosaic", *more)
    assert code == 0, err
    results = {run["result"]["method"]["name"]: run for run in json.loads(out)["runs"]}
    counts = results["mosaic"]["result"]["counts"]
    assert counts["n_total"] == 4 and counts["n_protected"] == 2 and counts["n_failed"] == 2
    moved = {
        row["metric"]: row["value"]
        for row in results["mosaic"]["result"]["estimates"]
        if row["group"] == "all" and row["reading"] == "excluded"
    }
    assert moved["id_dis"] > 0.5
    page = tmp_path / "report.html"
    code, _, err = call("report", results["mosaic"]["folder"], "--out", page)
    assert code == 0, err
    text = page.read_text(encoding="utf-8")
    for word in ("Collins", "Chelsea", "clinic", "visits"):
        assert word not in text
