"""A suite's tumour masks as a raw nnU-Net v2 data set: 2-D RGB PNG, masks, folds by subject."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from medbench.atomic import clear_disk_errors
from medbench.core import MedbenchError, Unavailable
from medbench.metrics.evaluators.nnunet.folds import grouped_folds
from medbench.metrics.evaluators.nnunet.layout import RAW, prepare_root

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from medbench.core import Sample
    from medbench.suites.suite import Suite

#: How nnU-Net reads the three colours, by the channels' names in dataset.json.
COLOURS = {"0-1": ("rgb_to_0_1",) * 3, "zscore": ("R", "G", "B")}
LABELS = {"background": 0, "tumour": 1}


@dataclass(frozen=True)
class Wish:
    """What to export: ``dataset`` is nnU-Net's number, ``healthy`` keeps images without a tumour.

    ``colour`` ``0-1`` divides by 255; ``zscore``, nnU-Net's habit, evens every image's brightness
    and colour out and so hides a colour cast that a method leaves.
    """

    dataset: int = 501
    folds: int = 5
    healthy: bool = False
    colour: str = "0-1"


@dataclass
class Exported:
    """The data set's folder, its cases (name, sample, subject, disease) and samples that are broken."""

    folder: Path
    cases: list[tuple[str, str, str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def export(
    suite: Suite,
    split: str,
    index: pd.DataFrame,
    root: Path,
    wish: Wish,
    advance: Callable[[], None] = lambda: None,
) -> Exported:
    """Write the samples of ``index`` that have a mask as ``root/nnUNet_raw/Dataset…``; whole or not at all.

    Args:
        suite: whose samples carry ``mask``, bool (H, W).
        split: of the suite.
        index: rows of its index.
        root: holds nnU-Net's three folders.
        wish: see the class.
        advance: called after every sample.

    Raises:
        MedbenchError: the folder is there already, no sample has a mask, or too few subjects.
    """
    title = "".join(part.capitalize() for part in re.findall("[A-Za-z0-9]+", suite.card.name))
    folder = prepare_root(root) / RAW / f"Dataset{wish.dataset:03d}_{title}"
    if any(folder.parent.glob(f"Dataset{wish.dataset:03d}_*")):
        raise MedbenchError(f"{folder.parent} has a data set {wish.dataset} already; give another --dataset")
    draft = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    done = Exported(folder)
    with clear_disk_errors(folder):
        for name in ("imagesTr", "labelsTr"):
            (draft / name).mkdir(parents=True)
        for row in index.to_dict("records"):
            _export_one(suite, split, row, draft, wish, done)
            advance()
        if not done.cases:
            raise MedbenchError(
                f"no sample of {suite.card.name}/{split} has a tumour mask; nnU-Net needs them"
            )
        _describe(draft, suite, wish, done)
        draft.rename(folder)
    return done


def _export_one(
    suite: Suite, split: str, row: Mapping[Any, Any], draft: Path, wish: Wish, done: Exported
) -> None:
    try:
        sample = suite.read(split, str(row["id"]))
    except Unavailable:
        raise
    except MedbenchError as error:
        done.broken.append(str(error))
        return
    mask = sample.truth.get("mask")
    if mask is None or not (wish.healthy or np.any(mask)):
        return
    case = f"case{len(done.cases):06d}"
    write_case(draft, case, sample, np.asarray(mask, dtype=bool))
    subject, disease = (str(row.get(key, "")) for key in ("subject", "disease"))
    done.cases.append((case, sample.id, subject or sample.id, disease))


def write_case(folder: Path, case: str, sample: Sample, mask: np.ndarray) -> None:
    """Write one image (RGB in one file, channel suffix 0000) and its label, one byte to a pixel."""
    from PIL import Image

    Image.fromarray(np.ascontiguousarray(sample.image)).save(folder / "imagesTr" / f"{case}_0000.png")
    Image.fromarray(mask.astype(np.uint8)).save(folder / "labelsTr" / f"{case}.png")


def _describe(draft: Path, suite: Suite, wish: Wish, done: Exported) -> None:
    cases, _, subjects, _ = zip(*done.cases, strict=True)
    description = {
        "name": suite.card.name,
        "description": suite.card.title,
        "licence": suite.card.licence,
        "channel_names": dict(enumerate(COLOURS[wish.colour])),
        "labels": LABELS,
        "numTraining": len(cases),
        "file_ending": ".png",
        "overwrite_image_reader_writer": "NaturalImage2DIO",
    }
    (draft / "dataset.json").write_text(json.dumps(description, indent=1), encoding="utf-8")
    # The planner copies it to where the trainer looks for it.
    folds = grouped_folds(cases, subjects, wish.folds)
    (draft / "splits_final.json").write_text(json.dumps(folds, indent=1), encoding="utf-8")
    with (draft / "cases.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("case", "sample", "subject", "disease"), *done.cases])
