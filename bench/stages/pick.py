"""Choose samples: the ones a limit leaves, and those that wrong passwords are tried on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_GOLDEN = 0.6180339887498949
FEWEST_WRONG_KEYS = 100
WRONG_KEY_SAMPLES = 50


def spread(count: int) -> list[int]:
    """Return 0 … count-1 in an order of which every beginning is spread evenly over the whole.

    Steps of the golden ratio: no period of the list (classes in turn, say) is favoured.
    """
    left = list(range(count))
    order: list[int] = []
    place = 0.5
    while left:
        place = (place + _GOLDEN) % 1.0
        order.append(left.pop(int(place * len(left))))
    return order


def limited(index: pd.DataFrame, limit: int | None) -> pd.DataFrame:
    """At most ``limit`` samples, spread evenly, whole subjects where the suite knows them.

    At least one subject stays, even where that one alone is more than ``limit``.
    """
    if limit is None or limit >= len(index):
        return index.reset_index(drop=True)
    people = index["subject"] if "subject" in index else index["id"]
    names = list(dict.fromkeys(people))
    sizes = people.value_counts()
    kept: set[str] = set()
    total = 0
    for position in spread(len(names)):
        name = names[position]
        if kept and total + sizes[name] > limit:
            break
        kept.add(name)
        total += int(sizes[name])
    return index[people.isin(kept)].reset_index(drop=True)


def named(index: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    """The samples called so, in the order of the split; those that it does not have are left out."""
    return index[index["id"].isin(list(ids))].reset_index(drop=True)


def wrong_key_attempts(index: pd.DataFrame, of_total: int, wanted: int) -> dict[str, int]:
    """How many wrong passwords to try on which sample (id -> attempts).

    ``wanted`` is for the whole split of ``of_total`` samples; a limit lowers it in proportion,
    never below FEWEST_WRONG_KEYS. One sample each of subjects spread over the run.
    """
    if not len(index) or not wanted:
        return {}
    total = max(min(wanted, FEWEST_WRONG_KEYS), round(wanted * len(index) / max(of_total, 1)))
    ids = _one_per_subject(index)
    chosen = [ids[position] for position in spread(len(ids))][:WRONG_KEY_SAMPLES]
    if len(chosen) < WRONG_KEY_SAMPLES:
        rest = [i for i in index["id"] if i not in set(chosen)]
        chosen += [rest[position] for position in spread(len(rest))][: WRONG_KEY_SAMPLES - len(chosen)]
    each = -(-total // len(chosen))
    return dict.fromkeys(sorted(chosen), each)


def _one_per_subject(index: pd.DataFrame) -> Sequence[str]:
    if "subject" not in index:
        return list(index["id"])
    seen: dict[str, list[str]] = {}
    for name, sample in zip(index["subject"], index["id"], strict=True):
        seen.setdefault(name, []).append(sample)
    return [samples[number % len(samples)] for number, samples in enumerate(seen.values())]
