"""Adapters, one file for each authors' repository; each is found by itself."""

from __future__ import annotations

import difflib
import importlib
from pathlib import Path

from medbench.core import MedbenchError
from medbench.methods.upstream.adapter import Adapter


def adapter_names() -> list[str]:
    """Names, sorted."""
    return sorted(f.stem.replace("_", "-") for f in Path(__file__).parent.glob("[a-z]*.py"))


def adapter_named(name: str) -> Adapter:
    """Return the adapter; MedbenchError for an unknown name, with near ones."""
    known = adapter_names()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=2) or known
        raise MedbenchError(
            f"medbench knows no repository called {name!r}; it knows {', '.join(near)}. "
            "Other programs take part by a card, see docs/commands-as-methods.md"
        )
    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    found: Adapter = module.ADAPTER
    return found
