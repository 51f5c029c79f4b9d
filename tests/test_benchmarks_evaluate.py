"""The plain script and medbench see the same; otherwise their times could not be compared."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from medbench.core import Seen
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.resample import Resampler
from medbench.metrics.verification import judge


@pytest.fixture(autouse=True)
def _root(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))


@pytest.mark.slow
def test_the_plain_script_sees_what_the_evaluators_see():
    pytest.importorskip("dlib")
    if find_spec("facenet_pytorch") is None:  # importing it here would bring torchvision without its shim
        pytest.skip("facenet-pytorch is not installed")
    from benchmarks.evaluate.plain import Plain
    from medbench.cache import look
    from medbench.registry import Registry
    from medbench.stages.pixels import psnr, ssim
    from medbench.suites.mini.render import render
    from medbench.suites.mini.splits import scene_of

    faces = [render(*scene_of(name)).image for name in ("val-0000-0", "val-0001-3")]
    plain = Plain()
    rows = [plain.look(face) for face in faces]
    boxes = np.stack([row["box"] for row in rows])
    assert all(row["hog"] and row["mtcnn"] for row in rows)
    for name, column in (("identity_dlib", "identity"), ("landmarks_dlib", "landmarks")):
        evaluator = Registry("evaluators").get(name)()
        evaluator.load("cpu")
        ours = look(evaluator, faces, boxes)[column]
        assert ours == pytest.approx(np.stack([row[column] for row in rows]), abs=1e-3)
    both = plain.compare(*faces)
    one, other = (face[None] for face in faces)
    assert ssim(one, other)[0] == pytest.approx(both["ssim"], abs=1e-9)
    assert psnr(one, other)[0] == pytest.approx(both["psnr"], abs=1e-3)


def test_plain_figures_are_those_of_medbench():
    from benchmarks.evaluate.plain_figures import _Verification

    rng = np.random.default_rng(0)
    people = np.repeat([f"p{s:02d}" for s in range(20)], 4)
    faces = rng.normal(size=(20, 16))[np.repeat(np.arange(20), 4)] + rng.normal(size=(80, 16))
    low, high = _Verification(faces, faces, people)(400)
    seen = Seen(tuple(map(str, range(80))), pd.DataFrame({"subject": people}), {}, np.zeros(80, bool))
    _, draws = judge(faces, faces, clusters_of(seen), Resampler(("plain",), draws=400))
    assert np.quantile(draws["auc"], [0.025, 0.975]) == pytest.approx((low, high), abs=0.01)


def test_figures_seconds_grow_with_the_draws_asked():
    from benchmarks.evaluate import plain_figures

    rng = np.random.default_rng(1)
    faces = rng.normal(size=(40, 8))
    told = rng.dirichlet(np.ones(3), 40)
    found = {f"{role}.{name}": v for role in ("original", "protected") for name, v in
             (("identity", faces), ("diagnosis", told))} | {"ssim": rng.random(40)}  # fmt: skip
    truth, people = np.array(["a", "b"] * 20), np.repeat(np.arange(10).astype(str), 4)
    timed = plain_figures.seconds(found, truth, people, draws=300, timed=3)
    assert timed > 0 and sum(times for times, _ in plain_figures.calls(found, truth, people)) > 50


def test_overhead_is_told_in_percent():
    from benchmarks.evaluate.ours import Overhead

    assert Overhead(2.0, 2.05).percent == pytest.approx(2.5)
