"""Hold published.csv against texts of the papers: each figure stands where its row says.

The texts are not ours to give. Whoever has them runs

    python -m medbench.leaderboards.published.check mema=mema.txt rofi=rofi.txt

A table's row names the cell of its line (tabs or bars between cells) and the row's or the column's
label; any other row quotes the words around its figure.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from medbench.leaderboards.published.read import read_published
from medbench.leaderboards.published.row import Published

#: Figures that the paper writes as a word.
WORDS = {"0": "zero"}
#: How far above a line the head of its table may stand.
HEAD = 3


def unconfirmed(rows: Iterable[Published], text: Sequence[str]) -> list[tuple[Published, str]]:
    """Return the rows that the lines of a paper's text do not bear out, each with the reason."""
    found = [(row, _cell(row, text) if row.cell is not None else _quote(row, text)) for row in rows]
    return [(row, reason) for row, reason in found if reason]


def _cell(row: Published, text: Sequence[str]) -> str:
    assert row.cell is not None
    cells = _cells(text, row.line)
    if row.cell >= len(cells):
        return f"line {row.line} has no cell {row.cell}"
    above = [_cells(text, line) for line in range(max(1, row.line - HEAD), row.line)]
    heads = [line[row.cell] for line in above if row.cell < len(line)]
    if row.quote not in (cells[0], *heads):
        return f"neither the row nor the column is called {row.quote!r}"
    printed = re.sub(r"\s*(%|dB)$", "", cells[row.cell])
    return "" if printed == str(row.value) else f"the cell says {printed!r}"


def _quote(row: Published, text: Sequence[str]) -> str:
    line = text[row.line - 1] if row.line <= len(text) else ""
    if row.quote not in line:
        return f"line {row.line} has no such words"
    for figure in (row.value, row.low, row.high):
        if figure is not None and not _says(row.quote, str(figure)):
            return f"the quoted words lack {figure}"
    return ""


def _says(quote: str, figure: str) -> bool:
    # Neither 1.2 nor 81.27 says 1.27; the minus of an interval like 0.1-0.2 is a dash.
    exact = re.search(rf"(?<![\d.]){re.escape(figure.lstrip('-'))}(?!\.?\d)", quote)
    return bool(exact) or WORDS.get(figure, "\0") in quote


def _cells(text: Sequence[str], line: int) -> list[str]:
    if not 1 <= line <= len(text):
        return []
    parts = re.split(r"[\t|]", text[line - 1].strip("|\n").removeprefix("| "))
    return [re.sub(r"</?[bi]>", "", part).strip() for part in parts]


def main(arguments: Sequence[str]) -> int:
    """Check each ``paper=file``; print what is not borne out; 1 if anything is."""
    wrong = 0
    for argument in arguments:
        paper, _, file = argument.partition("=")
        rows = [row for row in read_published() if row.paper == paper]
        text = Path(file).read_text(encoding="utf-8").split("\n")
        doubts = unconfirmed(rows, text)
        for row, reason in doubts:
            print(f"{' '.join(row.key)}: {reason}")
        print(f"{paper}: {len(rows) - len(doubts)} of {len(rows)} rows confirmed")
        wrong += len(doubts) + (not rows)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
