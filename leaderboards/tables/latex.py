"""Tables as LaTeX, without packages: each a table environment, headings over columns as multicolumns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from medbench.leaderboards.tables.filled import Cell, Filled
from medbench.leaderboards.tables.text import (
    column_title,
    heading,
    legend,
    lines,
    remarks,
    row_title,
    spans,
)

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "[": "{[}",
    "]": "{]}",
    "↑": r"$\uparrow$",
    "↓": r"$\downarrow$",
    "−": "$-$",
    "×": r"$\times$",
    "²": r"$^2$",
    "λ": r"$\lambda$",
    "κ": r"$\kappa$",
    "′": "$'$",
    "–": "--",
}


def to_latex(tables: Sequence[Filled]) -> str:
    """The legend as a comment, then each table."""
    return "\n\n".join([f"% {escape(legend(tables))}", *map(_table, tables)]) + "\n"


def escape(text: str) -> str:
    """Text without a character that LaTeX takes for a command."""
    return "".join(SPECIAL.get(character, character) for character in _flat(text))


def _table(table: Filled) -> str:
    about = 1 + len(table.about)
    head = [escape(one) for one in (table.head, *table.about)]
    head += [escape(column_title(one)) for one in table.columns]
    over = [f"\\multicolumn{{{width}}}{{c}}{{{escape(text)}}}" for text, width in spans(table.columns)]
    rows = [
        [escape(row_title(row.title, row.added)), *map(escape, row.about), *map(_cell, row.cells)]
        for row in table.rows
    ]
    return "\n".join(
        [
            r"\begin{table}",
            r"\centering\small",
            f"\\caption{{{escape(heading(table))}}}",
            f"\\label{{tab:{re.sub('[^a-z0-9-]', '', f'{table.paper}-{table.table}')}}}",
            f"\\begin{{tabular}}{{{'l' * about}{'r' * len(table.columns)}}}",
            r"\hline",
            *([_line([""] * about + over)] if over else []),
            _line(head),
            r"\hline",
            *map(_line, rows),
            r"\hline",
            r"\end{tabular}",
            *(f"\\par\\footnotesize {escape(remark)}" for remark in remarks(table)),
            r"\end{table}",
        ]
    )


def _cell(cell: Cell) -> str:
    found = [escape(line) for line in lines(cell)]
    if len(found) == 1:
        return found[0]
    stacked = r" \\ ".join(found)
    return rf"\begin{{tabular}}[t]{{@{{}}r@{{}}}}{stacked}\end{{tabular}}"


def _line(cells: Sequence[str]) -> str:
    return " & ".join(cells) + r" \\"


def _flat(text: str) -> str:
    return " ".join(text.split())
