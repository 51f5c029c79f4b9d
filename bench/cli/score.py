"""medbench score: pictures that were protected elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json
from medbench.runs import RESUME, Resume

if TYPE_CHECKING:
    from medbench.folders.score_folder import Scored

SHOWN = 10


@click.command(
    cls=Command,
    short_help="Measure pictures that were protected elsewhere.",
    examples=[
        "medbench score --suite mema-mini --images protected --name my-method",
        "medbench score --suite path/to/photographs --images protected --restored restored",
    ],
)
@click.option(
    "--suite", "-s", required=True, metavar="NAME|FOLDER", help="A suite, or a folder of photographs."
)
@click.option(
    "--images",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Protected pictures, named by sample id or like the photograph; any ending.",
)
@click.option(
    "--restored",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The same pictures brought back, named alike.",
)
@click.option("--name", default="images", show_default=True, help="What the method is called in the table.")
@click.option("--split", metavar="NAME", help="Default: the suite's own, mostly val.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Whole subjects, at most N images.")
@click.option("--seed", default="0", show_default=True, help="Draws come from it.")
@click.option("--device", default="auto", show_default=True, metavar="auto|cpu|cuda")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs"),
    show_default=True,
    help="Where run folders lie.",
)
@click.option("--resume", type=click.Choice(RESUME), default="only-missing", show_default=True)
@click.option("--metrics", multiple=True, metavar="NAME", help="Only these; several by commas.")
@click.option(
    "--evaluator", "evaluators", multiple=True, metavar="NAME", help="In place of the embedded one."
)
@json_option
@click.pass_context
def score(
    ctx: click.Context,
    suite: str,
    images: Path,
    restored: Path | None,
    name: str,
    split: str | None,
    limit: int | None,
    seed: str,
    device: str,
    out: Path,
    resume: Resume,
    metrics: tuple[str, ...],
    evaluators: tuple[str, ...],
    as_json: bool,
) -> None:
    """Measure pictures that were protected elsewhere, as a run measures a method's.

    A missing picture, or one of another size than its original, counts as failed. Exit 1 where no
    picture could be used.
    """
    from medbench.cli.progress import console_progress
    from medbench.folders.score_folder import score_folder
    from medbench.request import Request

    request = Request(
        (name,),
        suite,
        split,
        limit=limit,
        seed=seed,
        device=device,
        out=out,
        resume=resume,
        metrics=metrics,
        evaluators=evaluators,
        workers=1,
    )
    with console_progress() as progress:
        scored = score_folder(request, images, restored, name, progress)
    if as_json:
        print_json(_document(scored))
    else:
        _print(scored)
    if not scored.report.results[0][1].counts.n_protected:
        ctx.exit(1)


def _document(scored: Scored) -> dict[str, object]:
    ((folder, result),) = scored.report.results
    return {
        "folder": str(folder.path),
        "result": result.model_dump(mode="json"),
        "missing": scored.missing,
        "not_restored": scored.not_restored,
        "extra": [str(path) for path in scored.extra],
        "quarantined": [{"id": row.id, "message": row.message} for row in scored.report.quarantined],
    }


def _print(scored: Scored) -> None:
    from medbench.reports.console import print_board
    from medbench.reports.remarks import failure_lines, quarantine_lines

    ((folder, result),) = scored.report.results
    print_board([result])
    click.echo(f"\n{result.method.name}: {folder.path}")
    lines = failure_lines(result, scored.report.failures.get(result.method.name, {}))
    for line in (*lines, *quarantine_lines(scored.report.quarantined)):
        click.echo(line, err=True)
    told = {
        "samples have no picture and count as failed": scored.missing,
        "samples have no restored picture": scored.not_restored,
        "files are named after no sample and were left out": tuple(map(str, scored.extra)),
    }
    for what, names in told.items():
        if names:
            more = f" … and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            click.echo(f"\n{len(names)} {what}: {', '.join(names[:SHOWN])}{more}", err=True)
