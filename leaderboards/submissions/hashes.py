"""Does the submission lie where it should, and do card and hashes fit?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from medbench.leaderboards.submissions.check import Check
from medbench.leaderboards.submissions.place import Place, sha256_of
from medbench.result import Result


def check_place(file: Path, result: Result) -> Check:
    """The file is called after suite and method."""
    wanted = Place.of(result, Path()).result
    found = Path(file.resolve().parent.name) / file.name
    return Check("place", found == wanted, f"{found}" if found == wanted else f"{found} should be {wanted}")


def check_card(file: Path, result: Result, samples: Path) -> Check:
    """The card beside it is the result's own, and its hashes are those of the files."""
    place = Place(file)
    if not place.card.is_file():
        return Check("card", None, f"{place.card.name} is missing; `medbench submit RUN` writes it")
    try:
        card: dict[str, Any] = dict(yaml.safe_load(place.card.read_text(encoding="utf-8")))
        told = dict(card.pop("submission"))
        hashes = {name: str(told[f"{name}_sha256"]) for name in ("result", "samples")}
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        return Check("card", False, f"{place.card.name} is no card of a submission ({error!r})")
    if card != result.method.card:
        return Check("card", False, f"{place.card.name} is not the card that the result names")
    if sha256_of(file) != hashes["result"]:
        return Check("card", False, f"{file.name} was changed after it was written: its sha256 differs")
    if samples.is_file() and sha256_of(samples) != hashes["samples"]:
        return Check("card", False, f"{samples.name} is not the run's: its sha256 differs from the card's")
    return Check("card", True, "its hashes fit")
