"""medbench nnunet: nnU-Net v2 as the judge of the tumour area, from a suite's masks to a trained model."""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Group
from medbench.cli.options import json_option, print_json

_ROOT = click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("nnunet"),
    show_default=True,
    help="Holds nnU-Net's three folders.",
)
_DATASET = click.option(
    "--dataset",
    type=click.IntRange(1, 999),
    default=501,
    show_default=True,
    help="nnU-Net's number of the data set.",
)


@click.group(
    cls=Group,
    short_help="nnU-Net v2 for the tumour area: export, plan, train, use.",
    examples=[
        "medbench nnunet export --suite mema-seg --out nnunet",
        "medbench nnunet plan --root nnunet",
        "medbench nnunet train --root nnunet --fold 0 --device cuda",
        "medbench nnunet use nnunet/nnUNet_results/Dataset501_MemaSeg/nnUNetTrainer__nnUNetPlans__2d",
        "medbench run --method ours --suite mema-seg --evaluator segmentation_nnunet",
    ],
)
def nnunet() -> None:
    """Export a suite's tumour masks, plan, train, and name the model that judges.

    Planning and training call nnU-Net's own commands (pip install nnunetv2); the export needs nothing.
    All commands take --json.
    """


@nnunet.command(examples=["medbench nnunet export --suite mema-mini --limit 400 --out nnunet"])
@click.option("--suite", "-s", required=True, metavar="NAME|FOLDER")
@click.option("--split", default="train", show_default=True, metavar="NAME")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The root.")
@_DATASET
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Whole subjects, at most N images.")
@click.option("--folds", type=click.IntRange(min=2), default=5, show_default=True, help="By subject.")
@click.option("--healthy", is_flag=True, help="Also images whose mask is empty.")
@click.option(
    "--colour",
    type=click.Choice(["0-1", "zscore"]),
    default="0-1",
    show_default=True,
    help="zscore evens colour casts out.",
)
@json_option
def export(
    suite: str,
    split: str,
    out: Path,
    dataset: int,
    limit: int | None,
    folds: int,
    healthy: bool,
    colour: str,
    as_json: bool,
) -> None:
    """Write a split as a raw nnU-Net data set: RGB PNG, masks, folds grouped by subject."""
    from medbench.cli.progress import console_progress
    from medbench.metrics.evaluators.nnunet.raw_dataset import Wish
    from medbench.metrics.evaluators.nnunet.raw_dataset import export as write
    from medbench.stages.pick import limited
    from medbench.stages.resolve import suite_of

    found = suite_of(suite)
    if split not in found.card.splits:
        raise click.BadParameter(
            f"{found.card.name} has {', '.join(found.card.splits)}", param_hint="--split"
        )
    index = limited(found.index(split), limit)
    found.prepare(split, list(index["id"]))
    with console_progress() as progress:
        progress.phase("exporting", len(index))
        done = write(found, split, index, out, Wish(dataset, folds, healthy, colour), progress.advance)
    if as_json:
        print_json({"folder": str(done.folder), "cases": len(done.cases), "broken": done.broken})
        return
    for line in done.broken:
        click.echo(f"left out: {line}", err=True)
    click.echo(f"{done.folder}: {len(done.cases)} cases, {folds} folds by subject")
    click.echo(f"next: medbench nnunet plan --root {out} --dataset {dataset}")


@nnunet.command(examples=["medbench nnunet plan --root nnunet --processes 2"])
@_ROOT
@_DATASET
@click.option("--planner", default="ExperimentPlanner", show_default=True, metavar="CLASS")
@click.option("--processes", type=click.IntRange(min=1), default=4, show_default=True)
@json_option
def plan(root: Path, dataset: int, planner: str, processes: int, as_json: bool) -> None:
    """Let nnU-Net check, fingerprint, plan and preprocess the data set."""
    from medbench.metrics.evaluators.nnunet.layout import PREPROCESSED, call, made, plan_command

    call(plan_command(dataset, processes, planner), root)
    plans = made(root / PREPROCESSED, dataset, "*Plans.json")
    if as_json:
        print_json({"plans": [str(file) for file in plans]})
        return
    for file in plans:
        click.echo(f"planned: {file}")


@nnunet.command(
    examples=["medbench nnunet train --root nnunet --fold 0 --trainer nnUNetTrainer_5epochs --device cpu"]
)
@_ROOT
@_DATASET
@click.option("--fold", type=click.Choice(["0", "1", "2", "3", "4", "all"]), default="0", show_default=True)
@click.option("--trainer", default="nnUNetTrainer", show_default=True, metavar="CLASS")
@click.option("--plans", default="nnUNetPlans", show_default=True, metavar="NAME")
@click.option("--device", type=click.Choice(["cuda", "cpu", "mps"]), default="cuda", show_default=True)
@click.option("--resume", is_flag=True, help="Go on from nnU-Net's last checkpoint.")
@json_option
def train(
    root: Path,
    dataset: int,
    fold: str,
    trainer: str,
    plans: str,
    device: str,
    resume: bool,
    as_json: bool,
) -> None:
    """Train one fold with any of nnU-Net's trainers. Folds 0 to 4 together make the ensemble."""
    from medbench.metrics.evaluators.nnunet.layout import RESULTS, call, made, train_command

    call(train_command(dataset, fold, trainer, plans, device, resume), root)
    folders = made(root / RESULTS, dataset, f"{trainer}__{plans}__2d")
    if as_json:
        print_json({"models": [str(folder) for folder in folders]})
        return
    for folder in folders:
        click.echo(f"next: medbench nnunet use {folder}")


@nnunet.command(
    examples=["medbench nnunet use nnUNet_results/Dataset501_MemaSeg/nnUNetTrainer__nnUNetPlans__2d"]
)
@click.argument("folder", type=click.Path(path_type=Path))
@json_option
def use(folder: Path, as_json: bool) -> None:
    """Remember a trained model folder for --evaluator segmentation_nnunet ($MEDBENCH_NNUNET goes first)."""
    from medbench.metrics.evaluators.nnunet.trained import NAME, ModelFolder
    from medbench.suites.whereabouts import config_file, remember

    model = ModelFolder.open(folder)
    remember(NAME, model.path)
    folds = [file.parent.name for file in model.checkpoints]
    if as_json:
        print_json({"folder": str(model.path.resolve()), "folds": folds, "sha256": model.digest()})
        return
    click.echo(f"{folder}: {', '.join(folds)}; remembered in {config_file()}")
    click.echo("next: medbench run --method ours --suite mema-seg --evaluator segmentation_nnunet")
