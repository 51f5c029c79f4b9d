"""What auxiliary networks are worth, measured on the select split: never a figure of the benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from medbench.core import DISEASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from medbench.methods.networks.medical_encoder import MedicalEncoder
    from medbench.methods.networks.recogniser import Recogniser
    from medbench.methods.training.data import TrainingImages

_CHUNK = 64


def disease_probe(encoder: MedicalEncoder, fit: TrainingImages, test: TrainingImages) -> float:
    """Return the share of ``test`` that a logistic regression fitted on ``fit`` gets right.

    Features are pooled by mean and by largest value over a grid of 2x4 cells of the band.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    def pooled(images: Tensor) -> Tensor:
        features = encoder.features(images)
        cells = (2, 4)
        mean = torch.nn.functional.adaptive_avg_pool2d(features, cells)
        most = torch.nn.functional.adaptive_max_pool2d(features, cells)
        return torch.cat([mean, most], dim=1).flatten(1)

    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=400))
    model.fit(_over(fit, pooled), fit.codes("disease", DISEASES))
    return float(model.score(_over(test, pooled), test.codes("disease", DISEASES)))


def verification(recogniser: Recogniser, images: TrainingImages, far: float = 1e-3) -> tuple[float, float]:
    """Return (AUC, TAR at ``far``) of the cosine over all pairs of ``images``, same subject or not."""
    from sklearn.metrics import roc_auc_score

    codes = _over(images, recogniser.embed)
    subject = images.codes("subject")
    first, second = np.triu_indices(len(codes), k=1)
    cosine = (codes @ codes.T)[first, second]
    same = subject[first] == subject[second]
    threshold = np.quantile(cosine[~same], 1 - far)
    return float(roc_auc_score(same, cosine)), float((cosine[same] > threshold).mean())


@torch.no_grad()
def _over(images: TrainingImages, function: Callable[[Tensor], Tensor]) -> np.ndarray:
    chunks = np.array_split(np.arange(len(images)), max(1, len(images) // _CHUNK))
    return torch.cat([function(images.tensor(rows)) for rows in chunks]).numpy()
