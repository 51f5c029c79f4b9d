"""Find the results that a user points at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from medbench.core import MedbenchError
from medbench.result import Result


def results_under(places: Sequence[Path]) -> list[Result]:
    """Read result.json files, run folders, or folders that hold runs; the oldest first.

    Raises:
        MedbenchError: a place holds no finished run.

    """
    return [Result.read(file) for file in result_files_under(places)]


def result_files_under(places: Sequence[Path]) -> list[Path]:
    """Files named result.json, and those named themselves; the oldest first.

    Raises:
        MedbenchError: a place holds no finished run.

    """
    files: dict[Path, None] = {}
    for place in places:
        found = [place] if place.is_file() else list(place.rglob("result.json"))
        if not found:
            raise MedbenchError(
                f"{place}: no finished run is here; `medbench run` says at its end where its runs lie"
            )
        files |= dict.fromkeys(found)
    return sorted(files, key=lambda file: (file.stat().st_mtime_ns, file))
