"""The key: which code is which picture. It is kept apart until all sheets are in."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from medbench.atomic import write_text
from medbench.core import MedbenchError
from medbench.labels.csv_rows import read_csv_rows
from medbench.ratings.design import Coded

TITLES = ("code", "image", "arm", "subject")


def write_key(file: Path, study: Path, key: Sequence[Coded]) -> None:
    """Write the key as CSV, sorted by code.

    Raises:
        MedbenchError: ``file`` lies within the study's folder, or is there already.

    """
    if file.resolve().is_relative_to(study.resolve()):
        raise MedbenchError(f"{file} lies in the study's folder, which graders see; keep the key elsewhere")
    if file.exists():
        raise MedbenchError(f"{file} is there already, and may be another study's key; give another name")
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(TITLES)
    table.writerows((c.code, c.image, c.arm, c.subject) for c in sorted(key, key=lambda c: c.code))
    write_text(file, text.getvalue())


def read_key(file: Path) -> dict[str, Coded]:
    """Code -> what is behind it.

    Raises:
        MedbenchError: the file is no key.

    """
    rows = read_csv_rows(file)
    if not rows or tuple(rows[0]) != TITLES or any(len(row) != len(TITLES) for row in rows):
        raise MedbenchError(f"{file}: is no key; its columns must be {', '.join(TITLES)}")
    return {row[0]: Coded(*row) for row in rows[1:]}
