"""The state of weight files on this machine: whole, broken or missing."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from medbench.core import MedbenchError, Unavailable
from medbench.weights import WeightFile, find, load_safetensors, sha256, weight_files
from medbench.weights.bringing import check_format
from medbench.weights.finding import verify_item
from medbench.weights.store import recorded

State = Literal["here", "whole", "broken", "missing"]


@dataclass(frozen=True)
class WeightState:
    """``here`` was not read; ``whole`` was; ``detail`` says what is wrong and what mends it.

    ``sha256`` is the listed one, or that of the file where it was read; ``trusted`` says what it was
    compared with: ``listed``, ``first use`` (recorded when the user brought it), or '' (not at all).
    """

    name: str
    state: State
    source: str
    licence: str
    sha256: str
    trusted: str
    detail: str

    def document(self) -> dict[str, Any]:
        """As a dict for JSON."""
        return asdict(self)


def look_at_weights(names: Sequence[str], read: bool) -> list[WeightState]:
    """The state of the files named, or of all.

    Args:
        names: as listed; none means all.
        read: read and check the files, too; else only whether they are there.

    Raises:
        MedbenchError: a name is unknown; near ones are listed.

    """
    known = weight_files()
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3)
            hint = f"did you mean {', '.join(near)}?" if near else "see medbench weights list"
            raise MedbenchError(f"no weight file is called {name!r}; {hint}")
    return [_look(known[name], read) for name in names or known]


def _look(item: WeightFile, read: bool) -> WeightState:
    state: State
    state, found, detail = "here", item.sha256, ""
    try:
        path = find(item.name)
        if read:
            state, found = "whole", sha256(path)
            _check(item, path)
    except Unavailable as error:
        state, detail = "missing", str(error)
    except MedbenchError as error:
        state, detail = "broken", str(error)
    trusted = "listed" if item.sha256 else "first use" if item.official and recorded(item.name) else ""
    return WeightState(item.name, state, item.source, item.licence, found, trusted, detail)


def _check(item: WeightFile, path: Path) -> None:
    if item.official or item.sha256:
        verify_item(item, path)
    if item.official:
        check_format(item, path)
    elif not item.sha256:
        load_safetensors(path)
