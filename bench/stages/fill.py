"""Make one shard: read its samples, treat them group by group, write down what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.shards import WRONG_KEY_COLUMNS, Shard, assemble
from medbench.stages.groups import groups, read
from medbench.stages.treat import Bench, Outcome, treat
from medbench.stopwatch import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from medbench.core import Sample
    from medbench.quarantine import Quarantined
    from medbench.suites.suite import Suite

#: Samples in a shard: what a kill may cost.
SHARD = 32


def numbered(count: int) -> list[range]:
    """Cut ``count`` rows into shards."""
    return [range(start, min(start + SHARD, count)) for start in range(0, count, SHARD)]


def fill_shard(suite: Suite, split: str, index: pd.DataFrame, bench: Bench) -> Shard:
    """Treat the samples of ``index`` (one shard's rows, with ``id`` and truth)."""
    watch = Stopwatch()
    quarantined: list[Quarantined] = []
    truth = index.set_index("id", drop=False)
    samples = _timed(read(suite, split, list(index["id"]), quarantined), watch)
    outcomes: list[tuple[tuple[str, ...], Outcome]] = []
    for group in groups(samples):
        rows = truth.loc[list(group.ids)].reset_index(drop=True)
        outcomes.append((group.ids, treat(group, rows, bench, watch)))
    return _collect(outcomes, tuple(quarantined), watch)


def _timed(samples: Iterator[Sample], watch: Stopwatch) -> Iterator[Sample]:
    while True:
        with watch.phase("read"):
            sample = next(samples, None)
        if sample is None:
            return
        yield sample


def _collect(
    outcomes: Sequence[tuple[tuple[str, ...], Outcome]],
    quarantined: tuple[Quarantined, ...],
    watch: Stopwatch,
) -> Shard:
    shard = Shard(
        tuple(name for ids, _ in outcomes for name in ids), quarantined=quarantined, seconds=watch.seconds
    )
    parts: dict[str, list] = {}
    wrong: list[tuple[int, dict[str, np.ndarray]]] = []
    start = 0
    for ids, outcome in outcomes:
        for role, (rows, columns) in outcome.parts.items():
            parts.setdefault(role, []).append((rows + start, columns))
        shard.failures |= {ids[row]: reason for row, reason in outcome.failures.items()}
        shard.restore_failures |= {ids[row]: reason for row, reason in outcome.restore_failures.items()}
        wrong += [(row + start, tried) for row, tried in outcome.wrong]
        start += len(ids)
    shard.roles = {role: assemble(columns, start) for role, columns in parts.items()}
    if wrong:
        shard.wrong_keys = {
            name: np.concatenate([tried[name] for _, tried in wrong]) for name in WRONG_KEY_COLUMNS
        }
        shard.wrong_keys["row"] = np.concatenate([np.full(len(t["attempt"]), row) for row, t in wrong])
    return shard
