"""Data cards by name: they can be read where the data themselves are not at hand."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from medbench.suites.suite import SuiteCard


def card_file(name: str) -> Path:
    """Where the card of a suite lies, whether or not there is one."""
    spec = importlib.util.find_spec("medbench.data_cards")
    assert spec is not None and spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))) / f"{name}.yaml"


def card_named(name: str) -> SuiteCard:
    """Read a card of ours; FileNotFoundError where there is none."""
    return SuiteCard.read(card_file(name))
