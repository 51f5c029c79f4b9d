"""Tables as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from medbench.leaderboards.tables.filled import Filled
from medbench.leaderboards.tables.text import column_title, heading, legend, lines, remarks, row_title


def to_markdown(tables: Sequence[Filled]) -> str:
    """Each table under a heading, its footnotes below it."""
    parts = [escape(legend(tables))]
    for table in tables:
        head = [escape(one) for one in (table.head, *table.about)]
        over = [f"{escape(one.over)}: " if one.over else "" for one in table.columns]
        head += [before + escape(column_title(one)) for before, one in zip(over, table.columns, strict=True)]
        rule = ["---"] * (1 + len(table.about)) + ["---:"] * len(table.columns)
        body = [
            [escape(one) for one in (row_title(row.title, row.added), *row.about)]
            + ["<br>".join(map(escape, lines(cell))) for cell in row.cells]
            for row in table.rows
        ]
        parts.append(f"### {escape(heading(table))}")
        parts.append("\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *body)))
        parts.append("\n".join(f"- {escape(remark)}" for remark in remarks(table)))
    return "\n\n".join(part for part in parts if part) + "\n"


def escape(text: str) -> str:
    """Text that neither ends a cell, nor is markup, nor HTML, nor a link."""
    flat = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    marked = re.sub(r"([\\`*_\[\]|~#])", r"\\\1", flat)
    # Bare addresses would become links.
    return marked.replace("://", "&#58;//").replace("www.", "www&#46;").replace("@", "&#64;")
