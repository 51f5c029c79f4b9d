"""A data card as a page: the questions of a datasheet, in one order for every suite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medbench.suites.suite import SuiteCard


def to_markdown(card: SuiteCard) -> str:
    """Write a card as Markdown.

    Source of the questions: Gebru et al., Datasheets for Datasets, 2021.
    """
    kind = "Drawn or generated: it shows nobody." if card.synthetic else "Photographs of real people."
    parts = [
        f"# {card.title}\n",
        f"`{card.name}`, version {card.version}. {kind}\n",
        f"{card.summary.strip()}\n",
        _section("Origin", card.origin),
        _section("Licence", card.licence),
        _section("Subjects", card.subjects or "not stated"),
        _section("Classes", ", ".join(card.classes)),
        _table("Splits", ("split", "what it holds"), card.splits),
        _table("Labels", ("column", "meaning"), card.columns),
        _table(
            "Margins", ("figure", "what protection may cost"), {n: f"{m:g}" for n, m in card.margins.items()}
        ),
        _section("Limits", "\n".join(f"- {' '.join(limit.split())}" for limit in card.limits)),
        _section("How to obtain it", card.how_to_obtain, verbatim=True),
    ]
    return "\n".join(part for part in parts if part)


def _section(title: str, text: str, verbatim: bool = False) -> str:
    text = text.strip()
    if not text:
        return ""
    fenced = f"```text\n{text}\n```" if verbatim and "\n" in text else text
    return f"## {title}\n\n{fenced}\n"


def _table(title: str, heads: tuple[str, str], rows: Mapping[str, str]) -> str:
    if not rows:
        return ""
    lines = [f"| `{name}` | {_cell(meaning)} |" for name, meaning in rows.items()]
    return f"## {title}\n\n" + "\n".join([f"| {heads[0]} | {heads[1]} |", "| --- | --- |", *lines]) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
