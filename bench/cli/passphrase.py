"""Where a command gets a passphrase: a file or a prompt, never its arguments, which others can see."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from medbench.core import MedbenchError

if TYPE_CHECKING:
    from medbench.keys import Key

Command = TypeVar("Command", bound=Callable[..., Any])


def passphrase_options(command: Command) -> Command:
    """``--passphrase-file FILE`` and ``--prompt``."""
    ask = click.option("--prompt", is_flag=True, help="Ask for the passphrase; it is not shown.")
    file = click.option(
        "--passphrase-file",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="A text file whose one line is the passphrase.",
    )
    return file(ask(command))


def key_of(file: Path | None, prompt: bool, away_from: Sequence[Path], twice: bool) -> Key | None:
    """Make the key of the passphrase; None where neither option was given.

    Args:
        file: of ``--passphrase-file``.
        prompt: of ``--prompt``.
        away_from: folders of pictures, in which the file must not lie.
        twice: ask a second time, since nothing else would tell a slip.

    Raises:
        MedbenchError: both were given, there is no terminal to ask on, or the file cannot be used.

    """
    from medbench.folders.passphrase_file import read_passphrase
    from medbench.keys import Key

    if file and prompt:
        raise MedbenchError("give --passphrase-file or --prompt, not both")
    if file:
        return Key.from_passphrase(read_passphrase(file, away_from))
    if not prompt:
        return None
    if not sys.stdin.isatty():
        raise MedbenchError("--prompt needs a terminal to ask on; give --passphrase-file FILE")
    words = click.prompt("passphrase", hide_input=True, confirmation_prompt=twice, err=True)
    return Key.from_passphrase(words)
