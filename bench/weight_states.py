"""The state of weight files on this machine: whole, broken or missing."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from medbench.core import MedbenchError, Unavailable
from medbench.weights import WeightFile, find, load_safetensors, sha256, verify, weight_files

State = Literal["here", "whole", "broken", "missing"]


@dataclass(frozen=True)
class WeightState:
    """``here`` was not read; ``whole`` was; ``detail`` says what is wrong and what mends it."""

    name: str
    state: State
    source: str
    licence: str
    sha256: str
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
    return WeightState(item.name, state, item.source, item.licence, found, detail)


def _check(item: WeightFile, path: Path) -> None:
    if item.sha256:
        verify(path, item.sha256)
    else:
        load_safetensors(path)
