"""sha256 of files, and whether it is the expected one."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from medbench.core import MedbenchError


def sha256(path: Path) -> str:
    """Return the sha256 of a file; read once per process while its size and time stay."""
    state = path.stat()
    return _sha256(path, state.st_size, state.st_mtime_ns)


def verify(path: Path, expected: str, remedy: str = "delete it and install or fetch it again") -> None:
    """Compare a file with the sha256, or the leading digits of it, that is expected.

    Raises:
        MedbenchError: the file is another one.
    """
    if not expected or not (found := sha256(path)).startswith(expected):
        raise MedbenchError(
            f"{path} is not the expected file (sha256 {found[:16]}…, not {expected[:16]}…); {remedy}"
        )


@cache
def _sha256(path: Path, size: int, time: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
