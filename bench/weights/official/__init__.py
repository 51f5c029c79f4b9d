"""Official weight files: each module here lists some in ``FILES``; adding a module edits nothing."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from medbench.weights.weight_file import WeightFile


@cache
def official_files() -> dict[str, WeightFile]:
    """Every official file by name."""
    found: dict[str, WeightFile] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        for item in importlib.import_module(f"{__name__}.{module.name}").FILES:
            assert item.name not in found, f"{item.name} is listed twice"
            found[item.name] = item
    return found
