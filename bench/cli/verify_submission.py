"""medbench verify-submission: may a row stand on the board?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json, print_rows

MARKS = {True: "ok", False: "WRONG", None: "-"}


@click.command(
    "verify-submission",
    cls=Command,
    short_help="Check a submitted row: schema, hashes, suite, figures.",
    examples=[
        "medbench verify-submission leaderboards/results/mema-mini/my-method.json",
        "medbench verify-submission my-method.json --samples samples.parquet --json",
    ],
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--samples",
    type=click.Path(path_type=Path),
    help="The run's samples.parquet; default: the copy beside FILE.",
)
@json_option
def verify_submission(file: Path, samples: Path | None, as_json: bool) -> int:
    """Check FILE, a row of the board; exit 1 where something is wrong.

    A line with `-` could not be checked here; what stands beside it says why.
    """
    from medbench.leaderboards.submissions.check import verify

    checks = verify(file, samples)
    sound = not any(check.ok is False for check in checks)
    if as_json:
        print_json({"file": str(file), "sound": sound, "checks": [asdict(check) for check in checks]})
    else:
        print_rows(("", "check", "what was seen"), [(MARKS[c.ok], c.name, c.detail) for c in checks])
        click.echo(f"{file}: {'may stand on the board' if sound else 'not as it is'}")
    return 0 if sound else 1
