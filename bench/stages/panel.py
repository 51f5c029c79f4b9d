"""The evaluators of a run: which are needed, which can be had, and what they see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from medbench.core import MedbenchError, Unavailable
from medbench.registry import Registry
from medbench.stages.overlap import MASK, OVERLAP
from medbench.views import Views

if TYPE_CHECKING:
    from medbench.cache import Cache
    from medbench.metrics.evaluators.evaluator import Evaluator
    from medbench.metrics.metric import Metric

#: Roles in which images are looked at.
ROLES = ("original", "protected", "restored", "restored_unrounded", "same_key", "wrong_keys")
#: The detector's columns: found or not, and the box that the other evaluators use again.
DETECTED, BOX = "detected", "boxes"


class Panel:
    """Evaluators, loaded, and the columns wanted of each role.

    ``missing`` says for a column that nobody gives what would get it.
    """

    def __init__(
        self,
        evaluators: Sequence[Evaluator],
        wanted: dict[str, set[str]],
        missing: dict[str, str],
        cache: Cache | None,
    ) -> None:
        self.evaluators = list(evaluators)
        self.wanted = wanted
        self.missing = missing
        self.cache = cache

    def fingerprints(self) -> dict[str, str]:
        """Name -> fingerprint, sorted by name."""
        return {e.name: e.fingerprint() for e in sorted(self.evaluators, key=lambda e: e.name)}

    def without(self, column: str) -> Panel:
        """Return the same panel, of which a column is not wanted."""
        wanted = {role: columns - {column} for role, columns in self.wanted.items()}
        return Panel(self.evaluators, wanted, self.missing, self.cache)

    def originals(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """All columns of the originals (through the cache), with the face boxes.

        Without a face every other column is NaN: nothing may be said of such an image.
        """
        views = Views(images)
        seen = self._look(views, None, {DETECTED, BOX}, self.cache)
        others = self.wanted["original"] - seen.keys()
        seen |= self._look(views, seen.get(BOX), others, self.cache)
        return _blank(seen, seen[DETECTED]) if DETECTED in seen else seen

    def again(
        self, role: str, images: np.ndarray, originals: dict[str, np.ndarray], rows: np.ndarray
    ) -> dict[str, np.ndarray]:
        """The columns wanted of a role, seen with the boxes of the originals' ``rows``."""
        boxes = originals[BOX][rows] if BOX in originals else None
        seen = self._look(Views(images), boxes, self.wanted[role], None)
        return _blank(seen, originals[DETECTED][rows]) if DETECTED in originals else seen

    def _look(
        self, views: Views, boxes: np.ndarray | None, columns: Collection[str], cache: Cache | None
    ) -> dict[str, np.ndarray]:
        from medbench.cache import look

        seen: dict[str, np.ndarray] = {}
        for evaluator in self.evaluators:
            if set(evaluator.produces) & set(columns):
                seen |= look(evaluator, views, boxes if evaluator.needs_boxes else None, cache)
        return seen


def _blank(seen: dict[str, np.ndarray], found: np.ndarray) -> dict[str, np.ndarray]:
    """NaN in the float columns of the rows where the original shows no face; detectors keep theirs."""
    lost = ~np.asarray(found, dtype=bool)
    for name, values in seen.items():
        if values.dtype.kind == "f" and not name.endswith(DETECTED) and lost.any():
            seen[name] = np.where(lost.reshape(-1, *[1] * (values.ndim - 1)), np.nan, values)
    return seen


def columns_wanted(metrics: Iterable[type[Metric]]) -> dict[str, set[str]]:
    """Columns by role that the metrics need; originals get every role's columns."""
    wanted: dict[str, set[str]] = {role: set() for role in ROLES}
    for metric in metrics:
        for need in metric.needs:
            role, _, column = need.partition(".")
            if role in wanted:
                wanted[role] |= {OVERLAP, MASK} if column == OVERLAP else {column or "identity"}
    # The same-key attack looks at identity alone; metrics take it where a keyed method has it.
    wanted["same_key"] |= wanted["protected"] & {"identity"}
    # Wrong keys are compared with what the right one gives.
    wanted["restored"] |= wanted["wrong_keys"]
    wanted["original"].update(*wanted.values())
    for role in ("original", "protected"):
        wanted[role].add(DETECTED)
    return wanted


def assemble_panel(
    metrics: Iterable[type[Metric]], chosen: Sequence[str], device: str, cache: Cache | None
) -> Panel:
    """Load the evaluators that ``metrics`` need.

    ``chosen`` names evaluators that take the place of the embedded ones with the same columns.
    What cannot be loaded leaves its columns in ``missing``; a chosen one must load. Evaluators that
    are not ``automatic`` are never taken unless chosen.

    Raises:
        MedbenchError: two evaluators give the same column, or a chosen one cannot be had.

    """
    wanted = columns_wanted(metrics)
    needed = set().union(*wanted.values()) | {BOX}
    registry = Registry("evaluators")
    first = [registry.get(name) for name in chosen]
    taken = {column for kind in first for column in kind.produces}
    others = [registry.get(name) for name in registry.names() if name not in chosen]
    others = [kind for kind in others if not taken & set(kind.produces)]
    rest = [kind for kind in others if kind.automatic]
    loaded: list[Evaluator] = []
    missing: dict[str, str] = {}
    for kind in (*first, *rest):
        if not needed & set(kind.produces):
            continue
        evaluator = kind() if isinstance(kind, type) else kind
        try:
            evaluator.load(device)
        except Unavailable as error:
            if kind in first:
                raise
            missing |= dict.fromkeys(evaluator.produces, str(error))
        else:
            loaded.append(evaluator)
    _no_two_alike(loaded)
    given = missing.keys() | {column for one in loaded for column in one.produces}
    missing |= _to_be_asked_for([kind for kind in others if not kind.automatic], needed - given)
    if MASK in missing:
        missing[OVERLAP] = missing[MASK]
    return Panel(loaded, wanted, missing, cache)


def _to_be_asked_for(kinds: Sequence[type[Evaluator]], columns: Collection[str]) -> dict[str, str]:
    """For each column that only evaluators give which must be chosen: the options that choose one."""
    found: dict[str, str] = {}
    for column in columns:
        names = [f"--evaluator {kind.name}" for kind in kinds if column in kind.produces]
        if names:
            found[column] = f"no evaluator was chosen for {column!r}: give {' or '.join(names)}"
    return found


def _no_two_alike(evaluators: Sequence[Evaluator]) -> None:
    owner: dict[str, str] = {}
    for evaluator in evaluators:
        for column in evaluator.produces:
            if column in owner:
                raise MedbenchError(
                    f"{owner[column]} and {evaluator.name} both give {column!r}; "
                    f"say which: --evaluator {evaluator.name}"
                )
            owner[column] = evaluator.name
