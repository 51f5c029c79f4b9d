"""Protect pictures and cut out of them what an attacker is shown, clear and protected, row for row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from medbench.cache import look
from medbench.core import MedbenchError
from medbench.metrics.attacks.region import cut, placement, shown
from medbench.stages.groups import groups, read
from medbench.stages.panel import BOX

if TYPE_CHECKING:
    import pandas as pd

    from medbench.attacks.treatments import Treatment
    from medbench.progress import Progress
    from medbench.stages.groups import Group
    from medbench.stages.panel import Panel
    from medbench.suites.suite import Suite

LANDMARKS, IDENTITY, CLEAR = "landmarks", "identity", "clear"
#: Side of the crops in pixels, by view.
SIDE = {"face": 128, "inner": 128, "picture": 192}


@dataclass(frozen=True)
class Held:
    """Pictures of n samples as an attacker sees them; samples without a face have no row.

    ``crops`` maps ``clear`` and each role to uint8 (n, S, S, 3); ``good`` says which rows of a role
    are valid (n,); ``boxes`` (n, 4) are the faces' boxes within the crops.
    """

    truth: pd.DataFrame
    boxes: np.ndarray
    crops: Mapping[str, np.ndarray]
    good: Mapping[str, np.ndarray]
    n_quarantined: int
    n_faceless: int

    def identity(self, role: str, panel: Panel, crops: np.ndarray | None = None) -> np.ndarray:
        """Embed a role's crops, or other crops in their place: (n, F), NaN where the role failed."""
        pictures = self.crops[role] if crops is None else crops
        found: np.ndarray = judge_of(panel, IDENTITY, pictures, self.boxes).astype(float)
        found[~self.good[role]] = np.nan
        return found


def judge_of(panel: Panel, column: str, pictures: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Let the panel's evaluator of a column look at pictures.

    Raises:
        MedbenchError: no evaluator gives the column; the message says what would.
    """
    for evaluator in panel.evaluators:
        if column in evaluator.produces:
            return look(evaluator, pictures, boxes, panel.cache)[column]
    raise MedbenchError(panel.missing.get(column, f"no evaluator gives {column!r}; see medbench doctor"))


def gather(
    suite: Suite,
    split: str,
    index: pd.DataFrame,
    panel: Panel,
    view: str,
    treatment: Treatment,
    progress: Progress,
) -> Held:
    """Read the samples of ``index``, treat them and cut the faces out of what comes.

    Raises:
        MedbenchError: not one sample could be read and shows a face.
    """
    suite.prepare(split, list(index["id"]))
    truth = index.set_index("id", drop=False)
    quarantined: list = []
    parts: list[tuple[list[str], np.ndarray, dict[str, np.ndarray], dict[str, np.ndarray]]] = []
    total = 0
    for group in groups(read(suite, split, list(index["id"]), quarantined)):
        total += len(group.ids)
        part = _part(group, truth.loc[list(group.ids)].reset_index(drop=True), panel, view, treatment)
        if part[0]:
            parts.append(part)
        progress.advance(len(group.ids))
    if not parts:
        raise MedbenchError(f"none of the {len(index)} samples of {suite.card.name}/{split} shows a face")
    ids = [name for part in parts for name in part[0]]
    return Held(
        truth.loc[ids].reset_index(drop=True),
        np.concatenate([part[1] for part in parts]),
        {role: np.concatenate([part[2][role] for part in parts]) for role in parts[0][2]},
        {role: np.concatenate([part[3][role] for part in parts]) for role in parts[0][3]},
        len(quarantined),
        total - len(ids),
    )


def _part(
    group: Group, truth: pd.DataFrame, panel: Panel, view: str, treatment: Treatment
) -> tuple[list[str], np.ndarray, dict[str, np.ndarray], dict[str, np.ndarray]]:
    seen = panel.originals(group.images)
    boxes = np.asarray(seen[BOX], float)
    rows = np.flatnonzero(np.isfinite(boxes).all(axis=1))
    points = [seen[LANDMARKS][row] if LANDMARKS in seen else None for row in rows]
    side = SIDE[view]
    matrices = [placement(boxes[row], p, side, view) for row, p in zip(rows, points, strict=True)]

    def crops(images: np.ndarray) -> np.ndarray:
        found: np.ndarray = np.zeros((len(rows), side, side, 3), np.uint8)
        for at, (row, matrix, p) in enumerate(zip(rows, matrices, points, strict=True)):
            found[at] = cut(shown(images[row], boxes[row], p, view), matrix, side, view)
        return found

    treated = treatment(group, truth) if len(rows) else {}
    pictures = {CLEAR: crops(group.images), **{role: crops(t.images) for role, t in treated.items()}}
    good: dict[str, np.ndarray] = {CLEAR: np.ones(len(rows), bool)}
    good |= {role: np.isin(rows, t.good) for role, t in treated.items()}
    placed = [_moved(boxes[row], matrix) for row, matrix in zip(rows, matrices, strict=True)]
    return [group.ids[row] for row in rows], np.array(placed).reshape(-1, 4), pictures, good


def _moved(box: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """The box in the crop: its middle moved, its size scaled, upright."""
    middle = matrix @ [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, 1]
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    half = np.array([box[2] - box[0], box[3] - box[1]]) * scale / 2
    return np.concatenate([middle - half, middle + half])
