"""Is the suite the one that is here now, and are the samples its samples?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medbench.core import MedbenchError, Unavailable
from medbench.digest import digest
from medbench.leaderboards.submissions.check import Check
from medbench.registry import Registry
from medbench.stages.pick import limited
from medbench.stages.resolve import suite_of

if TYPE_CHECKING:
    import pandas as pd

    from medbench.result import Result
    from medbench.suites.suite import Suite


def check_suite(result: Result) -> Check:
    """Version, data and selection are those of the suite as it is installed here."""
    told = result.suite
    if told.name not in Registry("suites").targets():
        return Check("suite", False, f"no suite is called {told.name!r} here; boards hold known suites alone")
    suite = suite_of(told.name)
    if told.version != suite.card.version:
        now = suite.card.version
        return Check("suite", False, f"version {told.version}; {told.name} is at {now} now: run again")
    if told.synthetic != suite.card.synthetic:
        return Check("suite", False, f"{told.name} is {'' if suite.card.synthetic else 'not '}synthetic")
    try:
        if told.fingerprint != suite.fingerprint(told.split):
            return Check("suite", False, f"other data than {told.name} {told.version} has now: run again")
        if told.selection != _selection(suite, told.split, told.n):
            return Check("suite", False, f"not the {told.n} samples that --limit {told.n} gives: run again")
    except Unavailable:
        return Check(
            "suite", None, f"version {told.version} is current; the data of {told.name} are not here"
        )
    except (MedbenchError, KeyError) as error:
        return Check("suite", False, f"split {told.split!r} cannot be read: {error}")
    return Check("suite", True, f"{told.name} {told.version}, {told.split}, {told.n} images")


def check_samples(result: Result, table: pd.DataFrame) -> Check:
    """The samples are the suite's, with its truth, and as many as the result counts."""
    counts, told = result.counts, result.suite
    if "id" not in table or "failed" not in table:
        return Check(
            "samples", False, "the columns id and failed are missing; give the run's samples.parquet"
        )
    tried = counts.n_failed + counts.n_protected
    ids = [str(one) for one in table["id"]]
    if len(ids) != tried or len(set(ids)) != tried:
        return Check(
            "samples", False, f"{len(set(ids))} samples in {len(ids)} rows, the result counts {tried}"
        )
    if int(table["failed"].sum()) != counts.n_failed:
        return Check(
            "samples", False, f"{int(table['failed'].sum())} failed, the result counts {counts.n_failed}"
        )
    if not counts.n_quarantined and digest(ids) != told.selection:
        return Check("samples", False, "not the samples that the result names, or in another order")
    try:
        index = suite_of(told.name).index(told.split).set_index("id")
    except MedbenchError:
        return Check("samples", True, f"{tried} rows; the suite's truth is not here to compare with")
    if set(ids) - set(index.index):
        return Check(
            "samples", False, f"{told.name}/{told.split} has no sample {min(set(ids) - set(index.index))}"
        )
    for column in ("subject", "disease"):
        if column in index and list(index.loc[ids, column]) != list(table.get(column, [])):
            return Check("samples", False, f"the column {column} is not the suite's truth")
    return Check("samples", True, f"{tried} rows, with the suite's truth")


def _selection(suite: Suite, split: str, n: int) -> str:
    return digest(list(limited(suite.index(split), n)["id"]))
