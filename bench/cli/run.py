"""medbench run: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json
from medbench.runs import Resume

if TYPE_CHECKING:
    from medbench.runner import Report


@click.command(
    cls=Command,
    short_help="Protect a suite's images, look at them, end in a table.",
    examples=[
        "medbench run --method ours --suite mema-mini",
        "medbench run --method untouched,ours,blur:strong --suite mema-mini --limit 200",
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
    as_json: bool,
) -> None:
    """Protect a suite's images with one method or several, look at them, end in a table.

    Finished work is used again; a run that was killed goes on where it stopped. Exit 1 where a
    method protected nothing or could not start, 2 for wrong use.
    """
    from medbench.cli.progress import console_progress
    from medbench.request import Request
    from medbench.runner import run as run_request

    if command:
        from medbench.methods.upstream.card import write_card

        methods = (*methods, str(write_card(out / "commands", name, command)))
    if not methods:
        raise click.UsageError("name a --method, or give a --command")
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
    if as_json:
        print_json(_document(report))
    else:
        _print(report)
    asked_by_name = "all" not in [part for text in methods for part in text.split(",")]
    hopeless = [result for _, result in report.results if not result.counts.n_protected]
    if hopeless or (report.refused and asked_by_name):
        ctx.exit(1)


def _document(report: Report) -> dict[str, object]:
    return {
        "runs": [
            {"folder": str(folder.path), "result": result.model_dump(mode="json")}
            for folder, result in report.results
        ],
        "refused": report.refused,
        "quarantined": [{"id": row.id, "message": row.message} for row in report.quarantined],
    }


def _print(report: Report) -> None:
    from medbench.reports.console import print_board
    from medbench.reports.remarks import failure_lines, quarantine_lines

    print_board([result for _, result in report.results])
    click.echo()
    for folder, result in report.results:
        click.echo(f"{result.method.name}: {folder.path}")
    for name, why in report.refused.items():
        click.echo(f"\n{name} did not run: {why}", err=True)
    for _, result in report.results:
        for line in failure_lines(result, report.failures.get(result.method.name, {})):
            click.echo(line, err=True)
    for line in quarantine_lines(report.quarantined):
        click.echo(line, err=True)
