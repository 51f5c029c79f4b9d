"""Data cards as pages: whatever a suite's card says, section by section."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from medbench.leaderboards.site.shelf import slug_of

#: Told in the page's head, not as sections.
_HEAD = ("name", "title", "summary", "version", "entry", "synthetic")


@dataclass(frozen=True)
class DataCard:
    """A suite's card. ``sections`` are (title, value); a value is text, a list, or a mapping."""

    slug: str
    name: str
    title: str
    version: str
    summary: str
    synthetic: bool
    sections: tuple[tuple[str, Any], ...]


@cache
def read_data_cards() -> tuple[DataCard, ...]:
    """Every card of the package, by name."""
    spec = importlib.util.find_spec("medbench.data_cards")
    assert spec is not None and spec.submodule_search_locations
    files = sorted(Path(next(iter(spec.submodule_search_locations))).glob("*.yaml"))
    cards = [_card(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files]
    return tuple(sorted(cards, key=lambda card: card.name))


def _card(card: dict[str, Any]) -> DataCard:
    sections = tuple(
        (name.replace("_", " ").capitalize(), value)
        for name, value in card.items()
        if name not in _HEAD and value not in (None, "", [], {})
    )
    name = str(card["name"])
    return DataCard(
        slug_of(name),
        name,
        str(card.get("title", name)),
        str(card.get("version", "")),
        str(card.get("summary", "")),
        bool(card.get("synthetic", False)),
        sections,
    )
