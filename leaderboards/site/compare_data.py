"""What the page that compares two methods reads: headline figures and classes of every method."""

from __future__ import annotations

import json
from typing import Any

from medbench.leaderboards.site.board_table import columns_of
from medbench.leaderboards.site.heat import METRIC, classes_of
from medbench.leaderboards.site.shelf import Board, Entry
from medbench.reports.board import caption


def compare_script(boards: list[Board]) -> str:
    """A script that sets ``medbenchBoards``: pages opened from a folder may not fetch JSON."""
    text = json.dumps([_board(board) for board in boards], ensure_ascii=True, separators=(",", ":"))
    # A slash or a bracket inside a name must never end a script element that somebody pastes this into.
    return f"window.medbenchBoards={text.replace('<', chr(92) + 'u003c')};\n"


def _board(board: Board) -> dict[str, Any]:
    columns = columns_of(board)
    classes = list(dict.fromkeys(name for entry in board.entries for name in classes_of(entry)))
    figures: list[dict[str, Any]] = [
        {
            "part": c.part,
            "title": c.title,
            "better": c.better,
            "scale": 100 if c.headline.percent else 1,
            "digits": c.headline.digits,
            "key": [c.headline.metric, c.headline.group],
        }
        for c in columns
    ]
    figures += [
        {
            "part": "Diagnosis by class",
            "title": f"{name} %",
            "better": "higher",
            "scale": 100,
            "digits": 1,
            "key": [METRIC, f"class={name}"],
        }
        for name in classes
    ]
    methods = [_method(entry, [f["key"] for f in figures]) for entry in board.entries]
    return {
        "slug": board.slug,
        "caption": caption(board.entries[0].result),
        "figures": [{k: v for k, v in f.items() if k != "key"} for f in figures],
        "methods": methods,
    }


def _method(entry: Entry, keys: list[list[str]]) -> dict[str, Any]:
    rows = [entry.figure(metric, group) for metric, group in keys]
    told = [[_number(r.value), _number(r.low), _number(r.high), r.n] if r else None for r in rows]
    return {"slug": entry.slug, "title": entry.title, "anchor": entry.anchor, "figures": told}


def _number(value: float) -> float | None:
    return float(f"{value:.5g}") if value == value else None
