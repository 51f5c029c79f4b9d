"""medbench fit-evaluator: fit an official evaluator's head on a suite."""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json
from medbench.core import MedbenchError


@click.command(
    "fit-evaluator",
    cls=Command,
    short_help="Fit an official evaluator's head on a suite's train split.",
    examples=[
        "medbench fit-evaluator diagnosis_dinov2_vitb14 --suite mema-train",
        "medbench fit-evaluator diagnosis_resnet50 --suite mema-train --head finetune --device cuda",
    ],
)
@click.argument("name", metavar="NAME")
@click.option("--suite", "-s", required=True, metavar="NAME|FOLDER")
@click.option(
    "--head",
    type=click.Choice(["linear", "knn", "finetune"]),
    default="linear",
    show_default=True,
    help="Frozen backbone and linear head, frozen backbone and nearest neighbours, or all of it.",
)
@click.option("--device", default="auto", show_default=True, metavar="auto|cpu|cuda")
@click.option("--limit", type=click.IntRange(min=2), help="Most images of each split; for trying it out.")
@click.option("--steps", type=click.IntRange(min=1), help="Of fine-tuning; default: the evaluator's own.")
@click.option(
    "--minutes", type=click.FloatRange(min=0, min_open=True), help="Of fine-tuning, in their place."
)
@click.option("--seed", default="0", show_default=True, help="Of fine-tuning.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs/fit"),
    show_default=True,
    help="Checkpoints of fine-tuning; the same command goes on from them.",
)
@json_option
def fit_evaluator(
    name: str,
    suite: str,
    head: str,
    device: str,
    limit: int | None,
    steps: int | None,
    minutes: float | None,
    seed: str,
    out: Path,
    as_json: bool,
) -> None:
    """Fit an evaluator's head on a suite's train split, choose it on its select split, and keep it.

    The head lies beside your weight files and notes what it was fitted on. Then:
    medbench run --evaluator NAME.
    """
    from medbench.cli.progress import console_progress
    from medbench.environment import pick_device
    from medbench.metrics.evaluators.vision.fitting.wishes import Wishes
    from medbench.registry import Registry
    from medbench.stages.resolve import suite_of

    kind = Registry("evaluators").get(name)
    fit = getattr(kind, "fit", None)
    if fit is None:
        raise MedbenchError(f"{kind.name} has no head to fit: medbench run --evaluator {name}")
    with console_progress() as progress:
        wishes = Wishes(head, pick_device(device), limit, seed, steps, minutes, progress)  # type: ignore[arg-type]
        fitted = fit(suite_of(suite), wishes, out)
    if as_json:
        print_json({"evaluator": kind.name, "head": str(fitted.path), "select_macro_accuracy":
                    fitted.select_accuracy, "notes": fitted.notes})  # fmt: skip
        return
    click.echo(f"fitted {kind.name} ({head}) on {suite}: {fitted.path}")
    click.echo(f"macro accuracy on its select split: {fitted.select_accuracy:.3f}")
