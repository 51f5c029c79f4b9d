"""A passphrase in a file: one line, never shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from medbench.core import MedbenchError


def read_passphrase(file: Path, away_from: Sequence[Path]) -> str:
    """Read the one line of a file.

    Args:
        file: holds the passphrase in UTF-8; the end of the line does not count.
        away_from: folders of pictures, in which it must not lie: it would travel with them.

    Raises:
        MedbenchError: it cannot be read, is empty, has several lines, or lies among the pictures.

    """
    for folder in away_from:
        if file.resolve().is_relative_to(folder.resolve()):
            raise MedbenchError(f"{file} lies among the pictures in {folder}; keep the passphrase elsewhere")
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise MedbenchError(f"{file}: is not in UTF-8; save it as UTF-8 text") from None
    except OSError as error:
        raise MedbenchError(
            f"{file}: cannot be read ({error.strerror}); give the passphrase's file"
        ) from None
    lines = text.splitlines()
    if len(lines) > 1:
        raise MedbenchError(f"{file}: holds {len(lines)} lines; a passphrase is one")
    if not lines or not lines[0]:
        raise MedbenchError(f"{file}: is empty; write the passphrase into it")
    return lines[0]
