"""What holds for every metric: found by itself, both readings, per-sample columns, no heavy import."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from metric_cases import seen_of

from medbench.metrics.metric import Metric
from medbench.metrics.statistics.resample import Resampler
from medbench.registry import Registry

ALL = [metric for stem in Registry("metrics").names() for metric in Registry("metrics").get(stem)]
FAILED = (3, 4, 5, 77)


def test_names_are_unique():
    names = [metric.name for metric in ALL]
    assert len(names) == len(set(names)) >= 20


@pytest.mark.parametrize("metric", ALL, ids=lambda m: m.name)
def test_declares_how_to_read_it(metric):
    assert issubclass(metric, Metric)
    assert metric.__doc__ and metric.title and metric.unit and metric.source
    assert metric.direction in ("higher", "lower")
    assert metric.task in ("privacy", "utility", "reversibility", "quality", "counts")
    assert all("." in need or need == "wrong_keys" for need in metric.needs)


@pytest.mark.parametrize("metric", ALL, ids=lambda m: m.name)
def test_estimates_are_complete(metric):
    seen = seen_of(failed=FAILED)
    assert all(seen.has(need) for need in metric.needs)
    found = metric().estimates(seen, Resampler(("house",), draws=60))
    assert len({(e.group, e.reading) for e in found}) == len(found)
    for e in found:
        assert (e.metric, e.unit) == (metric.name, metric.unit)
        assert metric.range[0] <= e.low <= e.value <= e.high <= metric.range[1]
        assert 0 < e.n <= 300
    if metric.task in ("privacy", "utility") and "untouched" not in metric.name:
        assert {e.reading for e in found} == {"excluded", "unprotected"}


@pytest.mark.parametrize("metric", ALL, ids=lambda m: m.name)
def test_samples_have_one_value_each(metric):
    for name, values in metric().samples(seen_of(failed=FAILED)).items():
        assert values.shape == (180,) and values.dtype == float, name
        assert "untouched" in name or np.isnan(values[list(FAILED)]).all()


@pytest.mark.parametrize("metric", ALL, ids=lambda m: m.name)
def test_nothing_protected_still_answers(metric):
    seen = seen_of(subjects=3, images=2, failed=range(6))
    for e in metric().estimates(seen, Resampler(("house",), draws=20)):
        assert e.reading == "unprotected" or np.isnan(e.value) or e.group != "all" or e.n > 0


def test_unprotected_reading_is_the_untouched_image():
    seen = seen_of(failed=range(180))
    resampler = Resampler(("house",), draws=20)
    found = {
        metric.name: next(
            e for e in metric().estimates(seen, resampler) if e.group == "all" and e.reading == "unprotected"
        )
        for metric in ALL
        if metric.name
        in ("id_dis", "face_matching_rate", "landmark_error", "gaze_error", "diagnosis_retention")
    }
    assert found["id_dis"].value == found["landmark_error"].value == 0
    assert found["gaze_error"].value == pytest.approx(0, abs=1e-5)
    assert found["face_matching_rate"].value == found["diagnosis_retention"].value == 1


def test_counts_by_hand():
    counts = {e.group: e.value for e in _counts().estimates(seen_of(failed=FAILED), Resampler(("c",), 1))}
    seen = seen_of(failed=FAILED)
    kept = ~seen.failed
    scored = kept & np.isfinite(seen.column("protected.identity")).all(axis=1)
    assert counts == {
        "n_total": 180,
        "n_protected": 176,
        "n_detected": (kept & seen.column("protected.detected")).sum(),
        "n_scored": scored.sum(),
    }


def test_importing_all_metrics_is_light():
    code = (
        "import sys; from medbench.registry import Registry; r = Registry('metrics'); "
        "[r.get(n) for n in r.names()]; "
        "print([m for m in ('torch', 'scipy', 'pandas', 'cv2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _counts():
    return next(metric for metric in ALL if metric.name == "counts")()
