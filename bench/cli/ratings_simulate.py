"""medbench ratings simulate: a study whose graders are a program, to try the whole path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json


@click.command(
    cls=Command,
    short_help="A study on mema-mini with simulated graders, sheets filled in.",
    examples=["medbench ratings simulate --out study --key key.csv --limit 64"],
)
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option("--key", required=True, type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--arms", default="gentle,harsh", show_default=True, metavar="NAME,…", help="Imagined protections."
)
@click.option("--graders", type=click.IntRange(1, 26), default=3, show_default=True, metavar="N")
@click.option("--limit", type=click.IntRange(min=1), default=160, show_default=True, metavar="N")
@click.option(
    "--slip", type=click.FloatRange(0, 0.6), default=0.06, show_default=True, help="Readers' error."
)
@click.option(
    "--lost",
    default="0.05,0.5",
    show_default=True,
    metavar="SHARE,…",
    help="Share of images whose sign is gone, one for all arms or one each.",
)
@click.option("--format", "form", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True)
@click.option("--seed", default="0", show_default=True, help="Names the draws.")
@json_option
def simulate(
    out: Path,
    key: Path,
    arms: str,
    graders: int,
    limit: int,
    slip: float,
    lost: str,
    form: Any,
    seed: str,
    as_json: bool,
) -> None:
    """Make a study on mema-mini whose graders are simulated: they know the truth and err at given rates.

    It shows that the path from sheets to kappa works; its figures say nothing of any method. No
    picture is drawn or read.
    """
    from medbench.ratings.simulated_study import simulated_study

    shares = [float(share) for share in lost.split(",")]
    made = simulated_study(out, key, tuple(arms.split(",")), graders, limit, slip, shares, form, seed)
    if as_json:
        print_json({"study": str(out), "key": str(key), "readings": len(made.turns)})
        return
    click.echo(f"{out}: {len(made.turns)} simulated readings by {graders} graders\n{key}: the key")
    click.echo(f"next: medbench ratings check {out}\nthen: medbench ratings score {out} --key {key}")
