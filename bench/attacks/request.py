"""What a user asks of an attack; nothing is resolved yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from medbench.core import MedbenchError
from medbench.runs import Resume

ATTACKERS = ("naive", "parrot", "informed", "reconstructing", "keys")


@dataclass(frozen=True)
class AttackRequest:
    """Options of ``medbench attack``.

    ``held`` is how many pictures of its own people the attacker has, ``guesses`` how many keys it
    may try, ``view`` what it is shown (see :mod:`medbench.metrics.attacks.region`).
    """

    methods: tuple[str, ...]
    suite: str
    attackers: tuple[str, ...] = ATTACKERS
    split: str | None = None
    preset: str | None = None
    limit: int | None = None
    held: int = 1000
    guesses: int = 3
    view: str = "face"
    seed: str = "0"
    device: str = "auto"
    out: Path = Path("runs")
    resume: Resume = "only-missing"
    evaluators: tuple[str, ...] = ()


def attackers_of(asked: Sequence[str]) -> tuple[str, ...]:
    """Split at commas; all where nothing is asked for.

    Raises:
        MedbenchError: there is no such attacker.
    """
    names = [name.strip() for text in asked for name in text.split(",") if name.strip()]
    for name in names:
        if name not in ATTACKERS:
            raise MedbenchError(f"no attacker is called {name!r}; there are {', '.join(ATTACKERS)}")
    return tuple(name for name in ATTACKERS if not names or name in names)
