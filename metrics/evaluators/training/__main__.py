"""``python -m medbench.metrics.evaluators.training NAME``: train one and put its weights in place."""

from __future__ import annotations

import argparse
import logging
import shutil
from pathlib import Path
from typing import Any

import torch

from medbench.metrics.evaluators.training import train_diagnosis, train_gaze, train_segmentation
from medbench.suites.mini.suite import MiniSuite

TRAINERS = {module.NAME: module.train for module in (train_diagnosis, train_gaze, train_segmentation)}
SHIPPED = Path(__file__).parent.parent / "weights"


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(
        prog="python -m medbench.metrics.evaluators.training", description=__doc__
    )
    parser.add_argument("name", choices=sorted(TRAINERS))
    parser.add_argument("--out", type=Path, help="folder of the run (runs/train/NAME)")
    parser.add_argument("--minutes", type=float, help="training time")
    parser.add_argument("--steps", type=int, help="stop after so many steps; same weights on every machine")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(options.threads)
    out = options.out or Path("runs") / "train" / options.name
    given: dict[str, Any] = {}
    if options.steps is not None or options.minutes is not None:
        given |= {"steps": options.steps, "minutes": options.minutes}
    diagnosis = SHIPPED / f"{train_diagnosis.NAME}.safetensors"
    if options.name == train_gaze.NAME and diagnosis.is_file():
        given["tower"] = diagnosis
    file = TRAINERS[options.name](MiniSuite(), out, options.device, seed=options.seed, **given)
    SHIPPED.mkdir(exist_ok=True)
    shutil.copyfile(file, SHIPPED / file.name)
    logging.info("%s", SHIPPED / file.name)


if __name__ == "__main__":
    main()
