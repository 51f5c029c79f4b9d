"""medbench show: print a run's table again."""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json


@click.command(
    cls=Command,
    short_help="Print the table of finished runs again.",
    examples=["medbench show runs", "medbench show runs/mema-mini@1a2b3c4d5e/ours@6f7a8b9c0d --all"],
)
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN...")
@click.option("--all", "everything", is_flag=True, help="Every figure: per class, per region, each reading.")
@click.option(
    "--format", "form", type=click.Choice(["table", "markdown", "csv"]), default="table", show_default=True
)
@json_option
def show(runs: tuple[Path, ...], everything: bool, form: str, as_json: bool) -> None:
    """Print the table of finished runs again: RUN is a run's folder, or a folder that holds several."""
    from medbench.reports.console import print_board, print_figures
    from medbench.reports.find import results_under
    from medbench.reports.plain import to_csv, to_markdown

    results = results_under(runs)
    if as_json:
        print_json([result.model_dump(mode="json") for result in results])
    elif form == "csv":
        click.echo(to_csv(results), nl=False)
    elif form == "markdown":
        click.echo(to_markdown(results), nl=False)
    elif everything:
        for result in results:
            print_figures(result)
    else:
        print_board(results)
