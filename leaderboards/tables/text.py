"""What all renderers say alike: arrows, cells as lines, the legend."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from medbench.leaderboards.tables.filled import LABELS, Cell, Column, Filled

ARROWS = {"higher": "↑", "lower": "↓", "": ""}
PAPERS = {
    "mema": "MeMa (Tian et al., Medical Manifestation-Aware De-Identification, AAAI 2025)",
    "rofi": "ROFI (A Deep Learning-Based Ophthalmic Sign-Preserving and Reversible Patient Face Anonymizer)",
}
ADDED = "+: not in the paper's table; added by medbench"


def heading(table: Filled) -> str:
    """What stands above a table."""
    return f"{table.paper.replace('mema', 'MeMa').replace('rofi', 'ROFI')}, {table.name}: {table.title}"


def column_title(column: Column) -> str:
    """A column's own heading, with a plus where it is added and an arrow towards better."""
    return " ".join(part for part in (_plus(column.added) + column.title, ARROWS[column.better]) if part)


def row_title(title: str, added: bool) -> str:
    """A row's heading, with a plus where it is added."""
    return _plus(added) + title


def spans(columns: Sequence[Column]) -> list[tuple[str, int]]:
    """Headings over the columns, with how many each covers; empty if no column has one."""
    found = [(over, len(list(group))) for over, group in groupby(columns, key=lambda one: one.over)]
    return found if any(over for over, _ in found) else []


def lines(cell: Cell) -> list[str]:
    """A cell's figures, each after its label, marks behind the last published one; a dash if none."""
    found = []
    for value in cell.values:
        marks = f" ({', '.join(cell.marks)})" if cell.marks and value.label == "P" else ""
        found.append(
            " ".join(part for part in (value.label, value.shown + value.suffix, value.interval) if part)
            + marks
        )
    return found or ["–"]


def legend(tables: Sequence[Filled]) -> str:
    """What the labels of these tables mean."""
    present = {label for table in tables for label in table.labels()}
    said = "; ".join(f"{label}: {meaning}" for label, meaning in LABELS.items() if label in present)
    return f"{said}. Brackets: 95 % intervals. –: no figure."


def counts(table: Filled) -> str:
    """How many images the measured figures speak of: one number or a range, per label."""
    said = []
    for label in ("R", "M"):
        values = [v for row in table.rows for cell in row.cells for v in cell.values if v.label == label]
        sizes = sorted({value.n for value in values if value.n is not None})
        if sizes:
            said.append(f"{label}: n = {sizes[0]:,}" + (f" to {sizes[-1]:,}" if len(sizes) > 1 else ""))
    return "; ".join(said)


def remarks(table: Filled) -> list[str]:
    """The footnotes, each after its mark, then the sizes and what the plus means."""
    found = [f"{remark.mark}: {remark.text}" for remark in table.remarks]
    if counts(table):
        found.append(counts(table))
    if any(one.added for one in table.columns) or any(one.added for one in table.rows):
        found.append(ADDED)
    return found


def _plus(added: bool) -> str:
    return "+ " if added else ""
