"""medbench new-method: a folder with a method that works, to change into one's own."""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json


@click.command(
    "new-method",
    cls=Command,
    short_help="A folder with a method that works, to change into your own.",
    examples=["medbench new-method my-method", "medbench new-method my-method --out methods"],
)
@click.argument("name")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    show_default=True,
    help="Where the method's own folder is made.",
)
@json_option
def new_method(name: str, out: Path, as_json: bool) -> None:
    """Write a method called NAME that keeps every rule; change its `anonymize` into your own.

    NAME is lower-case words joined by hyphens. In methods/ of this repository the method is found
    by its card; anywhere else it runs as path/method.py:Class, and a test is written beside it.
    """
    from medbench.methods.scaffold import new_method as write_method

    files = write_method(name, out)
    home = files[0].parent
    asked = _how_to_ask_for(name, files)
    if as_json:
        print_json({"name": name, "method": asked, "files": [str(file) for file in files]})
        return
    for file in files:
        click.echo(file)
    click.echo(
        f"\nnext: medbench check-method {asked}"
        f"\n      medbench run --method {asked} --suite mema-mini --limit 40"
        f"\nthen change {home / 'method.py'}"
    )


def _how_to_ask_for(name: str, files: list[Path]) -> str:
    """The registered name where a test beside it is not needed, else ``path/method.py:Class``."""
    if not any(file.name.startswith("test_") for file in files):
        return name
    module = next(file for file in files if file.name == "method.py")
    kind = "".join(word.capitalize() for word in name.replace("-", "_").split("_"))
    return f"{module}:{kind}"
