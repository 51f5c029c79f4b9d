"""What happens to one group of pictures: looked at, protected, looked at again, restored, attacked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from medbench.stages.compare_pictures import compared
from medbench.stages.overlap import MASK, weigh
from medbench.stages.panel import DETECTED
from medbench.stages.pixels import differences
from medbench.stages.protect import Treated, protect, restore
from medbench.stages.unrounded import restore_unrounded
from medbench.stages.wrong_keys import try_wrong_keys

if TYPE_CHECKING:
    import pandas as pd

    from medbench.methods.method import Method
    from medbench.shards import Columns
    from medbench.stages.groups import Group
    from medbench.stages.keyring import Keyring
    from medbench.stages.panel import Panel
    from medbench.stopwatch import Stopwatch


@dataclass(frozen=True)
class Bench:
    """What every group of a run is treated with. ``attempts`` maps ids to numbers of wrong keys."""

    method: Method
    panel: Panel
    keyring: Keyring
    attempts: Mapping[str, int]

    @property
    def keyed(self) -> bool:
        """Does the method want keys?"""
        return self.method.card.keyed

    @property
    def reversible(self) -> bool:
        """Is a restore wanted, and can the method do it?"""
        return self.method.card.reversible and bool(self.panel.wanted["restored"])


@dataclass
class Outcome:
    """Columns by role as (rows, columns), failures by row, wrong keys by row."""

    parts: dict[str, tuple[np.ndarray, Columns]] = field(default_factory=dict)
    failures: dict[int, str] = field(default_factory=dict)
    restore_failures: dict[int, str] = field(default_factory=dict)
    wrong: list[tuple[int, Columns]] = field(default_factory=list)


def treat(group: Group, truth: pd.DataFrame, bench: Bench, watch: Stopwatch) -> Outcome:
    """Take one group all the way; ``truth`` has its rows in order."""
    done = Outcome()
    if all(mask is None for mask in group.masks):
        bench = replace(bench, panel=bench.panel.without(MASK))
    everyone = np.arange(len(group.ids))
    with watch.phase("look_original"):
        original = bench.panel.originals(group.images)
        weigh(original, group.masks, original.get(DETECTED))
    done.parts["original"] = (everyone, original)

    keys = [bench.keyring.right(name) for name in group.ids]
    with watch.phase("anonymize"):
        protected = protect(bench.method, group.images, group.ids, truth, keys if bench.keyed else None)
    done.failures = protected.failures
    _look(done, "protected", protected, group, bench, watch)
    if bench.keyed and bench.panel.wanted["same_key"]:
        _same_key(done, group, truth, bench, watch)
    if bench.reversible and len(protected.good):
        _bring_back(done, group, protected, bench, watch)
        if bench.keyed and bench.panel.wanted["restored_unrounded"]:
            _bring_back_unrounded(done, group, truth, bench, watch)
    return done


def _look(
    done: Outcome,
    role: str,
    treated: Treated,
    group: Group,
    bench: Bench,
    watch: Stopwatch,
    at: np.ndarray | None = None,
) -> None:
    """Look at what was treated; ``at`` gives its rows in the group where it is a part of it."""
    inside = treated.good
    rows = inside if at is None else at[inside]
    if not len(rows):
        return
    with watch.phase(f"look_{role}"):
        original = done.parts["original"][1]
        seen = bench.panel.again(role, treated.images[inside], original, rows)
        found = original[DETECTED][rows] if DETECTED in original else None
        weigh(seen, [group.masks[row] for row in rows], found)
        seen |= differences(group.images[rows], treated.images[inside], bench.panel.wanted[role])
        seen |= compared(bench.panel, role, group.images[rows], treated.images[inside])
    done.parts[role] = (rows, seen)


def _same_key(done: Outcome, group: Group, truth: pd.DataFrame, bench: Bench, watch: Stopwatch) -> None:
    with watch.phase("anonymize_same_key"):
        keys = [bench.keyring.shared()] * len(group.ids)
        alike = protect(bench.method, group.images, group.ids, truth, keys)
    _look(done, "same_key", alike, group, bench, watch)


def _bring_back(done: Outcome, group: Group, protected: Treated, bench: Bench, watch: Stopwatch) -> None:
    rows = protected.good
    with watch.phase("restore"):
        keys = [bench.keyring.right(group.ids[row]) for row in rows]
        back = restore(bench.method, protected.images[rows], keys)
    done.restore_failures = {int(rows[i]): reason for i, reason in back.failures.items()}
    _look(done, "restored", back, group, bench, watch, at=rows)
    original = done.parts["original"][1]
    with watch.phase("wrong_keys"):
        for i in back.good:
            row = int(rows[i])
            attempts = bench.attempts.get(group.ids[row], 0)
            if attempts and bench.keyed:
                pictures = (group.images[row], protected.images[row], back.images[i])
                own = {name: values[row : row + 1] for name, values in original.items()}
                tried = try_wrong_keys(
                    bench.method, bench.panel, bench.keyring, group.ids[row], attempts, pictures, own
                )
                done.wrong.append((row, tried))


def _bring_back_unrounded(
    done: Outcome, group: Group, truth: pd.DataFrame, bench: Bench, watch: Stopwatch
) -> None:
    """The few samples that wrong keys are tried on are enough for this column."""
    rows = np.array([row for row, name in enumerate(group.ids) if bench.attempts.get(name)], dtype=int)
    if not len(rows):
        return
    with watch.phase("restore_unrounded"):
        ids = [group.ids[row] for row in rows]
        keys = [bench.keyring.right(name) for name in ids]
        back = restore_unrounded(bench.method, group.images[rows], ids, truth.iloc[rows], keys)
    _look(done, "restored_unrounded", back, group, bench, watch, at=rows)
