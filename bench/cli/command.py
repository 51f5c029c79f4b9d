"""Commands whose help ends in examples, printed as they are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click


class ExampleMixin:
    """Adds ``examples``, command lines that the help shows below the options."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **more: Any) -> None:
        """Take ``examples``; the rest goes to click."""
        super().__init__(*args, **more)
        self.examples = tuple(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, one to a line."""
        if self.examples:
            with formatter.section("Examples" if len(self.examples) > 1 else "Example"):
                for line in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{line}\n")


class Command(ExampleMixin, click.Command):
    """A command with examples."""


class Group(ExampleMixin, click.Group):
    """A group with examples; its commands may have them too."""

    command_class = Command
