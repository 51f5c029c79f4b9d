"""medbench report: one file, no script, no pixels unless they are asked for."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from board_result import MARKUP, hostile, row
from PIL import Image
from tables_result import estimate

from medbench.cli.main import main
from medbench.registry import Registry
from medbench.reports.class_table import class_table
from medbench.reports.faces import before_and_after, pick_faces, webp
from medbench.reports.run_report import run_report
from medbench.request import Request
from medbench.runner import run


def say(*arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return ended.value.code


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A run of a keyed method on the fake suite."""
    import fake_parts

    known = Registry.targets
    out = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Registry, "targets", lambda self: fake_parts.TARGETS.get(self.kind) or known(self))
        patch.setenv("MEDBENCH_CACHE", str(out / "cache"))
        names = ("fake_moody", "fake_locked")
        report = run(Request(names, "fake", out=out / "runs", metrics=("diagnosis,counts",), wrong_keys=0))
        yield {result.method.name: folder.path for folder, result in report.results}


def test_it_holds_figures_failures_and_environment_and_loads_nothing(place):
    text = run_report([place["fake_moody"]])
    assert "<script" not in text and "http" not in re.sub(r"http-equiv", "", text)
    assert "<img" not in text and "data:image" not in text and "It holds no pictures" in text
    assert "default-src 'none'" in text
    for words in ("no face found", "Diagnosis accuracy", "torch", "medbench run --method fake_moody", "BCC"):
        assert words in text, words
    assert text.count('class="forest"') == 2


def test_several_runs_stand_below_one_another(place, tmp_path):
    out = tmp_path / "r.html"
    assert say("report", place["fake_moody"].parent, "--out", out) == 0
    assert re.findall("<h1>(.*)</h1>", out.read_text()) == ["fake_locked", "fake_moody"]


def test_pictures_are_there_on_request_alone_and_bear_no_metadata(place, tmp_path):
    out = tmp_path / "r.html"
    assert say("report", place["fake_locked"], "--out", out, "--with-images") == 0
    (data,) = re.findall(r'src="data:image/webp;base64,([^"]+)"', out.read_text())
    picture = Image.open(io.BytesIO(base64.b64decode(data)))
    assert picture.size == (5 * 120, 4 * 120), "original, protected, right key, wrong key"
    assert not picture.getexif() and "icc_profile" not in picture.info and "xmp" not in picture.info


def test_a_refused_picture_is_a_grey_tile(place):
    import fake_parts

    faces = pick_faces("fake", "val")
    rows = before_and_after(fake_parts.Moody(), faces, "0")
    assert list(rows) == ["original", "protected"]
    refused = [one.endswith(("-0", "-1", "-2")) for one in faces.ids]
    assert any(refused) and [picture is None for picture in rows["protected"]] == refused
    tile = np.asarray(Image.open(io.BytesIO(webp([[None]]))))
    assert tile.shape == (120, 120, 3) and abs(int(tile.mean()) - 128) < 3


def test_words_of_others_are_text(tmp_path):
    hostile().write(tmp_path / "result.json")
    text = run_report([tmp_path])
    assert MARKUP not in text and "<img" not in text
    assert "&lt;img src=" in text


def test_wrong_use_is_told(place, tmp_path, capsys):
    assert say("report", tmp_path) == 2
    assert "no finished run" in capsys.readouterr().err
    row("keeper", "clinic").write(tmp_path / "result.json")
    assert say("report", tmp_path, "--with-images", "--out", tmp_path / "r.html") == 2
    assert "--suite" in capsys.readouterr().err


def test_classes_stand_in_rows():
    rows = [
        estimate("diagnosis_accuracy", 0.5, 0.4, 0.6),
        estimate("diagnosis_accuracy", 0.25, 0.1, 0.4, group="class=BCC", n=9),
        estimate("diagnosis_kappa", 0.1, 0.0, 0.2, group="class=TAO", n=8),
    ]
    table = class_table(rows)
    assert table.titles == ("Diagnosis accuracy", "Diagnosis kappa")
    assert table.rows == (("BCC", ("0.25 [0.1, 0.4], n 9", "–")), ("TAO", ("–", "0.1 [0, 0.2], n 8")))
    assert class_table(rows[:1]) is None
