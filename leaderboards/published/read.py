"""Read published.csv, whole or not at all."""

from __future__ import annotations

import csv
from pathlib import Path

from pydantic import ValidationError

from medbench.core import MedbenchError
from medbench.leaderboards.published.row import Published

FILE = Path(__file__).with_name("published.csv")
FIELDS = tuple(Published.model_fields)


def read_published(file: Path = FILE) -> tuple[Published, ...]:
    """Return every row, in the file's order.

    Raises:
        MedbenchError: the file is missing, its columns differ, a row is unsound or stands twice;
            the message names the line.

    """
    if not file.is_file():
        raise MedbenchError(f"{file}: no such file; it comes with medbench, install it again")
    rows: dict[tuple[str, ...], Published] = {}
    with file.open(encoding="utf-8", newline="") as text:
        table = csv.DictReader(text, strict=True)
        if tuple(table.fieldnames or ()) != FIELDS:
            raise MedbenchError(f"{file}: line 1: the columns are {','.join(FIELDS)}")
        for record in table:
            where = f"{file}: line {table.line_num}"
            if None in record or None in record.values():
                raise MedbenchError(f"{where}: {len(FIELDS)} fields are wanted; quote commas")
            try:
                row = Published.model_validate(record)
            except ValidationError as error:
                first = error.errors()[0]
                field = ".".join(map(str, first["loc"])) or "row"
                raise MedbenchError(f"{where}: {field}: {first['msg']}") from None
            if row.key in rows:
                raise MedbenchError(f"{where}: {' '.join(row.key)} stands twice")
            rows[row.key] = row
    return tuple(rows.values())
