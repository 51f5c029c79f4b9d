"""medbench data validate: is a suite fit to be measured on?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json, print_rows

if TYPE_CHECKING:
    from medbench.inspection.inspect import Inspection

SHOWN = 5


@click.command(
    "validate",
    cls=Command,
    examples=["medbench data validate path/to/photographs", "medbench data validate mema-val --json"],
)
@click.argument("suite", metavar="NAME|FOLDER")
@click.option("--split", "splits", multiple=True, metavar="NAME", help="Default: all. May be repeated.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N images of each split.")
@click.option(
    "--near",
    type=click.IntRange(0, 64),
    default=12,
    show_default=True,
    metavar="BITS",
    help="Pictures look alike where at most so many of 256 bits differ; 0 does not ask.",
)
@json_option
@click.pass_context
def validate(
    ctx: click.Context, suite: str, splits: tuple[str, ...], limit: int | None, near: int, as_json: bool
) -> None:
    """Look at every image of a suite or folder; exit 1 where something must be mended.

    Asked: unreadable files, pictures of one colour, duplicates (same pixels; look alike), people in
    two splits, classes without an image. Told: class balance, sizes, brightness, contrast. The output
    names files: it is for you, not for publication.
    """
    from medbench.cli.progress import console_progress
    from medbench.core import MedbenchError
    from medbench.inspection.inspect import inspect
    from medbench.stages.resolve import suite_of

    found = suite_of(suite)
    unknown = [split for split in splits if split not in found.card.splits]
    if unknown:
        raise MedbenchError(
            f"{found.card.name} has no split {unknown[0]!r}; it has {', '.join(found.card.splits)}"
        )
    with console_progress() as bars:
        report = inspect(found, splits or tuple(found.card.splits), bars, near, limit)
    if as_json:
        print_json(report.document())
    else:
        _print(report)
    if not report.sound:
        ctx.exit(1)


def _print(report: Inspection) -> None:
    rows = []
    for split, images in report.images.items():
        facts = report.statistics[split]
        sizes = ", ".join(facts.get("sizes", {})) + (" …" if facts.get("different_sizes", 0) > 5 else "")
        light = facts.get("brightness", {}).get("median", "–")
        contrast = facts.get("contrast", {}).get("median", "–")
        rows.append(
            (split, str(images), str(report.subjects[split] or "–"), str(light), str(contrast), sizes)
        )
    print_rows(("split", "images", "subjects", "brightness", "contrast", "sizes"), rows)
    if any(set(counts) != {"unknown"} for counts in report.classes.values()):
        click.echo()
        names = sorted({name for counts in report.classes.values() for name in counts})
        table = [(s, *(str(counts.get(name, 0)) for name in names)) for s, counts in report.classes.items()]
        print_rows(("split", *names), table)
    click.echo()
    for finding in report.findings:
        click.echo(f"{finding.weight:8} {finding.check}: {finding.text}; {finding.remedy}")
        for name in finding.names[:SHOWN]:
            click.echo(f"         {name}")
        if len(finding.names) > SHOWN:
            click.echo(f"         and {len(finding.names) - SHOWN} more; --json names all")
    wanting = sum(finding.weight == "wanting" for finding in report.findings)
    click.echo(f"{report.suite}: sound" if report.sound else f"{report.suite}: {wanting} to mend")
