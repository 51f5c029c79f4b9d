"""The command line's reference: what every command says of itself with --help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from mkdocs.structure.files import File, Files

PAGE = "reference/commands.md"


def on_files(files: Files, config: Any) -> Files:
    """Add the page."""
    from medbench.cli.main import cli

    parts = ["# Commands\n", "Exit 0: done. 1: found wanting. 2: wrong use. 130: stopped.\n"]
    for ctx in _contexts(cli, click.Context(cli, info_name="medbench")):
        parts.append(f"## {ctx.command_path}\n\n```text\n{ctx.command.get_help(ctx)}\n```\n")
    files.append(File.generated(config, PAGE, content="\n".join(parts)))
    return files


def _contexts(command: click.Command, ctx: click.Context) -> Iterator[click.Context]:
    yield ctx
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            inner = command.get_command(ctx, name)
            if inner is not None:
                yield from _contexts(inner, click.Context(inner, info_name=name, parent=ctx))
