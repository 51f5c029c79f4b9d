"""The table of all methods as Markdown, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medbench.atomic import write_text
from medbench.core import MedbenchError
from medbench.reports.overview import NOTE, first_line, plain_rows
from medbench.reports.plain import cell_text

if TYPE_CHECKING:
    from medbench.reports.overview import Overview

SUFFIXES = (".csv", ".json", ".md")


def overview_markdown(overview: Overview) -> str:
    """The caption and a Markdown table."""
    titles = [title.replace("\n", "<br>") for title in overview.titles]
    rule = ["---", "---", *["---:"] * (len(titles) - 2)]
    rows = [[cell_text(one) for one in row] for row in overview.rows]
    lines = [f"| {' | '.join(line)} |" for line in (titles, rule, *rows)]
    absent = [f"- {name}: {first_line(why)}" for name, why in overview.absent.items()]
    return "\n".join(
        [f"**{overview.caption}**", "", *lines, "", *([*absent, ""] if absent else []), NOTE, ""]
    )


def overview_csv(overviews: Sequence[Overview]) -> str:
    """A line per method, figures unrounded; what is not known is empty."""
    rows = [_flat(row) for overview in overviews for row in plain_rows(overview)]
    text = io.StringIO()
    fields = list(dict.fromkeys(name for row in rows for name in row))
    table = csv.DictWriter(text, fields, lineterminator="\n", restval="")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def write_overviews(overviews: Sequence[Overview], file: Path) -> None:
    """Write as the file's ending says: .csv, .json or .md.

    Raises:
        MedbenchError: another ending.

    """
    require_form(file)
    if file.suffix == ".csv":
        text = overview_csv(overviews)
    elif file.suffix == ".json":
        text = json.dumps([row for one in overviews for row in plain_rows(one)], indent=1) + "\n"
    else:
        text = "\n".join(map(overview_markdown, overviews))
    write_text(file, text)


def require_form(file: Path) -> None:
    """Raise MedbenchError where the file's ending is none of SUFFIXES."""
    if file.suffix not in SUFFIXES:
        raise MedbenchError(f"{file}: give a name that ends in {', '.join(SUFFIXES)}")


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in row.items() if name != "figures" and value is not None}
    for metric, figure in row.get("figures", {}).items():
        for name, value in figure.items():
            if name != "chance" or metric == "rank1_identification":
                plain[metric if name == "value" else f"{metric}_{name}"] = "" if value is None else value
    return plain
