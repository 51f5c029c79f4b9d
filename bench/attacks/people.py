"""Whose pictures the attacker holds: people of whom none is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from medbench.core import MedbenchError
from medbench.stages.pick import limited, spread

if TYPE_CHECKING:
    import pandas as pd

    from medbench.suites.suite import Suite

#: Splits that an attacker's people come from, in this order, before what is left of the evaluated one.
OTHERS = ("train", "select")
FEWEST = 3


class Sides(NamedTuple):
    """Rows that are evaluated, the split of the attacker's people, and their rows."""

    evaluated: pd.DataFrame
    split: str
    held: pd.DataFrame


def take_sides(suite: Suite, split: str, limit: int | None, held: int) -> Sides:
    """Choose the evaluated samples and the attacker's own, whole subjects, disjoint.

    The attacker's come from the train split, else from select, else from what the limit left of the
    evaluated split; where nothing is left, half of the subjects change sides.

    Raises:
        MedbenchError: the suite knows no subjects, or too few.
    """
    whole = suite.index(split)
    if "subject" not in whole or whole["subject"].isna().any():
        raise MedbenchError(
            f"{suite.card.name}/{split} does not say who is in each picture; an attack needs the column "
            "subject (labels.csv), filled for every sample"
        )
    evaluated = limited(whole, limit)
    people = set(evaluated["subject"])
    for name in (*OTHERS, split):
        if name not in suite.card.splits:
            continue
        index = whole if name == split else suite.index(name)
        if "subject" not in index:
            continue
        free = index[~index["subject"].isin(people)].reset_index(drop=True)
        if free["subject"].nunique() >= FEWEST:
            return Sides(evaluated, name, limited(free, held))
    names = list(dict.fromkeys(evaluated["subject"]))
    mine = {names[place] for place in spread(len(names))[: len(names) // 2]}
    theirs = evaluated["subject"].isin(mine)
    if min(len(mine), len(names) - len(mine)) < FEWEST:
        raise MedbenchError(
            f"{suite.card.name}/{split} shows {len(names)} people; an attack needs {2 * FEWEST} or more, "
            "half of them the attacker's"
        )
    return Sides(
        evaluated[~theirs].reset_index(drop=True),
        split,
        limited(evaluated[theirs].reset_index(drop=True), held),
    )
