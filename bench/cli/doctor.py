"""medbench doctor: what works here, and what each missing piece needs."""

from __future__ import annotations

from dataclasses import asdict

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json

MARKS = {"ok": "ok     ", "missing": "missing", "broken": "BROKEN "}


@click.command(
    cls=Command,
    short_help="What works here, and what each missing piece needs.",
    examples=["medbench doctor"],
)
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Try every evaluator, method and suite, and say what a missing one needs.

    Exit 1 where something is missing that the main job needs.
    """
    from medbench.doctor import examine

    found, room = [], ""
    for finding in examine():
        found.append(finding)
        if as_json:
            continue
        if finding.room != room:
            room = finding.room
            click.echo(room)
        first = (finding.detail.splitlines() or [""])[0]
        click.echo(f"  {MARKS[finding.state]}  {finding.name:<26} {first}")
    if as_json:
        print_json([asdict(finding) for finding in found])
    if any(finding.needed and finding.state != "ok" for finding in found):
        ctx.exit(1)
