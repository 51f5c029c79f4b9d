"""medbench verify-submission: may a row stand on the board?"""

from __future__ import annotations

import secrets
from dataclasses import asdict
from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json, print_rows

MARKS = {True: "ok", False: "WRONG", None: "-"}


@click.command(
    "verify-submission",
    cls=Command,
    short_help="Check a submitted row: schema, hashes, suite, figures; run it again on some samples.",
    examples=[
        "medbench verify-submission leaderboards/results/mema-mini/my-method.json",
        "medbench verify-submission my-method.json --samples samples.parquet --json",
        "medbench verify-submission my-method.json --rerun 64 --method path/to/adapter.py:MyMethod",
    ],
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--samples",
    type=click.Path(path_type=Path),
    help="The run's samples.parquet; default: the copy beside FILE.",
)
@click.option(
    "--rerun", metavar="N|all", help="Run the method again on N samples, or all, and compare each value."
)
@click.option(
    "--rerun-seed", metavar="TEXT", help="Which N samples; default: drawn anew, so that nobody foresees them."
)
@click.option("--method", metavar="NAME", help="Where the method lies, for --rerun: path/file.py:Class.")
@json_option
def verify_submission(
    file: Path,
    samples: Path | None,
    rerun: str | None,
    rerun_seed: str | None,
    method: str | None,
    as_json: bool,
) -> int:
    """Check FILE, a row of the board; exit 1 where something is wrong.

    A line with `-` could not be checked here; what stands beside it says why. Figures and samples
    that were changed together still agree with each other: --rerun finds that out.
    """
    from medbench.leaderboards.submissions.check import verify
    from medbench.leaderboards.submissions.rerun import Again

    if rerun is not None and rerun != "all" and not (rerun.isdigit() and int(rerun)):
        raise click.UsageError(f"--rerun takes a number of samples or all, not {rerun!r}")
    count = None if rerun in (None, "all") else int(rerun)
    again = Again(count, rerun_seed or secrets.token_hex(4), method) if rerun else None
    checks = verify(file, samples, again)
    sound = not any(check.ok is False for check in checks)
    if as_json:
        print_json({"file": str(file), "sound": sound, "checks": [asdict(check) for check in checks]})
    else:
        print_rows(("", "check", "what was seen"), [(MARKS[c.ok], c.name, c.detail) for c in checks])
        click.echo(f"{file}: {'may stand on the board' if sound else 'not as it is'}")
    return 0 if sound else 1
