"""A confusion matrix as a picture: original down, protected across."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

import numpy as np

from medbench.ratings.plots.style import picture

_CELL, _TOP, _LEFT = 46, 74, 130


def confusion_plot(title: str, grades: Sequence[str], counts: np.ndarray) -> str:
    """An SVG of counts (K, K); a cell is as dark as its share of the row."""
    totals = counts.sum(axis=1)
    parts = [f'<text x="{_LEFT}" y="46">protected (original: down)</text>']
    for number, grade in enumerate(grades):
        middle = _CELL * (number + 0.5)
        parts.append(
            f'<text x="{_LEFT - 8}" y="{_TOP + middle + 4}" text-anchor="end">{escape(grade)}</text>'
        )
        parts.append(
            f'<text x="{_LEFT + middle}" y="{_TOP - 6}" text-anchor="middle">{escape(grade[:7])}</text>'
        )
        for across in range(len(grades)):
            share = counts[number, across] / totals[number] if totals[number] else 0.0
            x, y = _LEFT + _CELL * across, _TOP + _CELL * number
            box = f'x="{x}" y="{y}" width="{_CELL}" height="{_CELL}"'
            parts.append(f'<rect class="cell" {box} fill-opacity="{share:.3f}"/><rect class="edge" {box}/>')
            style = ' class="strong"' if share > 0.55 else ""
            place = f'x="{x + _CELL / 2}" y="{y + _CELL / 2 + 4}" text-anchor="middle"'
            parts.append(f"<text{style} {place}>{int(counts[number, across])}</text>")
    side = _CELL * len(grades)
    return picture(title, max(_LEFT + side + 20, 460), _TOP + side + 16, parts)
