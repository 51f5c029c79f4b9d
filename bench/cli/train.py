"""medbench train: train a method again from nothing."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json
from medbench.core import MedbenchError


@click.command(
    cls=Command,
    short_help="Train a method's weights again from nothing.",
    examples=["medbench train --method ours --suite mema-mini --preset mini --out runs/train"],
)
@click.option("--method", "-m", required=True, metavar="NAME")
@click.option("--suite", "-s", default="mema-mini", show_default=True, metavar="NAME|FOLDER")
@click.option("--preset", metavar="NAME", help="Default: the method's own.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs/train"),
    show_default=True,
    help="Checkpoints, losses, sample sheets and weights.",
)
@click.option("--resume/--fresh", default=True, show_default=True, help="Go on from the last checkpoint.")
@click.option("--device", default="auto", show_default=True, metavar="auto|cpu|cuda")
@click.option("--minutes", type=click.FloatRange(min=0, min_open=True), help="Budget; default: the preset's.")
@click.option("--seed", default="0", show_default=True)
@json_option
def train(
    method: str,
    suite: str,
    preset: str | None,
    out: Path,
    resume: bool,
    device: str,
    minutes: float | None,
    seed: str,
    as_json: bool,
) -> None:
    """Train a method's weights again from nothing, on a suite's train split."""
    from medbench.cli.progress import console_progress
    from medbench.environment import pick_device
    from medbench.registry import Registry
    from medbench.stages.resolve import suite_of

    kind = Registry("methods").get(method)
    package = kind.__module__.rpartition(".")[0]
    try:
        trainer = importlib.import_module(f"{package}.train").train
    except (ModuleNotFoundError, AttributeError) as error:
        if isinstance(error, ModuleNotFoundError) and error.name != f"{package}.train":
            raise
        raise MedbenchError(f"{kind.card.name} needs no training: medbench run --method {method}") from None
    preset = preset or kind.card.default_preset
    if preset not in kind.card.presets:
        raise MedbenchError(f"{method} has no preset {preset!r}; it has {', '.join(kind.card.presets)}")
    with console_progress() as progress:
        wishes = {"preset": preset, "device": pick_device(device), "resume": resume, "seed": seed}
        wishes |= {"progress": progress} | ({"minutes": minutes} if minutes else {})
        known = inspect.signature(trainer).parameters
        made = trainer(suite_of(suite), out, **{name: wishes[name] for name in wishes if name in known})
    if as_json:
        print_json({"method": method, "preset": preset, "made": str(made)})
    else:
        click.echo(f"trained {method} ({preset}): {made}")
