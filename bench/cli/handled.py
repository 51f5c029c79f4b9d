"""How a command that went through a folder of pictures ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from medbench.cli.options import print_json

if TYPE_CHECKING:
    from medbench.folders.picture_folder import Handled
    from medbench.folders.protect_folder import Job

SHOWN = 20


def report_handled(ctx: click.Context, handled: Handled, job: Job, as_json: bool) -> None:
    """Say what was written and what was not; exit 1 where a picture was refused."""
    method = f"{job.method.card.name}:{job.preset}"
    if as_json:
        print_json(
            {
                "method": method,
                "written": [str(path) for path in handled.written],
                "refused": [{"id": row.id, "message": row.message} for row in handled.refused],
            }
        )
    else:
        click.echo(f"{method}: {len(handled.written)} pictures written to {job.target}")
        if handled.refused:
            click.echo(
                f"{len(handled.refused)} pictures were NOT written (quarantine.csv lists them):", err=True
            )
        for row in handled.refused[:SHOWN]:
            click.echo(f"  {row.message}", err=True)
        if len(handled.refused) > SHOWN:
            click.echo(f"  … and {len(handled.refused) - SHOWN} more", err=True)
    if handled.refused:
        ctx.exit(1)
