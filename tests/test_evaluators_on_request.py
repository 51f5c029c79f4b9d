"""Official evaluators run where they are asked for, and nowhere else."""

from __future__ import annotations

import pytest

from medbench.catalogue import catalogue
from medbench.core import Unavailable
from medbench.metrics.matching import FaceMatchingRate
from medbench.progress import Progress
from medbench.registry import Registry
from medbench.stages.calibrate import calibrate
from medbench.stages.panel import assemble_panel


class _Needs:
    """Stands for a metric: all that a panel asks of it."""

    def __init__(self, *needs):
        self.needs = needs


@pytest.fixture
def parts(fake_parts, monkeypatch):
    class Official(fake_parts.FakeRecogniser):
        name = "official_recogniser"
        automatic = False

        def fingerprint(self):
            return "official-1"

        def look(self, images, boxes=None):
            return {"identity": 10 * super().look(images, boxes)["identity"]}

    class Painter(fake_parts.FakeRecogniser):
        name = "official_painter"
        produces = ("likeness",)
        automatic = False

        def load(self, device="cpu"):
            raise Unavailable("medbench weights fetch painter")

    # Named so that it would come first, were names the only thing that counted.
    targets = {"a_official": "fake_parts:Official", "a_painter": "fake_parts:Painter"}
    monkeypatch.setattr(fake_parts, "Official", Official, raising=False)
    monkeypatch.setattr(fake_parts, "Painter", Painter, raising=False)
    monkeypatch.setitem(fake_parts.TARGETS, "evaluators", {**fake_parts.TARGETS["evaluators"], **targets})
    return fake_parts


METRICS = (_Needs("protected.identity"), _Needs("protected.likeness"))


def test_it_is_never_taken_in_silence(parts):
    panel = assemble_panel(METRICS, (), "cpu", None)
    assert sorted(panel.fingerprints()) == ["fake_detector", "fake_recogniser"]
    assert "--evaluator official_painter" in panel.missing["likeness"]
    assert "identity" not in panel.missing


def test_asked_for_it_takes_the_embedded_ones_place(parts):
    panel = assemble_panel(METRICS, ("a_official",), "cpu", None)
    assert sorted(panel.fingerprints()) == ["fake_detector", "official_recogniser"]


def test_asked_for_without_weights_it_stops_the_run(parts):
    with pytest.raises(Unavailable, match="weights fetch painter"):
        assemble_panel(METRICS, ("a_painter",), "cpu", None)


def test_each_recogniser_gets_its_own_threshold(parts, tmp_path):
    frozen = []
    for chosen in ((), ("a_official",), ()):
        panel = assemble_panel([FaceMatchingRate], chosen, "cpu", None)
        found = calibrate(parts.FakeSuite(), "val", [FaceMatchingRate], panel, tmp_path, Progress())
        frozen.append(found.values["identity_threshold"])
    assert frozen[1] == pytest.approx(10 * frozen[0], rel=1e-4)
    assert frozen[2] == frozen[0]
    assert len(list(tmp_path.glob("*.json"))) == 2, "kept apart by the recogniser's fingerprint"


def test_the_list_says_which_are_automatic_as_the_classes_do():
    for row in catalogue("evaluators"):
        kind = Registry("evaluators").get(row["name"])
        assert row["automatic"] == kind.automatic, row["name"]


def test_one_automatic_evaluator_for_each_column():
    owners = {}
    for name in Registry("evaluators").names():
        kind = Registry("evaluators").get(name)
        for column in kind.produces if kind.automatic else ():
            assert owners.setdefault(column, name) == name
