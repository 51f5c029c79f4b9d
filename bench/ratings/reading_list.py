"""readings.csv: what every grader reads, in which order. It names codes only, so graders may have it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from medbench.atomic import write_text
from medbench.core import MedbenchError
from medbench.labels.csv_rows import read_csv_rows
from medbench.ratings.design import Turn
from medbench.ratings.study import LIST

TITLES = ("grader", "session", "order", "code")


def write_list(folder: Path, turns: Sequence[Turn]) -> None:
    """Write the reading list of a study."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(TITLES)
    table.writerows((turn.grader, turn.session, turn.order, turn.code) for turn in turns)
    write_text(folder / LIST, text.getvalue())


def read_list(folder: Path) -> list[Turn]:
    """Read the reading list of a study.

    Raises:
        MedbenchError: it is not there or is damaged.

    """
    rows = read_csv_rows(folder / LIST)
    try:
        if tuple(rows[0]) != TITLES:
            raise ValueError
        return [Turn(grader, int(session), int(order), code) for grader, session, order, code in rows[1:]]
    except (ValueError, IndexError):
        raise MedbenchError(f"{folder / LIST} is damaged; make the study again") from None
