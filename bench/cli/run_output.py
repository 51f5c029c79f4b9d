"""What `medbench run` prints: boards or one table, folders, and what went wrong; or one JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from medbench.reports.overview import Overview
    from medbench.runner import Report


def document(report: Report) -> dict[str, object]:
    """All of it for JSON."""
    from medbench.reports.overview import plain_rows

    return {
        "runs": [
            {"folder": str(folder.path), "result": result.model_dump(mode="json")}
            for folder, result in report.results
        ],
        "overview": [row for one in overviews_of(report) for row in plain_rows(one)],
        "refused": report.refused,
        "broken": report.broken,
        "quarantined": [{"id": row.id, "message": row.message} for row in report.quarantined],
    }


def overviews_of(report: Report) -> list[Overview]:
    """One table of every method, those that did not run too."""
    from medbench.reports.overview import overviews

    return overviews([result for _, result in report.results], {**report.refused, **report.broken})


def print_report(report: Report, one_table: bool) -> None:
    """Print the board, or ``one_table`` with a row per method; then folders and warnings."""
    from medbench.reports.console import print_board, print_overview
    from medbench.reports.remarks import failure_lines, quarantine_lines

    if one_table:
        for overview in overviews_of(report):
            print_overview(overview)
    else:
        print_board([result for _, result in report.results])
    click.echo()
    for folder, result in report.results:
        click.echo(f"{result.method.name}: {folder.path}")
    if not one_table:
        for name, why in {**report.refused, **report.broken}.items():
            click.echo(f"\n{name} did not run: {why}", err=True)
    for _, result in report.results:
        for line in failure_lines(result, report.failures.get(result.method.name, {})):
            click.echo(line, err=True)
    for line in quarantine_lines(report.quarantined):
        click.echo(line, err=True)
