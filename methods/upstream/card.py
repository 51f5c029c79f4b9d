"""The card of a method that is a command: what it wants to be given, and what it gives back."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError, field_validator

from medbench.core import MedbenchError
from medbench.methods.method import Backend, MethodCard

#: What a command's words may name.
PLACES = ("{input}", "{output}", "{keys}", "{seed}")


class CommandCard(MethodCard):
    """A method card with the command that does the work.

    ``command`` (and ``restore_command``) are words, not a shell line; ``{input}`` and ``{output}``
    stand for folders of PNG files, ``{keys}`` for a CSV file (name, 64 hex digits), ``{seed}`` for
    a number.
    """

    entry: str = "medbench.methods.upstream.command:CommandMethod"
    summary: str = "A program that protects a folder of pictures."
    licence: str = "not stated"
    backend: Backend = "upstream"
    command: tuple[str, ...] = Field(min_length=1)
    restore_command: tuple[str, ...] = ()
    folder: Path | None = Field(default=None, description="Where the command runs; else an empty folder.")
    size: int | None = Field(
        default=None, ge=16, description="Side of the square face pictures it wants; else whole pictures."
    )
    frame: float = Field(default=1.66, gt=0, description="Side of that square in widths of the face box.")
    multiple: int = Field(default=1, ge=1, description="It takes pictures in groups of so many.")
    file_name: str = Field(default="{index:06d}.png", description="Name of a picture that goes in.")
    result_name: str = Field(default="{index:06d}.png", description="Name of the one that comes out.")
    panel: int | None = Field(
        default=None, ge=0, description="Which part of a composite sheet is the result."
    )
    panels: int = Field(default=1, ge=1, description="How many parts, side by side, a sheet has.")
    time_limit: float = Field(default=600.0, gt=0, description="Seconds for one call.")
    environment: dict[str, str] = Field(default_factory=dict)
    may_pass_through: bool = Field(default=False, description="An unchanged picture is no failure.")

    @field_validator("command", "restore_command")
    @classmethod
    def _names_its_folders(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        text = " ".join(words)
        if words and not ("{input}" in text and "{output}" in text):
            raise ValueError("the command must name {input} and {output}")
        return words


def read_card(path: Path) -> CommandCard:
    """Read and check a card of a command.

    Raises:
        MedbenchError: no such file, or a field is wrong; the message names both.

    """
    if not path.is_file():
        raise MedbenchError(f"{path} is not there: give a card of a command, see docs/commands-as-methods.md")
    try:
        found: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return CommandCard.model_validate(found)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise MedbenchError(f"{path} is not YAML: {' '.join(str(error).split())[:200]}") from None
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'card'}: {e['msg']}" for e in error.errors())
        raise MedbenchError(f"{path}: {faults}") from None


def write_card(folder: Path, name: str, line: str) -> Path:
    """Write the card of a command given as one line; programs and files are found from here.

    Raises:
        MedbenchError: the name or the line will not do.

    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise MedbenchError(f"{name!r} is no name for a method: small letters, digits, - and _")
    file = folder / f"{name}.yaml"
    words = [_found_from_here(word) for word in shlex.split(line)]
    card = {"name": name, "title": name, "command": words}
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(card, sort_keys=False), encoding="utf-8")
    read_card(file)
    return file


def _found_from_here(word: str) -> str:
    """Files become absolute: the command runs in another folder."""
    path = Path(word)
    return str(path.resolve()) if path.is_file() else word
