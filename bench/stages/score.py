"""From what was seen to figures: each metric that has what it needs, and why the others have not."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from medbench.core import Estimate, MedbenchError, Seen
from medbench.result import Skipped
from medbench.shards import WRONG_KEY_COLUMNS
from medbench.stages.overlap import OVERLAP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from medbench.metrics.metric import Metric
    from medbench.metrics.statistics.resample import Resampler
    from medbench.shards import Shard
    from medbench.stages.calibrate import Calibration


@dataclass
class Scores:
    """Figures, per-sample values (one row per sample, in order), and metrics that gave none."""

    samples: pd.DataFrame
    estimates: list[Estimate] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def seen_of(shard: Shard, index: pd.DataFrame, calibration: Calibration) -> Seen:
    """Put the merged shards and their truth rows together for the metrics."""
    failed = np.array([name in shard.failures for name in shard.ids], dtype=bool)
    truth = index.set_index("id", drop=False).loc[list(shard.ids)].reset_index(drop=True)
    wrong = None
    if shard.wrong_keys:
        ids = [shard.ids[int(row)] for row in shard.wrong_keys["row"]]
        columns = {name: shard.wrong_keys[name] for name in WRONG_KEY_COLUMNS}
        wrong = pd.DataFrame({"id": ids, **columns})
    return Seen(shard.ids, truth, shard.roles, failed, calibration.values, wrong)


def score(
    seen: Seen,
    metrics: Sequence[type[Metric]],
    resampler: Resampler,
    excuses: Excuses,
) -> Scores:
    """Ask every metric; one that raises is skipped with its error, the others go on."""
    scores = Scores(seen.truth.drop(columns=[c for c in ("file",) if c in seen.truth]).copy())
    scores.samples["failed"] = seen.failed
    for kind in metrics:
        lacking = [need for need in kind.needs if not seen.has(need)]
        if lacking:
            scores.skipped.append(Skipped(metric=kind.name, reason=excuses.of(lacking[0])))
            continue
        try:
            _ask(kind(), seen, resampler, scores)
        except MedbenchError as error:
            scores.skipped.append(Skipped(metric=kind.name, reason=str(error)))
        except Exception as error:
            if os.environ.get("MEDBENCH_DEBUG"):
                raise
            reason = f"the metric raised {type(error).__name__}: {error}"
            scores.skipped.append(Skipped(metric=kind.name, reason=reason))
    return scores


def _ask(metric: Metric, seen: Seen, resampler: Resampler, scores: Scores) -> None:
    estimates = metric.estimates(seen, resampler)
    for name, values in metric.samples(seen).items():
        taken = name in scores.samples
        scores.samples[f"{metric.name}.{name}" if taken else name] = np.asarray(values, dtype=float)
    scores.estimates += estimates


@dataclass(frozen=True)
class Excuses:
    """Why a column is not there, in words that a reader can act on."""

    suite: str
    method: str
    card: Mapping[str, Any]
    calibration: str
    missing: dict[str, str]
    n_protected: int

    def of(self, need: str) -> str:
        """The reason for one absent column."""
        role, _, column = need.partition(".")
        if role == "truth":
            return f"{self.suite} has no ground truth {column!r}"
        if role == "calibration" and column.startswith("margin_"):
            return (
                f"the card of {self.suite} declares no {column.replace('_', ' for ', 1)}: add it to margins"
            )
        if role == "calibration":
            return f"no {column}: {self.calibration}"
        if role in ("restored", "restored_unrounded", "wrong_keys") and not self.card.get("reversible"):
            return f"{self.method} is not reversible"
        if role in ("restored_unrounded", "same_key", "wrong_keys") and not self.card.get("keyed"):
            return f"{self.method} has no key"
        if column in self.missing:
            return self.missing[column]
        if not self.n_protected:
            return f"{self.method} protected nothing"
        if column == OVERLAP:
            return f"{self.suite} has no tumour masks"
        return f"nothing gave {need}"
