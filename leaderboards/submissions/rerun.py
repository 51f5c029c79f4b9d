"""Does the method give these values? It runs again on samples that nobody could foresee."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from medbench.catalogue import catalogue
from medbench.comparison.comparable import FAILED, OF_THE_WHOLE, comparables
from medbench.core import MedbenchError, Unavailable
from medbench.leaderboards.submissions.check import Check
from medbench.registry import Registry
from medbench.request import Request
from medbench.seeds import generator
from medbench.stages.pick import limited
from medbench.stages.resolve import suite_of

if TYPE_CHECKING:
    import pandas as pd

    from medbench.result import Result

#: A value may differ by this part of its column's spread: other machines round otherwise.
CLOSE = 0.02
#: One sample in so many may differ by more: a pixel at a rounding edge may tip a yes or no.
ONE_IN = 50
#: A figure of the whole split may differ by this part of its interval's length.
OF_INTERVAL = 0.1
#: Measured where wrong keys are tried, on samples that the selection decides.
_BY_SELECTION = "_unrounded"


@dataclass(frozen=True)
class Again:
    """Run again ``count`` samples drawn by ``seed``, None for all; ``method`` says where the method lies.

    A seed that is known before a row is handed in would say which values may be forged: draw a new one.
    """

    count: int | None
    seed: str
    method: str | None = None


def check_rerun(result: Result, table: pd.DataFrame | None, again: Again) -> list[Check]:
    """Run the method of a row again on samples of ``table``, and compare value by value.

    With all samples the figures that rest on pairs are compared too, and without a table they alone.
    """
    if table is None and again.count is not None:
        return [Check("rerun", None, "no samples to compare with: give --samples, or --rerun all")]
    known = list(table["id"]) if table is not None else _whole(result)
    ids = _drawn(known, again)
    told = f"{len(ids)} of {len(known)} samples" if len(ids) < len(known) else "all samples"
    told += f", drawn by --rerun-seed {again.seed}" if len(ids) < len(known) else ""
    method = again.method or _named(result)
    if again.method is None and result.method.name not in Registry("methods").targets():
        return [
            Check("rerun", None, f"{result.method.name} is not installed here: give --method FILE.py:Class")
        ]
    if not ids:
        return [Check("rerun", None, f"the samples of {result.suite.name} are not here")]
    try:
        own, values = _run(result, method, ids)
    except Unavailable as missing:
        return [Check("rerun", None, f"cannot be run here: {str(missing).splitlines()[0]}")]
    except MedbenchError as error:
        return [Check("rerun", False, f"{told}: {str(error).splitlines()[0]}")]
    checks = [_judges(result, own)]
    checks += [_values(result, table, values, told)] if table is not None else []
    return [*checks, _figures(result, own)] if len(ids) == len(known) else checks


def _whole(result: Result) -> list[str]:
    """The samples that the row names, as the suite has them; none where it is not here."""
    suite = result.suite
    try:
        return list(limited(suite_of(suite.name).index(suite.split), suite.n)["id"])
    except (MedbenchError, KeyError):
        return []


def _drawn(ids: Sequence[str], again: Again) -> list[str]:
    if again.count is None or again.count >= len(ids):
        return list(ids)
    places = generator("rerun", again.seed).choice(len(ids), again.count, replace=False)
    return [ids[place] for place in sorted(places)]


def _named(result: Result) -> str:
    method = result.method
    return f"{method.name}:{method.preset}" if len(method.card.get("presets", ())) > 1 else method.name


def _run(result: Result, method: str, ids: Sequence[str]) -> tuple[Result, pd.DataFrame]:
    import pandas as pd

    from medbench.runner import run

    asked = [row["name"] for row in catalogue("evaluators") if not row.get("automatic", True)]
    with tempfile.TemporaryDirectory() as out:
        request = Request(
            (method,),
            result.suite.name,
            result.suite.split,
            seed=result.seed,
            out=Path(out),
            metrics=tuple(sorted({row.metric for row in result.estimates})),
            evaluators=tuple(name for name in asked if name in result.evaluators),
            wrong_keys=0,
            workers=0,
            only=tuple(ids),
        )
        ((folder, own),) = run(request).results
        return own, pd.read_parquet(folder.samples)


def _judges(result: Result, own: Result) -> Check:
    """The same evaluators, and thresholds that they give."""
    others = [name for name, mark in own.evaluators.items() if result.evaluators.get(name, mark) != mark]
    if others:
        return Check("judges", False, f"measured by other versions of {', '.join(others)}: run again")
    for name, value in own.calibration.items():
        told = result.calibration.get(name, value)
        if not np.isclose(told, value, rtol=1e-3, atol=1e-6, equal_nan=True):
            return Check(
                "judges", False, f"{name} is {told:.6g} in the row, the select split gives {value:.6g}"
            )
    return Check("judges", True, f"{len(own.evaluators)} evaluators and their thresholds")


def _values(result: Result, table: pd.DataFrame, values: pd.DataFrame, told: str) -> Check:
    """Value by value; a column may differ in one sample of ONE_IN."""
    before = table.set_index("id").loc[list(values["id"])]
    metrics = sorted({row.metric for row in result.estimates})
    shared = [str(name) for name in values if name in before]
    columns = [one.column for one in comparables(shared, metrics) if one.column not in OF_THE_WHOLE]
    wrong = []
    for column in columns:
        old, new = (frame[column].to_numpy(dtype=float) for frame in (before, values))
        spread = np.nanstd(table[column].to_numpy(dtype=float))
        apart = ~(np.abs(old - new) <= CLOSE * np.nan_to_num(spread) + 1e-6)
        known = np.isfinite(old) | np.isfinite(new)
        if column.endswith(_BY_SELECTION):
            known = np.isfinite(old) & np.isfinite(new)
        count = int((apart & known).sum())
        if count > len(old) // ONE_IN:
            row = int(np.flatnonzero(apart & known)[0])
            example = f"{values['id'].iloc[row]} has {old[row]:.4g}, runs give {new[row]:.4g}"
            wrong.append(f"{column} differs in {count} samples ({example})")
    if len(columns) < 2:
        return Check("rerun", False, "the samples hold no column that can be compared")
    if wrong:
        return Check("rerun", False, f"{told}: {'; '.join(wrong[:3])}")
    return Check("rerun", True, f"{told}: {len(columns) - (FAILED in columns)} columns come out the same")


def _figures(result: Result, own: Result) -> Check:
    """Every figure of the whole split, those that rest on pairs too."""
    wrong, n = [], 0
    for row in result.estimates:
        new = own.estimate(row.metric, row.group, row.reading)
        if new is None or np.isnan(new.value):
            continue
        n += 1
        if not abs(row.value - new.value) <= OF_INTERVAL * np.nan_to_num(new.high - new.low) + 1e-6:
            wrong.append(f"{row.metric} {row.group} is {row.value:.4g}, runs give {new.value:.4g}")
    if wrong:
        return Check("figures again", False, "; ".join(wrong[:3]))
    return Check("figures again", True, f"{n} of {len(result.estimates)} figures come out the same")
