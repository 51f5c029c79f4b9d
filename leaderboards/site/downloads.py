"""A board to take home: what the table shows as CSV, JSON and LaTeX, and every figure in one ZIP."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

from medbench.leaderboards.site.board_table import columns_of
from medbench.leaderboards.site.cite import bibtex
from medbench.leaderboards.site.shelf import Board, Entry
from medbench.leaderboards.tables.latex import escape
from medbench.reports.board import caption, cell
from medbench.reports.figures import full_row

#: The oldest date that a ZIP knows: equal figures give equal bytes.
DATE = (1980, 1, 1, 0, 0, 0)


def downloads_of(board: Board) -> dict[str, bytes]:
    """Name of each file -> its bytes."""
    rows = headline_rows(board)
    whole = {"figures.csv": _csv([_rounded(row) for entry in board.entries for row in _all(entry)])}
    return {
        f"{board.slug}.csv": _csv(_flat(rows)).encode(),
        f"{board.slug}.json": _json(rows).encode(),
        f"{board.slug}.tex": _latex(board).encode(),
        f"{board.slug}.bib": bibtex(board.entries).encode(),
        f"{board.slug}-all-figures.zip": _zip(whole),
    }


def headline_rows(board: Board) -> list[dict[str, Any]]:
    """One dict per method: what it is, and ``figures``, a dict per headline figure that it has."""
    found = []
    for entry in board.entries:
        suite, method = entry.result.suite, entry.result.method
        about = {"suite": suite.name, "split": suite.split, "pictures": board.kind}
        about |= {"method": method.name, "preset": method.preset, "backend": method.backend}
        figures = []
        for column in columns_of(board):
            row = entry.figure(column.headline.metric, column.headline.group)
            if row is not None:
                fields = row.model_dump(mode="json")
                kept = ("metric", "group", "value", "low", "high", "n", "unit", "interval", "chance")
                figures.append(_rounded({name: fields[name] for name in kept}))
        found.append({**about, "figures": figures})
    return found


def _flat(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One dict per figure, each with what its method is."""
    about = [({name: row[name] for name in row if name != "figures"}, row["figures"]) for row in rows]
    return [{**known, **figure} for known, figures in about for figure in figures]


def _all(entry: Entry) -> list[dict[str, Any]]:
    rows = [full_row(entry.result, row) for row in entry.result.estimates]
    return rows + [full_row(entry.result, row) for row in entry.attacks.estimates]


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    """Five digits: more than any interval here leaves open, and a third of the bytes."""
    return {name: float(f"{value:.5g}") if isinstance(value, float) else value for name, value in row.items()}


def _csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]) if rows else [], lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def _json(rows: list[dict[str, Any]]) -> str:
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _latex(board: Board) -> str:
    columns = columns_of(board)
    head = " & ".join(["", *(escape(f"{c.title} {c.arrow}".strip()) for c in columns)])
    lines = [f"% {escape(caption(board.entries[0].result))}"]
    lines += [f"\\begin{{tabular}}{{l{'r' * len(columns)}}}", r"\hline", rf"{head} \\", r"\hline"]
    for entry in board.entries:
        cells = [cell(entry.figure(c.headline.metric, c.headline.group), c.headline) for c in columns]
        texts = [escape(f"{c.value} {c.interval}".strip()) for c in cells]
        lines.append(" & ".join([escape(entry.title), *texts]) + r" \\")
    return "\n".join([*lines, r"\hline", r"\end{tabular}", ""])


def _zip(texts: dict[str, str]) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, DATE), text, zipfile.ZIP_DEFLATED)
    return found.getvalue()
