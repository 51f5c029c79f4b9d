"""medbench ratings: what graders see in original and protected pictures."""

from __future__ import annotations

import click

from medbench.cli.command import Group
from medbench.cli.ratings_check import check
from medbench.cli.ratings_score import score
from medbench.cli.ratings_simulate import simulate
from medbench.cli.ratings_template import template


@click.group(
    cls=Group,
    short_help="Graders' sheets: blinded reading lists, checks, kappa.",
    examples=[
        "medbench ratings simulate --out study --key key.csv",
        "medbench ratings score study --key key.csv --out figures",
    ],
)
def ratings() -> None:
    """Make graders' sheets, check filled ones, and score them: kappa, sensitivity, confusion."""


for _command in (template, check, score, simulate):
    ratings.add_command(_command)
