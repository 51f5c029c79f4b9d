"""Adapters, a card for each authors' repository; each is found by itself.

Where the network wants a face placed, or draws from the key, a module beside the card says how.
"""

from __future__ import annotations

import difflib
import importlib
from pathlib import Path

from medbench.core import MedbenchError
from medbench.methods.upstream.adapter import Adapter

_FOLDER = Path(__file__).parent


def adapter_names() -> list[str]:
    """Names, sorted."""
    return sorted(card.stem.replace("_", "-") for card in _FOLDER.glob("*.yaml"))


def adapter_named(name: str) -> Adapter:
    """Return the adapter; MedbenchError for an unknown name, with near ones."""
    known = adapter_names()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=2) or known
        raise MedbenchError(
            f"medbench knows no repository called {name!r}; it knows {', '.join(near)}. "
            "Other programs take part by a card, see docs/commands-as-methods.md"
        )
    card = _FOLDER / f"{name.replace('-', '_')}.yaml"
    if not card.with_suffix(".py").is_file():
        return Adapter.read(card)
    code = importlib.import_module(f"{__name__}.{card.stem}")
    return Adapter.read(card, place=code.place, draw=code.draw)
