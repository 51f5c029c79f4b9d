"""Files that are there whole or not at all, whatever kills the process."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from medbench.core import MedbenchError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; on leaving, flush it to disk and rename it.

    Raises:
        MedbenchError: the disk is full or read-only. What was finished before stays.

    """
    with clear_disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
        draft = Path(name)
        try:
            yield draft
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            draft.chmod(0o644)
            draft.replace(path)
        finally:
            with suppress(FileNotFoundError):
                draft.unlink()


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text atomically."""
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8")


@contextmanager
def clear_disk_errors(path: Path) -> Iterator[None]:
    """Turn a full or read-only disk into a MedbenchError that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise MedbenchError(
                f"the disk is full: {path.parent}\n"
                "free some space and give the same command again; what is finished is kept and used"
            ) from error
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise MedbenchError(
                f"{path.parent} cannot be written ({error.strerror}); give another folder with --out"
            ) from error
        raise
