"""medbench upstream: authors' repositories as methods."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from medbench.cli.command import Command, Group
from medbench.cli.options import json_option, print_json, print_rows

_REPO = click.option(
    "--repo", required=True, type=click.Path(path_type=Path), metavar="DIR", help="A checkout of it."
)
_PYTHON = click.option("--python", required=True, metavar="EXE", help="The Python of its own environment.")


@click.group(
    "upstream",
    cls=Group,
    short_help="Authors' own repositories as methods.",
    examples=[
        "medbench upstream list",
        "medbench upstream add ciagan --repo ciagan --python ciagan-env/bin/python "
        "--weights generator=modelG.pth",
        "medbench run --method upstream:ciagan --suite mema-mini --limit 100",
    ],
)
def upstream() -> None:
    """Let a method's own code and weights take part, in an environment of their own.

    Nothing of the repositories is part of medbench, and nothing is downloaded. See
    docs/how-to/upstream.md for what each needs.
    """


@upstream.command(
    "add",
    cls=Command,
    examples=[
        "medbench upstream add riddle --repo RiDDLE --python riddle-env/bin/python --weights e4e=e4e.pt "
        "--weights stylegan=stylegan2.pt --weights mapper=iteration_90000.pt"
    ],
)
@click.argument("name")
@_REPO
@_PYTHON
@click.option("--weights", multiple=True, metavar="NAME=PATH", help="A file or folder that it needs; repeat.")
@click.option("--vouch", multiple=True, metavar="NAME", help="Trust this file, which runs code when read.")
@click.option("--any-commit", is_flag=True, help="Allow a commit that medbench was not tried with.")
@click.option(
    "--random-weights", is_flag=True, help="The weights are not trained: no result gets on a board."
)
@click.option(
    "--time-limit",
    default=600.0,
    show_default=True,
    type=click.FloatRange(min=1),
    metavar="SECONDS",
    help="For one batch.",
)
@json_option
def add_upstream(
    name: str,
    repo: Path,
    python: str,
    weights: tuple[str, ...],
    vouch: tuple[str, ...],
    any_commit: bool,
    random_weights: bool,
    time_limit: float,
    as_json: bool,
) -> None:
    """Check a repository's commit, files, weights and environment, and remember it for this user.

    NAME is one that `medbench upstream list` shows. Nothing is copied or changed.
    """
    from medbench.methods.upstream.adding import Wish, add
    from medbench.methods.upstream.registration import file_of

    wish = Wish(name, repo, python, _paths(weights), vouch, any_commit, random_weights, time_limit)
    done = add(wish)
    if as_json:
        print_json({**done.model_dump(mode="json"), "file": str(file_of(name))})
        return
    rows = [("commit", done.commit), ("source", done.source[:16])]
    rows += [(f"weights {key}", f"{file.sha256[:16]}  {file.path}") for key, file in done.weights.items()]
    rows += list(done.environment.items())
    for what, found in rows:
        click.echo(f"{what:<20}{found}")
    if done.random_weights:
        click.echo("the weights are random: no result of this gets on a board")
    click.echo(f"remembered in {file_of(name)}\nnext: medbench check-method upstream:{name}")
    click.echo(f"then: medbench run --method upstream:{name} --suite mema-mini --limit 100")


@upstream.command("list", cls=Command, examples=["medbench upstream list"])
@json_option
def list_upstream(as_json: bool) -> None:
    """Show the repositories that medbench knows, and which of them were added."""
    from medbench.methods.upstream.adapters import adapter_named, adapter_names
    from medbench.methods.upstream.registration import registered, registered_names

    added = {name: registered(name) for name in registered_names()}
    known = [adapter_named(name) for name in adapter_names()]
    if as_json:
        rows = [
            {
                "name": one.name,
                "title": one.title,
                "repository": one.repository,
                "commits": one.commits,
                "needs": {need.name: need.what for need in one.needs},
                "added": added[one.name].model_dump(mode="json") if one.name in added else None,
            }
            for one in known
        ]
        print_json(rows)
        return
    lines = []
    for one in known:
        here = added.get(one.name)
        state = "-" if here is None else "random weights" if here.random_weights else here.commit[:10]
        lines.append((one.name, state, ", ".join(need.name for need in one.needs), one.repository))
    print_rows(("name", "added", "weights", "repository"), lines)


@upstream.command("remove", cls=Command, examples=["medbench upstream remove ciagan"])
@click.argument("name")
@json_option
def remove_upstream(name: str, as_json: bool) -> None:
    """Forget a repository; its folder and its weights stay as they are."""
    from medbench.methods.upstream.registration import file_of, registered

    registered(name)
    file_of(name).unlink()
    if as_json:
        print_json({"forgotten": name})
    else:
        click.echo(f"forgotten: {name}")


@upstream.command(
    "random-weights",
    cls=Command,
    examples=["medbench upstream random-weights ciagan --repo ciagan --python python3 --out random-ciagan"],
)
@click.argument("name")
@_REPO
@_PYTHON
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@json_option
def random_weights(name: str, repo: Path, python: str, out: Path, as_json: bool) -> None:
    """Write untrained weights in a repository's own format, to try that it runs on this machine.

    A note beside them tells `medbench upstream add` what they are; no result gets on a board.
    """
    from medbench.methods.upstream.random_weights import draw_weights

    files = draw_weights(name, repo, python, out)
    if as_json:
        print_json({"files": [str(file) for file in files]})
        return
    for file in files:
        click.echo(file)


def _paths(given: Sequence[str]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for text in given:
        name, equals, path = text.partition("=")
        if not equals or not path:
            raise click.UsageError(f"--weights takes NAME=PATH, not {text!r}")
        if name in found:
            raise click.UsageError(f"--weights {name} is given twice")
        found[name] = Path(path)
    return found
