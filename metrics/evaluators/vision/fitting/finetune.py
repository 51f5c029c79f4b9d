"""Fine-tuning: backbone and linear head together, the better of last and averaged weights on select."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.core import DISEASES
from medbench.digest import digest
from medbench.methods.training.data import IndexStream
from medbench.methods.training.loop import Budget, train_stage
from medbench.methods.training.seeds import seeded
from medbench.metrics.evaluators.vision.feature_network import FeatureNetwork
from medbench.metrics.evaluators.vision.fitting.crops import random_crop
from medbench.metrics.evaluators.vision.fitting.labelled import macro_accuracy
from medbench.metrics.evaluators.vision.heads import LinearHead
from medbench.metrics.evaluators.vision.pictures import normalised

if TYPE_CHECKING:
    from medbench.metrics.evaluators.vision.backbone import BackboneFeatures
    from medbench.metrics.evaluators.vision.fitting.labelled import Labelled
    from medbench.metrics.evaluators.vision.fitting.tuning import Tuning
    from medbench.metrics.evaluators.vision.fitting.wishes import Wishes
    from medbench.progress import Progress

_AVERAGE = 0.998


class Tuned(nn.Module):
    """A backbone with a linear head: pixels -> logits (B, 8)."""

    def __init__(self, network: FeatureNetwork) -> None:
        super().__init__()
        self.network = network
        # As DINOv2 starts its linear heads.
        self.head = LinearHead(
            torch.randn(len(DISEASES), network.features) * 0.01, torch.zeros(len(DISEASES))
        )

    def forward(self, pixels: Tensor) -> Tensor:
        """See the class."""
        return self.head.logits(self.network(pixels))


def fit_whole(
    reader: BackboneFeatures,
    train: Labelled,
    select: Labelled,
    tuning: Tuning,
    wishes: Wishes,
    run: Path,
    name: str,
) -> tuple[Tuned, float, dict[str, str]]:
    """Train on ``train`` from the backbone's weights; checkpoints lie under ``run`` and are gone on with.

    Returns:
        The network, its macro accuracy on ``select``, and how it was trained.
    """
    seeds = (name, train.suite.card.name, wishes.seed)
    network = reader.network.requires_grad_(True)
    model = seeded(lambda: Tuned(network), *seeds)
    stream = IndexStream(len(train.ids), min(tuning.batch, len(train.ids)), seeds)
    codes = torch.from_numpy(train.codes)

    def batches(step: int) -> tuple[Tensor, Tensor]:
        places = stream(step)
        pictures = [train.suite.read(train.split, train.ids[place]).image for place in places]
        crops = [random_crop(picture, tuning.smallest) for picture in pictures]
        return normalised(crops).to(reader.device), codes[places].to(reader.device)

    def step_fn(batch: tuple[Tensor, Tensor], step: int, done: float) -> dict[str, Tensor]:
        return {"total": F.cross_entropy(model(batch[0]).float(), batch[1])}

    groups = [
        {"params": model.network.parameters(), "lr": tuning.backbone_rate},
        {"params": model.head.parameters(), "lr": tuning.head_rate},
    ]
    result = train_stage(
        name,
        models={"network": model},
        optimisers={"total": torch.optim.AdamW(groups, weight_decay=tuning.decay)},
        step_fn=step_fn,
        batches=batches,
        budget=Budget(wishes.steps or (None if wishes.minutes else tuning.steps), wishes.minutes),
        out=run / trial(reader.sha256, train, wishes.seed),
        device=reader.device,
        seeds=seeds,
        ema=_AVERAGE,
    )
    told = {}
    for kept, models in (("last", result.models), ("average", result.averaged)):
        told[kept] = _accuracy(models["network"], reader, select, wishes.progress)
    best = max(("last", "average"), key=lambda kept: told[kept])
    chosen = (result.models if best == "last" else result.averaged)["network"]
    assert isinstance(chosen, Tuned)
    return chosen, told[best], {"steps": str(result.step), "weights": best, "seed": wishes.seed}


def trial(backbone: str, train: Labelled, seed: str) -> str:
    """Name the folder after all that a checkpoint depends on: another one is never gone on with."""
    facts = [backbone, train.suite.fingerprint(train.split), list(train.ids), seed]
    return f"{train.suite.card.name}-{digest(facts, 10)}"


def _accuracy(model: nn.Module, reader: BackboneFeatures, select: Labelled, progress: Progress) -> float:
    assert isinstance(model, Tuned)
    reader.network = model.eval().network
    features = select.features(reader, None, progress)
    with torch.inference_mode():
        told = model.head(torch.from_numpy(features).to(reader.device)).cpu().numpy()
    return macro_accuracy(np.asarray(told), select.codes)
