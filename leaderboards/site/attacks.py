"""Figures of the attackers that train, from the file that lies beside a result, if there is one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from medbench.core import MedbenchError
from medbench.result import EstimateRow


def attacks_beside(file: Path) -> tuple[EstimateRow, ...]:
    """Estimates of ``attacks.json`` beside a run's result, or ``attacks/<method>.json`` below it.

    Raises:
        MedbenchError: the file is there and holds no estimates.

    """
    for place in places_of(file):
        if place.is_file():
            return _read(place)
    return ()


def places_of(file: Path) -> tuple[Path, ...]:
    """Where the attacks on a result may lie."""
    if file.name == "result.json":
        return (file.with_name("attacks.json"),)
    return file.with_name(f"{file.stem}.attacks.json"), file.parent / "attacks" / file.name


def _read(place: Path) -> tuple[EstimateRow, ...]:
    try:
        document: Any = json.loads(place.read_text(encoding="utf-8"))
        return tuple(EstimateRow.model_validate(row) for row in document["estimates"])
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise MedbenchError(
            f"{place}: not the attacks of this version of medbench ({error}); "
            "run `medbench attack` again or take the file away"
        ) from None
