"""Write what a run publishes: result.json and samples.parquet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from medbench.atomic import replacing
from medbench.environment import describe
from medbench.quarantine import count_reasons, write_quarantine
from medbench.result import Counts, EstimateRow, MethodInfo, Result, SuiteInfo

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from medbench.core import Seen
    from medbench.runs import RunFolder
    from medbench.shards import Shard
    from medbench.stages.calibrate import Calibration
    from medbench.stages.score import Scores


def counts_of(seen: Seen, n_quarantined: int) -> Counts:
    """The denominators of a run."""
    protected = ~seen.failed
    face, still = (_found(seen, role) for role in ("original", "protected"))
    return Counts(
        n_total=len(seen.ids) + n_quarantined,
        n_quarantined=n_quarantined,
        n_failed=int(seen.failed.sum()),
        n_protected=int(protected.sum()),
        n_faces=int(face.sum()),
        n_detected=int((protected & still).sum()),
        n_scored=int((protected & face).sum()),
    )


def _found(seen: Seen, role: str) -> np.ndarray:
    if not seen.has(f"{role}.detected"):
        return np.zeros(len(seen.ids), dtype=bool)
    return np.nan_to_num(np.asarray(seen.column(f"{role}.detected"), dtype=float)) > 0


def result_of(
    suite: SuiteInfo,
    method: MethodInfo,
    spec: Mapping[str, Any],
    calibration: Calibration,
    shard: Shard,
    seen: Seen,
    scores: Scores,
    seconds: Mapping[str, float],
) -> Result:
    """Gather everything that result.json says."""
    counts = counts_of(seen, len(shard.quarantined))
    kinds = [reason.split(":")[0] for reason in shard.failures.values()]
    kinds += [f"restore, {reason.split(':')[0]}" for reason in shard.restore_failures.values()]
    return Result(
        suite=suite,
        method=method,
        evaluators=dict(spec["evaluators"]),
        seed=spec["seed"],
        calibration=calibration.values,
        calibration_note=calibration.note,
        estimates=[EstimateRow(**asdict(estimate)) for estimate in scores.estimates],
        skipped=scores.skipped,
        counts=counts,
        failures=count_reasons(kinds),
        quarantine=count_reasons([row.reason for row in shard.quarantined]),
        environment=describe(spec["device"]),
        timing=_timing(seconds, counts.n_protected, shard.memory),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _timing(seconds: Mapping[str, float], n_protected: int, memory: Mapping[str, float]) -> dict[str, Any]:
    spent = seconds.get("anonymize", 0.0)
    return {
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
        "images_per_second": round(n_protected / spent, 2) if spent else None,
        **memory,
    }


def publish(folder: RunFolder, result: Result, samples: pd.DataFrame, shard: Shard) -> None:
    """Write quarantine.csv, samples.parquet and, last, result.json: where it lies, the run is whole."""
    write_quarantine(folder.quarantine, shard.quarantined)
    write_samples(folder.samples, samples)
    result.write(folder.result)


def write_samples(path: Path, samples: pd.DataFrame) -> None:
    """Write the per-sample values, atomically."""
    with replacing(path) as draft:
        samples.to_parquet(draft, index=False, compression="zstd")
