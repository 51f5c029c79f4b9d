"""medbench run: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json
from medbench.runs import Resume


@click.command(
    cls=Command,
    short_help="Protect a suite's images, look at them, end in a table.",
    examples=[
        "medbench run --method ours --suite mema-mini",
        "medbench run --method untouched,ours,blur:strong --suite mema-mini --limit 200",
        "medbench run --method all --suite mema-mini --limit 80 --table all.csv",
        "medbench run --method path/to/adapter.py:MyMethod --suite path/to/photographs",
        "medbench run --command 'python hide.py {input} {output}' --name hide --suite mema-mini --limit 100",
    ],
)
@click.option(
    "--method",
    "-m",
    "methods",
    multiple=True,
    metavar="NAME",
    help="Name, NAME:PRESET, file.py:Class, a command's card.yaml, or all; several by commas or repetition.",
)
@click.option(
    "--command",
    metavar="WORDS",
    help="A program as a method; {input} and {output} are folders of PNG files, {seed} a number.",
)
@click.option("--name", default="command", show_default=True, metavar="NAME", help="What to call --command.")
@click.option(
    "--suite", "-s", required=True, metavar="NAME|FOLDER", help="A suite, or a folder of photographs."
)
@click.option("--split", metavar="NAME", help="Default: the suite's own, mostly val.")
@click.option("--preset", metavar="NAME", help="The method's preset, where it has several.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Whole subjects, at most N images.")
@click.option("--seed", default="0", show_default=True, help="Keys and draws come from it.")
@click.option("--device", default="auto", show_default=True, metavar="auto|cpu|cuda")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs"),
    show_default=True,
    help="Where run folders lie.",
)
@click.option(
    "--resume",
    type=click.Choice(get_args(Resume)),
    default="only-missing",
    show_default=True,
    help="Use finished shards; start over; or refuse a folder that is there.",
)
@click.option("--metrics", multiple=True, metavar="NAME", help="Only these; several by commas.")
@click.option(
    "--evaluator",
    "evaluators",
    multiple=True,
    metavar="NAME",
    help="In place of the embedded one that answers the same.",
)
@click.option(
    "--wrong-keys",
    default=1000,
    show_default=True,
    type=click.IntRange(min=0),
    metavar="N",
    help="Wrong passwords to try on keyed methods, on the whole split.",
)
@click.option(
    "--workers",
    default=0,
    type=click.IntRange(min=0),
    metavar="N",
    help="Processes; default: one per core, 1 on a GPU.",
)
@click.option("--overview", is_flag=True, help="One table with a row per method; so for --method all.")
@click.option(
    "--table",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write that table too: .csv, .json or .md.",
)
@json_option
@click.pass_context
def run(
    ctx: click.Context,
    methods: tuple[str, ...],
    command: str | None,
    name: str,
    suite: str,
    split: str | None,
    preset: str | None,
    limit: int | None,
    seed: str,
    device: str,
    out: Path,
    resume: Resume,
    metrics: tuple[str, ...],
    evaluators: tuple[str, ...],
    wrong_keys: int,
    workers: int,
    overview: bool,
    table: Path | None,
    as_json: bool,
) -> None:
    """Protect a suite's images with one method or several, look at them, end in a table.

    Finished work is used again; a run that was killed goes on where it stopped. Of several methods
    one that fails is told, and the others go on. Exit 1 where a method protected nothing, broke off
    or could not start (with all: those that lack something here do not count), 2 for wrong use.
    """
    from medbench.cli.progress import console_progress
    from medbench.cli.run_output import document, overviews_of, print_report
    from medbench.reports.overview_forms import require_form, write_overviews
    from medbench.request import Request
    from medbench.runner import run as run_request

    if command:
        from medbench.methods.upstream.card import write_card

        methods = (*methods, str(write_card(out / "commands", name, command)))
    if not methods:
        raise click.UsageError("name a --method, or give a --command")
    if table:
        require_form(table)
    request = Request(
        methods,
        suite,
        split,
        preset,
        limit,
        seed,
        device,
        out,
        resume,
        metrics,
        evaluators,
        wrong_keys,
        workers,
    )
    with console_progress() as progress:
        report = run_request(request, progress)
    everything = "all" in [part.strip() for text in methods for part in text.split(",")]
    if table:
        write_overviews(overviews_of(report), table)
    if as_json:
        print_json(document(report))
    else:
        print_report(report, one_table=overview or everything)
    hopeless = [result for _, result in report.results if not result.counts.n_protected]
    if hopeless or report.broken or (report.refused and not everything):
        ctx.exit(1)
