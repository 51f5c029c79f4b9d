"""The k-NN head: nothing is fitted, only the number of neighbours chosen on the select split."""

from __future__ import annotations

import numpy as np
import torch

from medbench.metrics.evaluators.vision.fitting.labelled import macro_accuracy
from medbench.metrics.evaluators.vision.heads import NeighbourHead, unit

#: DINOv2's eval/knn.py.
COUNTS = (10, 20, 100, 200)
_PART = 256


def fit_neighbours(
    train: tuple[np.ndarray, np.ndarray], select: tuple[np.ndarray, np.ndarray], take: int
) -> tuple[NeighbourHead, float, dict[str, str]]:
    """Keep the train split's features and choose k; see :func:`fit_linear` for the arguments.

    Counts that the train split cannot fill are cut to its size; among equals the smallest stays.
    """
    bank = unit(torch.from_numpy(train[0][:, :take].astype(np.float32)))
    counts = tuple(sorted({min(count, len(bank)) for count in COUNTS}))
    codes = torch.from_numpy(train[1])
    head = NeighbourHead(bank, codes, torch.tensor(counts[0]))
    told: dict[int, list[np.ndarray]] = {count: [] for count in counts}
    with torch.inference_mode():
        for start in range(0, len(select[0]), _PART):
            votes = head.votes(torch.from_numpy(select[0][start : start + _PART]), counts)
            for count in counts:
                told[count].append(votes[count].numpy())
    accuracies = {count: macro_accuracy(np.concatenate(told[count]), select[1]) for count in counts}
    best = max(counts, key=lambda count: (accuracies[count], -count))
    chosen = NeighbourHead(bank, codes, torch.tensor(best))
    return chosen, accuracies[best], {"k": str(best), "features": str(take)}
