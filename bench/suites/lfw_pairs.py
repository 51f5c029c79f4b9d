"""pairs.txt of LFW: which photographs are compared, fold by fold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from medbench.core import MedbenchError


@dataclass(frozen=True)
class LfwPair:
    """Two photographs by their place (``Name/Name_0001.jpg``), and whether they show one person."""

    fold: int
    first: str
    second: str
    same: bool


def read_pairs(file: Path) -> list[LfwPair]:
    """Read pairs.txt: ``folds<TAB>pairs`` in the first line, then per fold its same and different pairs.

    Raises:
        MedbenchError: the file is not so; the message names the line.

    """
    lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    try:
        head = [int(word) for word in lines[0]]
        folds, each = (head[0], head[1]) if len(head) == 2 else (1, head[0])
    except (IndexError, ValueError):
        raise MedbenchError(f"{file}: line 1 is not 'folds pairs', as in '10 300'; fetch it again") from None
    rows = lines[1:]
    if len(rows) != folds * each * 2:
        raise MedbenchError(f"{file}: holds {len(rows)} pairs, not {folds} x {each} x 2; fetch it again")
    return [_pair(file, n + 2, n // (2 * each) + 1, n % (2 * each) < each, row) for n, row in enumerate(rows)]


def _pair(file: Path, line: int, fold: int, same: bool, row: list[str]) -> LfwPair:
    if len(row) != (3 if same else 4):
        raise MedbenchError(f"{file}: line {line} is no pair of {'one person' if same else 'two people'}")
    other = row if same else row[1:]
    try:
        return LfwPair(fold, _place(row[0], row[1]), _place(other[0] if same else other[1], row[-1]), same)
    except ValueError:
        raise MedbenchError(f"{file}: line {line} has no number where one belongs; fetch it again") from None


def _place(name: str, number: str) -> str:
    return f"{name}/{name}_{int(number):04d}.jpg"
