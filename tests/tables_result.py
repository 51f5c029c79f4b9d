"""Results made by hand, for the tests of the papers' tables."""

from __future__ import annotations

from medbench.result import Counts, EstimateRow, MethodInfo, Result, SuiteInfo


def estimate(metric, value, low, high, group="all", n=200, degenerate=False):
    return EstimateRow(
        metric=metric,
        group=group,
        value=value,
        low=low,
        high=high,
        n=n,
        unit="share",
        level=0.95,
        interval="bootstrap-percentile/subject",
        reading="excluded",
        chance=None,
        degenerate=degenerate,
    )


def result(method, suite, *estimates, title=None, preset="medium", default="medium"):
    return Result(
        suite=SuiteInfo(
            name=suite,
            title=suite,
            version="1",
            split="val",
            fingerprint="0",
            selection="0",
            synthetic=True,
            n=200,
        ),
        method=MethodInfo(
            name=method,
            backend="classical",
            preset=preset,
            fingerprint="",
            code="0",
            card={"title": title or method, "default_preset": default},
        ),
        evaluators={},
        seed="0",
        calibration={},
        calibration_note="",
        estimates=list(estimates),
        skipped=[],
        counts=Counts(
            n_total=200,
            n_quarantined=0,
            n_failed=0,
            n_protected=200,
            n_faces=200,
            n_detected=200,
            n_scored=200,
        ),
        failures={},
        quarantine={},
        environment={},
        timing={},
        created="",
    )


def write(folder, *results):
    for number, one in enumerate(results):
        one.write(folder / one.suite.name / f"{one.method.name}-{number}.json")
    return folder
