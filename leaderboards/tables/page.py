"""Tables as one HTML page that needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from medbench.leaderboards.tables.filled import LABELS, Cell, Filled
from medbench.leaderboards.tables.text import (
    column_title,
    heading,
    legend,
    remarks,
    row_title,
    spans,
)

STYLE = """
:root { color-scheme: light dark; font: 16px/1.45 system-ui, sans-serif }
body { margin: 1rem auto; max-width: 80rem; padding: 0 1rem }
section { margin: 2.5rem 0; overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
caption { text-align: left; font-weight: 600; padding: .5rem 0 }
th, td { padding: .3rem .6rem; border-bottom: 1px solid #8886; text-align: right; vertical-align: top }
th[scope=row], thead td, .about { text-align: left }
td div { white-space: nowrap }
abbr { text-decoration: none; font-weight: 700; padding-right: .3em }
sup { font-size: .7em }
"""


def to_html(tables: Sequence[Filled]) -> str:
    """A whole page; every text is escaped."""
    title = "The papers' tables" if len(tables) != 1 else heading(tables[0])
    sections = "\n".join(map(_section, tables))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n<p>{escape(legend(tables))}</p>\n{sections}\n</main>\n</body>\n</html>\n"
    )


def _section(table: Filled) -> str:
    about = 1 + len(table.about)
    over = "".join(
        f'<th scope="colgroup" colspan="{n}">{escape(text)}</th>' for text, n in spans(table.columns)
    )
    first = f'<tr><td colspan="{about}"></td>{over}</tr>' if over else ""
    head = "".join(f'<th scope="col" class="about">{escape(one)}</th>' for one in (table.head, *table.about))
    head += "".join(f'<th scope="col">{escape(column_title(one))}</th>' for one in table.columns)
    body = "\n".join(
        f'<tr><th scope="row">{escape(row_title(row.title, row.added))}</th>'
        + "".join(f'<td class="about">{escape(one)}</td>' for one in row.about)
        + "".join(map(_cell, row.cells))
        + "</tr>"
        for row in table.rows
    )
    notes = "".join(f"<li>{escape(remark)}</li>" for remark in remarks(table))
    return (
        f'<section id="{escape(table.paper)}-{escape(table.table)}" tabindex="0">\n<table>\n'
        f"<caption>{escape(heading(table))}</caption>\n<thead>{first}<tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table>\n<ul>{notes}</ul>\n</section>"
    )


def _cell(cell: Cell) -> str:
    said = ""
    for value in cell.values:
        marks = f"<sup>{escape(', '.join(cell.marks))}</sup>" if value.label == "P" and cell.marks else ""
        figures = escape(" ".join(part for part in (value.shown + value.suffix, value.interval) if part))
        said += f'<div><abbr title="{LABELS[value.label]}">{value.label}</abbr>{figures}{marks}</div>'
    return f"<td>{said or '–'}</td>"
