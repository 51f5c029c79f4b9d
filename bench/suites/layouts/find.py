"""Which layouts there are, and one of them by name; nothing is imported before it is asked for."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from medbench.core import MedbenchError

if TYPE_CHECKING:
    from medbench.suites.layout_suite import LayoutSuite

_NO_LAYOUTS = ("__init__", "find")


def layout_names() -> list[str]:
    """Names for ``medbench data add``, sorted: the files beside this one, ``_`` written as ``-``."""
    stems = [file.stem for file in Path(__file__).parent.glob("*.py")]
    return sorted(stem.replace("_", "-") for stem in stems if stem not in _NO_LAYOUTS)


def layout_named(name: str) -> type[LayoutSuite]:
    """The suite class that reads a data set's folder.

    Raises:
        MedbenchError: no data set is called so.

    """
    if name not in layout_names():
        raise MedbenchError(f"no data set is called {name!r}; known: {', '.join(layout_names())}")
    module = importlib.import_module(f"medbench.suites.layouts.{name.replace('-', '_')}")
    found: type[LayoutSuite] = module.LAYOUT
    return found
