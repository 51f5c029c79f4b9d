"""Sheets of methods: rows by what the card promises, drawn faces alone unless people are asked for."""

from __future__ import annotations

import json

import numpy as np
import pytest
from fake_parts import SIDE as FACE
from fake_parts import Locked, card
from PIL import Image

from medbench.cli.main import main
from medbench.reports import faces as reports
from medbench.reports import method_sheet
from medbench.reports.method_sheet import LABEL, SIDE


class Mirrored(Locked):
    """Upside down; turning it again restores, without a key."""

    card = card("fake_mirrored", reversible=True)

    def anonymize(self, batch, keys=None):
        return batch.images.flip(2)

    def restore(self, images, keys):
        return images.flip(2)


@pytest.fixture
def say(fake_parts, monkeypatch, tmp_path, capsys):
    methods = {**fake_parts.TARGETS["methods"], "fake_mirrored": "test_sheet:Mirrored"}
    monkeypatch.setitem(fake_parts.TARGETS, "methods", methods)
    monkeypatch.setattr(method_sheet, "DRAWN", ("fake",))

    def call(*words, suite="fake"):
        with pytest.raises(SystemExit) as ended:
            main(["sheet", "--suite", suite, "--out", str(tmp_path / "out"), *map(str, words)])
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return call


def tiles(file):
    """Rows of the sheet's tiles, each (SIDE, SIDE, 3) float."""
    picture = np.asarray(Image.open(file)).astype(float)[:, LABEL:]
    return [
        np.split(row, picture.shape[1] // SIDE, axis=1) for row in np.split(picture, len(picture) // SIDE)
    ]


def test_a_keyed_method_has_four_rows_and_only_the_right_key_brings_the_face_back(say, tmp_path):
    code, _, _ = say("--method", "fake_locked", "--count", 3)
    assert code == 0
    original, protected, right, wrong = tiles(tmp_path / "out" / "fake_locked.png")
    assert len(original) == 3
    for column in range(3):
        away = [np.abs(row[column] - original[column]).mean() for row in (protected, right, wrong)]
        assert away[1] < 1 < min(away[0], away[2])
    assert np.abs(wrong[0] - protected[0]).mean() > 1


def test_rows_follow_the_card(say, tmp_path):
    say("--method", "fake_untouched,fake_mirrored", "--count", 2)
    assert len(tiles(tmp_path / "out" / "fake_untouched.png")) == 2
    original, _, restored = tiles(tmp_path / "out" / "fake_mirrored.png")
    assert np.abs(original[0] - restored[0]).max() < 3


def test_all_methods_are_drawn_and_refusals_told(say):
    code, out, _ = say("--method", "all", "--count", 2, "--json")
    found = json.loads(out)["sheets"]
    assert code == 0 and set(found) == {
        "fake_untouched", "fake_locked", "fake_moody", "fake_hopeless", "fake_mirrored",
    }  # fmt: skip
    assert found["fake_hopeless"]["refused"] == 2, "grey tiles, and said so"


def test_people_are_not_shown_unless_asked_for(say, tmp_path, monkeypatch):
    monkeypatch.setattr(method_sheet, "DRAWN", ())
    code, _, err = say("--method", "fake_untouched")
    assert code == 2 and "--with-images" in err
    assert not (tmp_path / "out").exists()
    assert say("--method", "fake_untouched", "--with-images", "--count", 1)[0] == 0


def test_faces_are_those_of_as_many_people(fake_parts):
    found = reports.pick_faces("fake", None, 6)
    assert len({name.split("-")[1] for name in found.ids}) == 6
    assert found.images[0].shape == (FACE, FACE, 3)
