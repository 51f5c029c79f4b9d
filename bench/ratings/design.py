"""The order of reading: every grader meets every image once per session, each time in another arm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from medbench.core import MedbenchError
from medbench.ratings.question import FORMULA
from medbench.seeds import generator

#: Letters and digits that nobody mistakes for one another.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH = 6


@dataclass(frozen=True)
class Coded:
    """A picture behind its code: which image, in which arm, of whom."""

    code: str
    image: str
    arm: str
    subject: str


@dataclass(frozen=True)
class Turn:
    """One reading: who reads which picture, when."""

    grader: str
    session: int
    order: int
    code: str


@dataclass(frozen=True)
class Design:
    """``key`` goes apart; ``turns`` is what graders may see."""

    key: tuple[Coded, ...]
    turns: tuple[Turn, ...]
    sessions: int


def design(subjects: Mapping[str, str], arms: Sequence[str], graders: Sequence[str], seed: str) -> Design:
    """Randomise a crossover: as many sessions as arms.

    For each grader, images are dealt at random to the rows of a Latin square, so that every session
    holds every image once and each arm equally often (but for a remainder), and the order within a
    session is shuffled. A grader never meets an image twice in one session; a washout lies between.

    Args:
        subjects: image -> whose it is.
        arms: ``original`` and the protections.
        graders: their names or numbers.
        seed: names the draws. Who knows it can undo the blinding, so keep it with the key.
    """
    for what, names in (("arms", arms), ("graders", graders)):
        if len({name.casefold() for name in names}) < len(names) or not all(names):
            raise MedbenchError(f"the {what} {', '.join(names)} are not all different; name each once")
    formulas = [name for name in graders if name.startswith(FORMULA)]
    if formulas:
        raise MedbenchError(
            f"a grader cannot be called {formulas[0]!r}: a spreadsheet takes it for a formula"
        )
    if len(arms) < 2 or not graders or not subjects:
        raise MedbenchError("a study needs images, graders, the originals and a protection")
    images = sorted(subjects)
    codes = _codes(len(images) * len(arms), seed)
    key = tuple(
        Coded(codes[i * len(arms) + a], image, arm, subjects[image])
        for i, image in enumerate(images)
        for a, arm in enumerate(arms)
    )
    code_of = {(one.image, one.arm): one.code for one in key}
    turns: list[Turn] = []
    for grader in graders:
        draw = generator(seed, "sessions", grader)
        dealt = draw.permutation(len(images))
        for session in range(len(arms)):
            shown = [
                code_of[images[image], arms[(row + session) % len(arms)]] for row, image in enumerate(dealt)
            ]
            order = generator(seed, "order", grader, session).permutation(len(shown))
            turns += [Turn(grader, session + 1, n + 1, shown[place]) for n, place in enumerate(order)]
    return Design(key, tuple(turns), len(arms))


def _codes(count: int, seed: str) -> list[str]:
    """Different codes, in no order that tells anything."""
    draw = generator(seed, "codes")
    found: dict[str, None] = {}
    while len(found) < count:
        letters = draw.integers(0, len(_ALPHABET), _LENGTH)
        found["".join(_ALPHABET[i] for i in letters)] = None
    return list(found)
