"""Repositories that the user has added: kept in his own folder, one JSON file each."""

from __future__ import annotations

import difflib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from medbench.atomic import write_text
from medbench.core import MedbenchError, Unavailable
from medbench.suites.whereabouts import config_file

#: A method whose name begins so is a repository that was added.
PREFIX = "upstream:"


class WeightsFile(BaseModel):
    """A file or folder that was brought, and what it held then."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path
    sha256: str
    size: int = Field(description="bytes, of all files together")


class Registration(BaseModel):
    """What ``medbench upstream add`` found and noted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    repo: Path
    commit: str = Field(description="'unknown' where the folder is no checkout; '+' behind it: files differ")
    source: str = Field(description="sha256 over the Python files of the repository")
    python: Path
    weights: dict[str, WeightsFile]
    vouched: tuple[str, ...] = ()
    environment: dict[str, str] = Field(default_factory=dict, description="package -> version")
    random_weights: bool = False
    time_limit: float = 600.0
    added: str

    def write(self) -> Path:
        """Note it for this user; an earlier one of the same name is replaced."""
        file = file_of(self.name)
        write_text(file, self.model_dump_json(indent=1) + "\n")
        return file


def folder() -> Path:
    """Where registrations lie."""
    return config_file().with_name("upstream")


def file_of(name: str) -> Path:
    """The file of one."""
    return folder() / f"{name}.json"


def registered_names() -> list[str]:
    """Names that were added, sorted."""
    return sorted(file.stem for file in folder().glob("*.json"))


def registered(name: str) -> Registration:
    """Read one.

    Raises:
        Unavailable: it was never added; the message is the line that does it.
        MedbenchError: its file is damaged.

    """
    file = file_of(name)
    if not file.is_file():
        near = difflib.get_close_matches(name, registered_names(), n=3)
        hint = f"did you mean {', '.join(PREFIX + one for one in near)}? Else: " if near else ""
        raise Unavailable(
            f"no repository was added as {name}: {hint}"
            f"medbench upstream add {name} --repo DIR --python EXE --weights NAME=FILE"
        )
    try:
        return Registration.model_validate_json(file.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError):
        raise MedbenchError(f"{file} is damaged; give medbench upstream add {name} again") from None
