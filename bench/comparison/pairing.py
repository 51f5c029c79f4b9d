"""Two runs that may be compared: the same suite, judges and thresholds; their samples side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medbench.core import MedbenchError
from medbench.result import Result

if TYPE_CHECKING:
    import pandas as pd

_SAME_SUITE = ("name", "split", "version", "fingerprint")


@dataclass(frozen=True)
class Pair:
    """Results and samples of two runs, row for row the same ids; ``notes`` say what was left out."""

    first: Result
    second: Result
    first_samples: pd.DataFrame
    second_samples: pd.DataFrame
    notes: tuple[str, ...]


def read_run(place: Path) -> tuple[Result, pd.DataFrame]:
    """Read a run's result and samples; ``place`` is its folder, one above it, or its result.json.

    Raises:
        MedbenchError: there is no finished run, there are several, or its samples are gone.

    """
    import pandas as pd

    files = [place] if place.is_file() else sorted(place.rglob("result.json"))
    if not files:
        raise MedbenchError(f"{place}: no finished run is here; give the folder of one run")
    if len(files) > 1:
        several = "\n".join(f"  {file.parent}" for file in files[:10])
        raise MedbenchError(f"{place}: holds {len(files)} runs; name one of them:\n{several}")
    result = Result.read(files[0])
    samples = files[0].with_name("samples.parquet")
    if not samples.is_file():
        raise MedbenchError(
            f"{samples}: no such file; runs are compared sample by sample, so run the method again"
        )
    try:
        return result, pd.read_parquet(samples)
    except (ValueError, OSError) as error:
        raise MedbenchError(f"{samples}: cannot be read ({error}); run the method again") from None


def pair_runs(first: Path, second: Path) -> Pair:
    """Read two runs and lay their common samples side by side.

    Raises:
        MedbenchError: suites, judges or thresholds differ, or no sample is in both.

    """
    (left, left_samples), (right, right_samples) = read_run(first), read_run(second)
    require_same(left, right)
    left_samples = left_samples.set_index("id", drop=False)
    right_samples = right_samples.set_index("id", drop=False)
    common = [name for name in left_samples.index if name in right_samples.index]
    if not common:
        raise MedbenchError("the two runs share no sample; run both with the same --split and --limit")
    notes = []
    most = max(len(left_samples), len(right_samples))
    if len(common) < most:
        notes.append(f"{len(common)} of {most} samples are in both runs; the others are left out")
    if left.seed != right.seed:
        notes.append(f"the seeds differ ({left.seed} and {right.seed}): other keys were used")
    tables = [table.loc[common].reset_index(drop=True) for table in (left_samples, right_samples)]
    return Pair(left, right, tables[0], tables[1], tuple(notes))


def require_same(left: Result, right: Result) -> None:
    """Raise MedbenchError where two results were not measured alike: suite, judges, thresholds."""
    for field in _SAME_SUITE:
        one, other = getattr(left.suite, field), getattr(right.suite, field)
        if one != other:
            raise MedbenchError(
                f"the two runs measured different suites ({field}: {one} and {other}); "
                "run both methods on the same one"
            )
    for name in sorted(left.evaluators.keys() & right.evaluators.keys()):
        if left.evaluators[name] != right.evaluators[name]:
            raise MedbenchError(
                f"the two runs were judged by different versions of {name}; run both again alike"
            )
    for name in sorted(left.calibration.keys() & right.calibration.keys()):
        if left.calibration[name] != right.calibration[name]:
            raise MedbenchError(
                f"{name} was frozen at {left.calibration[name]:g} and at {right.calibration[name]:g}; "
                "run both methods with the same version of medbench and the same evaluators"
            )
