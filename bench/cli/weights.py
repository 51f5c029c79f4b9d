"""medbench weights: which weight files there are, how to get them, and whether they are whole."""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Group
from medbench.cli.options import json_option, print_json, print_rows

_REPLACE = "Take it though it differs from the file that was brought before."


@click.group(
    cls=Group,
    short_help="Weight files: what is here, under which licence, and is it whole?",
    examples=[
        "medbench weights list",
        "medbench weights fetch facenet_vggface2",
        "medbench weights add arcface_r50 Downloads/backbone.pth",
        "medbench weights verify",
    ],
)
def weights() -> None:
    """List weight files, get official ones, verify them. All commands take --json.

    Official files are the authors' own. They lie in the cache folder ($MEDBENCH_CACHE), and a lock
    file beside them records what they were when they came. Nothing is fetched but by fetch.
    """


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

    Files of other packages must have the listed sha256, official ones the listed sha256 or that of
    the day they came; those of this repository must load. A missing file is told, and is wanting
    only where it was named.
    """
    from medbench.weight_states import look_at_weights

    found = look_at_weights(names, read=True)
    if as_json:
        print_json([state.document() for state in found])
    else:
        print_rows(
            ("state", "name", "sha256", "compared with", "detail"),
            [(s.state, s.name, s.sha256[:16] or "-", s.trusted or "-", s.detail) for s in found],
        )
    if any(s.state == "broken" or (names and s.state == "missing") for s in found):
        ctx.exit(1)


@weights.command("fetch", examples=["medbench weights fetch facenet_vggface2"])
@click.argument("name")
@click.option("--replace", is_flag=True, help=_REPLACE)
@json_option
def fetch_weights(name: str, replace: bool, as_json: bool) -> None:
    """Fetch an official weight file from its authors' address.

    A broken download is continued where it stopped, now or when the command is given again. Where
    the authors publish a sha256 the file must have it; else the first one is recorded.
    """
    from medbench.cli.progress import console_progress
    from medbench.weights.fetching import fetch

    with console_progress(as_json) as progress:
        path = fetch(name, progress, replace)
    _say(name, path, as_json)


@weights.command("add", examples=["medbench weights add arcface_r50 Downloads/backbone.pth"])
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help=_REPLACE)
@json_option
def add_weights(name: str, file: Path, replace: bool, as_json: bool) -> None:
    """Copy an official weight file that you have into the cache folder, and record its sha256.

    It must read as tensors and nothing else: a file that would run code is refused unrun.
    """
    from medbench.weights.bringing import add

    _say(name, add(name, file, replace), as_json)


def _say(name: str, path: Path, as_json: bool) -> None:
    from medbench.weight_states import look_at_weights

    (state,) = look_at_weights([name], read=False)
    if as_json:
        print_json({**state.document(), "path": str(path)})
    else:
        click.echo(f"{name}: {path}")
        click.echo(f"licence: {state.licence}")
