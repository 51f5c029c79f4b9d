"""medbench stats: two columns of labels in a clinic's table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json, print_rows

if TYPE_CHECKING:
    from medbench.labels.agreement_table import Agreement


@click.command(
    cls=Command,
    short_help="Kappa, sensitivity and a confusion matrix of two columns of labels.",
    examples=[
        "medbench stats readings.csv --truth original --pred protected --subject patient",
        "medbench stats grades.csv --truth A --pred B --weights quadratic --order none,mild,severe",
    ],
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.csv")
@click.option("--truth", required=True, metavar="COLUMN", help="The reading to agree with.")
@click.option("--pred", required=True, metavar="COLUMN", help="The reading that is judged.")
@click.option("--subject", metavar="COLUMN", help="Whose row it is: subjects are resampled, not rows.")
@click.option("--weights", type=click.Choice(["linear", "quadratic"]), help="Also the weighted kappa.")
@click.option("--order", metavar="LABEL,…", help="All labels in their order; no other label may occur.")
@click.option("--seed", default="0", show_default=True, help="Names the draws.")
@json_option
def stats(
    file: Path,
    truth: str,
    pred: str,
    subject: str | None,
    weights: Any,
    order: str | None,
    seed: str,
    as_json: bool,
) -> None:
    """Compare two columns of labels in FILE.csv: kappa, accuracy, sensitivity, specificity.

    Intervals are 95 %, from 10,000 resamples. A missing cell, or a label that is written in two
    ways, is refused with its row and column (row 1 holds the titles).
    """
    from medbench.labels.agreement_table import agreement
    from medbench.labels.labels_table import read_labels

    table = read_labels(file, truth, pred, subject)
    labels = [label.strip() for label in order.split(",") if label.strip()] if order else []
    found = agreement(table, labels, weights, seed)
    if as_json:
        print_json(_document(found))
    else:
        _print(found, truth, pred)


def _document(found: Agreement) -> dict[str, Any]:
    from medbench.result import EstimateRow

    rows = [EstimateRow(**vars(estimate)).model_dump(mode="json") for estimate in found.estimates]
    return {
        "n": found.n,
        "resampled": found.clusters.unit,
        "clusters": found.clusters.count,
        "classes": found.classes,
        "confusion": found.confusion.tolist(),
        "estimates": rows,
    }


def _print(found: Agreement, truth: str, pred: str) -> None:
    from medbench.reports.figures import short

    click.echo(f"{found.n} rows, {found.clusters.count} {found.clusters.unit}s\n")
    titles = (f"{truth} (down), {pred} (across)", *found.classes)
    counts = [
        (name, *map(str, row)) for name, row in zip(found.classes, found.confusion.tolist(), strict=True)
    ]
    print_rows(titles, counts)
    click.echo()
    rows = [
        (
            e.metric,
            e.group.removeprefix("class="),
            short(e.value),
            f"[{short(e.low)}, {short(e.high)}]",
            str(e.n),
            e.interval + (", no variation" if e.degenerate else ""),
        )
        for e in found.estimates
    ]
    print_rows(("figure", "class", "value", "95 % interval", "n", "interval"), rows)
