"""``medbench fit-evaluator``: from a backbone and a suite to a head in the user's store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from torch import Tensor

from medbench.cache import Cache
from medbench.core import MedbenchError
from medbench.metrics.evaluators.vision.backbone import BackboneFeatures
from medbench.metrics.evaluators.vision.fitting.finetune import fit_whole
from medbench.metrics.evaluators.vision.fitting.labelled import Labelled
from medbench.metrics.evaluators.vision.fitting.linear import fit_linear
from medbench.metrics.evaluators.vision.fitting.neighbours import fit_neighbours
from medbench.metrics.evaluators.vision.head_file import head_path, write_head
from medbench.metrics.evaluators.vision.heads import Head
from medbench.metrics.evaluators.vision.vit import VisionTransformer

if TYPE_CHECKING:
    from medbench.metrics.evaluators.vision.backbone_diagnosis import BackboneDiagnosis
    from medbench.metrics.evaluators.vision.fitting.wishes import Wishes
    from medbench.suites.suite import Suite


@dataclass(frozen=True)
class Fitted:
    """Where the head lies, how well it does on the select split, and its notes."""

    path: Path
    select_accuracy: float
    notes: dict[str, str]


def fit_head(kind: type[BackboneDiagnosis], suite: Suite, wishes: Wishes, run: Path) -> Fitted:
    """Fit on ``train``, choose on ``select``, write the head with notes of what it was fitted on.

    Raises:
        Unavailable: the backbone's weights or the suite's data are missing.
        MedbenchError: the suite lacks a split or the diseases.
    """
    reader = BackboneFeatures(kind.backbone)
    reader.load(wishes.device)
    train, select = (Labelled.of(suite, split, wishes.limit) for split in ("train", "select"))
    if set(train.ids) & set(select.ids):
        raise MedbenchError(
            f"{suite.card.name}: train and select share samples; nothing may be chosen on them"
        )
    backbone = reader.sha256
    network: dict[str, Tensor] = {}
    head: Head
    if wishes.head == "finetune":
        tuned, accuracy, chosen = fit_whole(reader, train, select, kind.tuning, wishes, run, kind.name)
        head, network = tuned.head, tuned.network.state_dict()
    else:
        cache = Cache()
        sets = [(split.features(reader, cache, wishes.progress), split.codes) for split in (train, select)]
        takes = _takes(reader)
        if wishes.head == "knn":
            head, accuracy, chosen = fit_neighbours(sets[0], sets[1], takes[0])
        else:
            head, accuracy, chosen = fit_linear(sets[0], sets[1], takes, wishes.progress)
    notes = {
        "head": head.kind,
        "fit": wishes.head,
        "evaluator": kind.name,
        "suite": suite.card.name,
        "data": f"train {suite.fingerprint('train')} select {suite.fingerprint('select')}",
        "images": f"train {len(train.ids)} select {len(select.ids)}",
        "backbone": kind.backbone.file,
        "backbone_sha256": backbone,
        "select": f"macro accuracy {accuracy:.4f}",
        "licence": kind.licence,
        "citation": kind.citation,
        **chosen,
    }
    return Fitted(write_head(head_path(kind.name), head, notes, network), accuracy, notes)


def _takes(reader: BackboneFeatures) -> tuple[int, ...]:
    """Numbers of features to try: a transformer's class token alone, or with its mean patch."""
    every = reader.network.features
    return (every // 2, every) if isinstance(reader.network, VisionTransformer) else (every,)
