"""Ridge regression in its dual form: closed, exact, and quick where pixels outnumber pictures."""

from __future__ import annotations

import numpy as np

#: Penalties tried, as shares of the features' mean squared length.
PENALTIES = np.logspace(-6, 1, 15)
FOLDS = 5
#: The penalty is chosen by the error in so many leading directions of the targets.
_DIRECTIONS = 64


class DualRidge:
    """Linear map from features (n, P) to targets (n, Q) with the penalty that predicts new people best."""

    def __init__(
        self, features: np.ndarray, targets: np.ndarray, people: np.ndarray, penalty: float | None = None
    ) -> None:
        """Fit.

        Args:
            features: (n, P) finite.
            targets: (n, Q) finite.
            people: (n,) integer codes; a person is never on both sides of the cross-validation.
            penalty: One that was chosen before; None chooses.
        """
        self._mean, self._target_mean = features.mean(axis=0), targets.mean(axis=0)
        self._held, wanted = features - self._mean, targets - self._target_mean
        kernel = self._held @ self._held.T
        size = max(float(np.trace(kernel)) / len(kernel), 1e-12)
        self.penalty = penalty or _best(kernel / size, _leading(wanted), people)
        ridge = kernel / size + self.penalty * len(kernel) * np.eye(len(kernel))
        self._weights = np.linalg.solve(ridge, wanted) / size

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Targets (m, Q) of features (m, P)."""
        alike = (features - self._mean) @ self._held.T
        return np.asarray(alike @ self._weights + self._target_mean)


def _leading(targets: np.ndarray) -> np.ndarray:
    if targets.shape[1] <= _DIRECTIONS:
        return targets
    values, vectors = np.linalg.eigh(targets @ targets.T)
    return np.asarray(vectors[:, -_DIRECTIONS:] * np.sqrt(np.maximum(values[-_DIRECTIONS:], 0)))


def _best(kernel: np.ndarray, targets: np.ndarray, people: np.ndarray) -> float:
    """The penalty with the least squared error on people left out, of PENALTIES."""
    fold = np.unique(people, return_inverse=True)[1] % FOLDS
    errors = np.zeros(len(PENALTIES))
    for left_out in range(FOLDS):
        train, test = np.flatnonzero(fold != left_out), np.flatnonzero(fold == left_out)
        if not (len(train) and len(test)):
            continue
        values, vectors = np.linalg.eigh(kernel[np.ix_(train, train)])
        before, after = kernel[np.ix_(test, train)] @ vectors, vectors.T @ targets[train]
        for number, penalty in enumerate(PENALTIES):
            shrunk = before / (np.maximum(values, 0) + penalty * len(train))
            errors[number] += np.square(shrunk @ after - targets[test]).sum()
    return float(PENALTIES[int(np.argmin(errors))])
