"""The interpreter that a repository runs in: what it is, and what it lacks."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from medbench.core import MedbenchError
from medbench.methods.upstream.process import run_program

_LOOK = Path(__file__).parent / "wrappers" / "look.py"
_SECONDS = 300.0


def look_at(python: Path, modules: Sequence[str]) -> dict[str, str]:
    """Import ``modules`` there; returns module -> version, with ``python`` and ``cuda``.

    Raises:
        MedbenchError: it cannot be started, or modules cannot be imported; each is named with why.

    """
    with tempfile.TemporaryDirectory(prefix="medbench-") as place:
        told = Path(place) / "told.json"
        words = [str(python), str(_LOOK), str(told), *modules]
        run_program(words, Path(place), Path(place) / "log.txt", _SECONDS, {})
        try:
            found = json.loads(told.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise MedbenchError(f"{python} answers nothing; is it a Python interpreter?") from None
    if found["missing"]:
        lines = [f"{name} ({why})" for name, why in found["missing"].items()]
        raise MedbenchError(
            f"{python} (Python {found['versions']['python']}) cannot import {'; '.join(lines)}; "
            "install what the repository's README lists"
        )
    return dict(found["versions"])
