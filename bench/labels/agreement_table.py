"""Two columns of labels: how well they agree, and how well one predicts the other, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from medbench.core import Estimate, MedbenchError
from medbench.metrics.metric import Metric
from medbench.metrics.statistics.agreement import Weighting, kappa, one_against_rest
from medbench.metrics.statistics.clusters import Clusters
from medbench.metrics.statistics.estimating import settle
from medbench.metrics.statistics.ratio_of_sums import divide
from medbench.metrics.statistics.resample import Resampler
from medbench.metrics.statistics.tables import table_draws

if TYPE_CHECKING:
    from medbench.labels.labels_table import LabelsTable

DRAWS = 10_000
MOST_CLASSES = 50


@dataclass(frozen=True)
class Agreement:
    """``confusion`` (K, K): rows are the truth, columns the prediction, in the order of ``classes``."""

    classes: tuple[str, ...]
    confusion: np.ndarray
    estimates: tuple[Estimate, ...]
    n: int
    clusters: Clusters


def agreement(
    table: LabelsTable,
    order: Sequence[str] = (),
    weights: Weighting = None,
    seed: str = "0",
    draws: int = DRAWS,
) -> Agreement:
    """Compute kappa, accuracy, and sensitivity, specificity, PPV and NPV of every class.

    Args:
        table: the labels.
        order: all classes, in their order; empty: those that occur, sorted.
        weights: also the weighted kappa; it needs an order, or labels that are numbers.
        seed: names the draws.
        draws: how many resamples of subjects (of rows where none are named).

    Raises:
        MedbenchError: a label is not in ``order``, its row and column named; or no order is known.

    """
    classes = _classes(table, order, weights)
    code = {name: number for number, name in enumerate(classes)}
    truth, pred = (np.array([code[label] for label in column]) for column in (table.truth, table.pred))
    size, clusters = len(classes), _clusters(table)
    counts, drawn = table_draws(truth * size + pred, size**2, clusters, Resampler((seed, "stats"), draws))
    tables = np.vstack([counts, drawn]).reshape(-1, size, size)
    found = [_kappa("kappa", "all", kappa(tables), clusters, len(truth))]
    if weights:
        found.append(_kappa(f"kappa_{weights}", "all", kappa(tables, weights), clusters, len(truth)))
    hits = divide(np.trace(tables, axis1=1, axis2=2), tables.sum(axis=(1, 2)))
    found.append(_share("accuracy", "all", hits, clusters, np.ones(len(truth), dtype=bool)))
    for number, name in enumerate(classes):
        folded = one_against_rest(tables, number)
        found.append(_kappa("kappa", f"class={name}", kappa(folded), clusters, len(truth)))
        for question, (row, column), asked in (
            ("sensitivity", (0, 0), truth == number),
            ("specificity", (1, 1), truth != number),
        ):
            values = divide(folded[:, row, column], folded[:, row].sum(axis=1))
            found.append(_share(question, f"class={name}", values, clusters, asked))
        for question, (row, column), asked in (
            ("ppv", (0, 0), pred == number),
            ("npv", (1, 1), pred != number),
        ):
            values = divide(folded[:, row, column], folded[:, :, column].sum(axis=1))
            found.append(_share(question, f"class={name}", values, clusters, asked))
    return Agreement(classes, counts.reshape(size, size).astype(int), tuple(found), len(truth), clusters)


def _kappa(question: str, group: str, values: np.ndarray, clusters: Clusters, n: int) -> Estimate:
    metric = _question(question, "kappa")
    return settle(metric, group, float(values[0]), values[1:], n=n, clusters=clusters, chance=0.0)


def _share(question: str, group: str, values: np.ndarray, clusters: Clusters, asked: np.ndarray) -> Estimate:
    """A share of the rows ``asked`` (N,): they alone say how sure a share of 0 or 1 is."""
    metric, of_asked = _question(question, "share"), clusters.take(asked)
    first = float(values[0])
    return settle(metric, group, first, values[1:], n=int(asked.sum()), clusters=of_asked, share=True)


def _question(name: str, unit: str) -> type[Metric]:
    reach = (-1.0, 1.0) if unit == "kappa" else (0.0, 1.0)
    return type(name, (Metric,), {"name": name, "unit": unit, "range": reach})


def _classes(table: LabelsTable, order: Sequence[str], weights: Weighting) -> tuple[str, ...]:
    present = dict.fromkeys((*table.truth, *table.pred))
    if order:
        if len(set(order)) < len(order):
            raise MedbenchError("--order names a label twice; name each once")
        _require_known(table, order)
        return tuple(order)
    if len(present) > MOST_CLASSES:
        raise MedbenchError(f"{len(present)} different labels are no classes; are these the right columns?")
    try:
        return tuple(sorted(present, key=float))
    except ValueError:
        if weights:
            raise MedbenchError(
                f"--weights {weights} needs the labels' order: --order {','.join(sorted(present))}"
            ) from None
    return tuple(sorted(present))


def _require_known(table: LabelsTable, order: Sequence[str]) -> None:
    for column, labels in zip(table.columns, (table.truth, table.pred), strict=True):
        for row, label in enumerate(labels, start=2):
            if label not in order:
                raise MedbenchError(
                    f"{table.file}: row {row}, column {column!r} says {label!r}, which --order lacks; "
                    f"it names {', '.join(order)}"
                )


def _clusters(table: LabelsTable) -> Clusters:
    if table.subjects is None:
        return Clusters(np.arange(len(table.truth)), len(table.truth), "row")
    names, codes = np.unique(np.array(table.subjects), return_inverse=True)
    return Clusters(codes, len(names), "subject")
