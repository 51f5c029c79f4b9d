"""medbench weights: which weight files there are, and whether they are whole."""

from __future__ import annotations

import click

from medbench.cli.command import Group
from medbench.cli.options import json_option, print_json, print_rows


@click.group(
    cls=Group,
    short_help="Weight files: what is here, under which licence, and is it whole?",
    examples=["medbench weights list", "medbench weights verify dlib_descriptor"],
)
def weights() -> None:
    """List weight files, verify them. Both commands take --json."""


@weights.command("list", examples=["medbench weights list"])
@json_option
def list_weights(as_json: bool) -> None:
    """List every known weight file: whether it is here, where it comes from, its licence."""
    from medbench.weight_states import look_at_weights

    found = look_at_weights((), read=False)
    if as_json:
        print_json([state.document() for state in found])
        return
    print_rows(
        ("name", "here", "from", "licence"),
        [(s.name, "no" if s.state == "missing" else "yes", s.source, s.licence) for s in found],
    )


@weights.command("verify", examples=["medbench weights verify", "medbench weights verify dlib_descriptor"])
@click.argument("names", nargs=-1, metavar="[NAME]...")
@json_option
@click.pass_context
def verify_weights(ctx: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Read weight files and compare them with what is expected; exit 1 where one is not whole.

    Files of other packages must have the listed sha256; those of this repository must load. A
    missing file is told, and is wanting only where it was named.
    """
    from medbench.weight_states import look_at_weights

    found = look_at_weights(names, read=True)
    if as_json:
        print_json([state.document() for state in found])
    else:
        print_rows(
            ("state", "name", "sha256", "detail"),
            [(s.state, s.name, s.sha256[:16] or "-", s.detail) for s in found],
        )
    if any(s.state == "broken" or (names and s.state == "missing") for s in found):
        ctx.exit(1)
