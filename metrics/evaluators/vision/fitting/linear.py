"""The linear head: logistic regression on frozen features, its strength chosen on the select split."""

from __future__ import annotations

import numpy as np
import torch

from medbench.core import DISEASES
from medbench.metrics.evaluators.vision.fitting.labelled import macro_accuracy
from medbench.metrics.evaluators.vision.heads import LinearHead
from medbench.progress import Progress

#: Inverse strengths of the penalty, from strong to weak: the span of DINOv2's 45, every fourth of them.
STRENGTHS = tuple(float(10**power) for power in np.linspace(-6, 5, 12))
_ITERATIONS = 1000


def fit_linear(
    train: tuple[np.ndarray, np.ndarray],
    select: tuple[np.ndarray, np.ndarray],
    takes: tuple[int, ...],
    progress: Progress,
) -> tuple[LinearHead, float, dict[str, str]]:
    """Fit one head per strength and number of features; keep the best on ``select``.

    Args:
        train: features (N, F) and codes (N,).
        select: the same of the split that chooses; never the one that is measured.
        takes: how many features to try, from the first on.
        progress: told about every fit.

    Returns:
        The head, its macro accuracy on ``select``, and what was chosen. Among equals the strongest
        penalty and then the fewest features stay.
    """
    progress.phase("linear heads", len(STRENGTHS) * len(takes))
    best: tuple[LinearHead, float, dict[str, str]] | None = None
    for take in takes:
        for strength in STRENGTHS:
            head = _regression(train[0][:, :take], train[1], strength)
            with torch.inference_mode():
                told = head(torch.from_numpy(select[0])).numpy()
            accuracy = macro_accuracy(told, select[1])
            if best is None or accuracy > best[1]:
                best = (head, accuracy, {"C": f"{strength:g}", "features": str(take)})
            progress.advance()
    assert best is not None
    return best


def _regression(features: np.ndarray, codes: np.ndarray, strength: float) -> LinearHead:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        # Weak penalties may not settle in 1,000 steps; upstream stops there, too.
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = LogisticRegression(C=strength, max_iter=_ITERATIONS).fit(features.astype(np.float64), codes)
    weight = torch.zeros(len(DISEASES), features.shape[1])
    bias = torch.full((len(DISEASES),), -torch.inf)
    coefficients, intercepts = found.coef_, found.intercept_
    if len(found.classes_) == 2:
        coefficients = np.concatenate([np.zeros_like(coefficients), coefficients])
        intercepts = np.concatenate([np.zeros_like(intercepts), intercepts])
    weight[found.classes_] = torch.from_numpy(coefficients).float()
    bias[found.classes_] = torch.from_numpy(intercepts).float()
    return LinearHead(weight, bias)
