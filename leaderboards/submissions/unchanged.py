"""Are the board's results still what was submitted? A changed digit differs from the card's sha256."""

from __future__ import annotations

from pathlib import Path

from medbench.leaderboards.submissions.hashes import check_card
from medbench.leaderboards.submissions.place import Place
from medbench.result import Result


def changed_results(folder: Path) -> list[str]:
    """What is wrong with the files of ``folder``/<suite>/<method>.json, a line each; [] where nothing is."""
    faults = []
    for file in sorted(folder.glob("*/*.json")):
        found = check_card(file, Result.read(file), Place(file).samples)
        if found.ok is False:
            faults.append(f"{file}: {found.detail}")
    return faults
