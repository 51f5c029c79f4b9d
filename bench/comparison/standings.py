"""How firmly do many methods rank? Ties share a rank; subjects are drawn again for each rank's interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from medbench.comparison.comparable import Comparable, comparables
from medbench.comparison.pairing import require_same
from medbench.core import MedbenchError, Seen
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.rank_stability import rank_stability
from medbench.metrics.statistics.ranking import shared_ranks
from medbench.metrics.statistics.resample import Resampler

if TYPE_CHECKING:
    import pandas as pd

    from medbench.metrics.statistics.clusters import Clusters
    from medbench.result import Result


@dataclass(frozen=True)
class Place:
    """A method's ``mean``; its ``rank``, shared by those that cannot be told apart; ranks of 95 % of draws.

    ``first`` is the share of draws in which it is the best.
    """

    method: str
    mean: float
    rank: int
    low: float
    high: float
    first: float


@dataclass(frozen=True)
class Ranking:
    """One figure: places, best first; ``tau`` says how alike the draws rank; over ``n`` common samples."""

    column: str
    metric: str
    better: str
    places: tuple[Place, ...]
    tau: float
    n: int


def rankings(runs: Sequence[tuple[str, Result, pd.DataFrame]], metrics: Sequence[str] = ()) -> list[Ranking]:
    """Rank methods by every main figure with a value per sample, over the samples that all scored.

    Args:
        runs: a name, result and samples for each method, all on one suite.
        metrics: only these; empty for all.

    Raises:
        MedbenchError: fewer than two runs, runs that were not measured alike, or no common sample.

    """
    if len(runs) < 2:
        raise MedbenchError("ranks need the runs of two methods or more, with their samples.parquet")
    for _, result, _ in runs[1:]:
        require_same(runs[0][1], result)
    tables = {name: samples.set_index("id", drop=False) for name, _, samples in runs}
    (first, *others) = tables.values()
    ids = [one for one in first.index if all(one in table.index for table in others)]
    if not ids:
        raise MedbenchError("the runs share no sample; run all with the same --split and --limit")
    common = {name: table.loc[ids].reset_index(drop=True) for name, table in tables.items()}
    truth = next(iter(common.values()))
    clusters = clusters_of(Seen(tuple(ids), truth, {}, np.zeros(len(ids), dtype=bool)))
    suite, seed = runs[0][1].suite, runs[0][1].seed
    resampler = Resampler((seed, suite.name, suite.split))
    measured = {row.metric for _, result, _ in runs for row in result.estimates}
    columns = dict.fromkeys(str(name) for table in common.values() for name in table)
    chosen = [
        one
        for one in comparables(columns, sorted(measured))
        if one.headline and one.better in ("higher", "lower") and (not metrics or one.metric in metrics)
    ]
    found = [_ranking(one, common, clusters, resampler) for one in chosen]
    return [one for one in found if one is not None]


def _ranking(
    one: Comparable, tables: dict[str, pd.DataFrame], clusters: Clusters, resampler: Resampler
) -> Ranking | None:
    """Methods that have the column at all; None where fewer than two have."""
    values = {name: t[one.column].to_numpy(dtype=float) for name, t in tables.items() if one.column in t}
    values = {name: column for name, column in values.items() if np.isfinite(column).any()}
    if len(values) < 2:
        return None
    scored = np.isfinite(np.stack(list(values.values()))).all(axis=0)
    higher = one.better == "higher"
    firm = rank_stability(values, clusters, resampler, higher_is_better=higher)
    shared = shared_ranks(values, clusters, resampler, higher_is_better=higher)
    places = [
        Place(name, _mean(values[name][scored]), shared[name], s.low, s.high, s.first)
        for name, s in firm.standings.items()
    ]
    places.sort(key=lambda place: (place.rank, firm.standings[place.method].rank, place.method))
    return Ranking(one.column, one.metric, one.better, tuple(places), firm.tau, firm.n)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")
