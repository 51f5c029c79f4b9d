"""Folds in which no patient is on both sides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from medbench.core import MedbenchError


def grouped_folds(cases: Sequence[str], subjects: Sequence[str], folds: int) -> list[dict[str, list[str]]]:
    """Return what nnU-Net keeps in ``splits_final.json``: ``train`` and ``val`` cases of each fold.

    nnU-Net's own folds are drawn over images, so that a patient's other photograph may tell the
    answer. Here all images of a subject are on one side; the folds are as even as that allows, and
    the same on every machine.

    Raises:
        MedbenchError: fewer subjects than folds, or fewer than two folds.
    """
    from sklearn.model_selection import GroupKFold

    known = len(set(subjects))
    if not 2 <= folds <= known:
        raise MedbenchError(f"{known} subjects cannot make {folds} folds; give --folds from 2 to {known}")
    names = np.asarray(cases)
    parts = GroupKFold(folds).split(names, groups=list(subjects))
    return [{"train": names[train].tolist(), "val": names[val].tolist()} for train, val in parts]
