"""Find the run that is meant, among those of several methods."""

from __future__ import annotations

from pathlib import Path

from medbench.core import MedbenchError
from medbench.result import Result


def run_of(place: Path, method: str | None) -> Path:
    """The run below ``place``; of the method that is named, the newest one.

    Raises:
        MedbenchError: that method has no finished run there.

    """
    if method is None:
        return place
    files = [place] if place.is_file() else sorted(place.rglob("result.json"))
    names = {file: Result.read(file) for file in files}
    found = [file for file, result in names.items() if result.method.name == method]
    if not found:
        known = ", ".join(sorted({result.method.name for result in names.values()})) or "none"
        raise MedbenchError(f"{place}: no finished run of {method!r} is here; there are those of: {known}")
    return max(found, key=lambda file: (names[file].created, file.stat().st_mtime_ns))
