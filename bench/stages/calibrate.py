"""Freeze thresholds on the select split's originals, before the test is looked at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from medbench.atomic import write_text
from medbench.core import Seen
from medbench.digest import digest, source_digest
from medbench.shards import assemble
from medbench.stages.groups import groups, read
from medbench.stages.panel import BOX, ROLES, Panel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from medbench.metrics.metric import Metric
    from medbench.progress import Progress
    from medbench.quarantine import Quarantined
    from medbench.suites.suite import Suite

SELECT = "select"


@dataclass(frozen=True)
class Calibration:
    """Frozen values, and a note on what they were frozen on or why there are none."""

    values: dict[str, float]
    note: str

    def with_margins(self, margins: Mapping[str, float]) -> Calibration:
        """Add what the suite's card declares beforehand, each as ``margin_<name>``."""
        declared = {f"margin_{name}": float(margin) for name, margin in margins.items()}
        return Calibration({**self.values, **declared}, self.note)


def calibrate(
    suite: Suite,
    split: str,
    metrics: Sequence[type[Metric]],
    panel: Panel,
    memory: Path,
    progress: Progress,
) -> Calibration:
    """Let each metric freeze its thresholds; what was frozen before is read from ``memory``."""
    asking = [metric for metric in metrics if "calibrate" in _own_methods(metric)]
    if not asking:
        return Calibration({}, "no metric of this run has a threshold")
    if SELECT not in suite.card.splits:
        return Calibration({}, f"{suite.card.name} has no select split to freeze thresholds on")
    if split == SELECT:
        return Calibration({}, "the select split is measured itself: no other images to freeze thresholds on")
    note = f"frozen on {suite.card.name}/{SELECT}"
    columns = _columns(asking)
    judges = Panel(
        [e for e in panel.evaluators if set(e.produces) & columns or BOX in e.produces],
        {**panel.wanted, "original": columns},
        {},
        panel.cache,
    )
    key = {
        "suite": suite.fingerprint(SELECT),
        "evaluators": judges.fingerprints(),
        "metrics": sorted({source_digest(metric) for metric in asking}),
    }
    file = memory / f"{digest(key, 16)}.json"
    if file.is_file():
        return _noted(json.loads(file.read_text(encoding="utf-8")), note)
    select = _look_at_all(suite, judges, progress)
    values: dict[str, float] = {}
    for metric in asking:
        values |= metric().calibrate(select)
    write_text(file, json.dumps(values))
    return _noted(values, note)


def _noted(values: dict[str, float], note: str) -> Calibration:
    """Say so where the split gave nothing to freeze."""
    return Calibration(values, note if values else f"nothing could be {note}: too few pairs of known people")


def _own_methods(metric: type[Metric]) -> set[str]:
    from medbench.metrics.metric import Metric as Base

    return {name for kind in metric.__mro__ if kind not in (Base, object) for name in vars(kind)}


def _columns(metrics: Sequence[type[Metric]]) -> set[str]:
    """What the thresholds rest on: the evaluators' columns that those metrics need, in any role."""
    needs = [need.partition(".") for metric in metrics for need in metric.needs]
    return {column for role, _, column in needs if role in ROLES}


def _look_at_all(suite: Suite, judges: Panel, progress: Progress) -> Seen:
    index = suite.index(SELECT)
    suite.prepare(SELECT, list(index["id"]))
    progress.phase("freezing thresholds", len(index))
    rows = {name: row for row, name in enumerate(index["id"])}
    parts = []
    quarantined: list[Quarantined] = []
    for group in groups(read(suite, SELECT, list(index["id"]), quarantined)):
        where = np.array([rows[name] for name in group.ids])
        parts.append((where, judges.originals(group.images)))
        progress.advance(len(where))
    originals = assemble(parts, len(index))
    return Seen(tuple(index["id"]), index, {"original": originals}, np.zeros(len(index), dtype=bool))
