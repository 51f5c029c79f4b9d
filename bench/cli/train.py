"""medbench train: train a method again from nothing."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json, print_rows


@click.command(
    cls=Command,
    short_help="Train methods' weights again from nothing.",
    examples=[
        "medbench train --method ours --suite mema-mini --preset mini --out runs/train",
        "medbench train --method all --suite mema-mini --minutes 240",
    ],
)
@click.option(
    "--method",
    "-m",
    "methods",
    multiple=True,
    required=True,
    metavar="NAME",
    help="Several by commas or repetition; all.",
)
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
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
    help="For all of them together; default: the presets'.",
)
@click.option("--seed", default="0", show_default=True)
@json_option
def train(
    methods: tuple[str, ...],
    suite: str,
    preset: str | None,
    out: Path,
    resume: bool,
    device: str,
    minutes: float | None,
    seed: str,
    as_json: bool,
) -> int:
    """Train a method's weights again from nothing, on a suite's train split.

    Of several methods, or all, each gets a folder of its own below --out, and --minutes is shared out
    evenly. Those that are trained already, with the same code, preset and seed, are left; give the
    same command again after a kill. Exit 1 where one failed.
    """
    from medbench.cli.progress import console_progress
    from medbench.environment import pick_device
    from medbench.methods.training.job import Job
    from medbench.retrain import train_many, train_one
    from medbench.stages.resolve import method_names, suite_of

    names = method_names(methods)
    with console_progress() as progress:
        job = Job(
            suite_of(suite),
            out,
            device=pick_device(device),
            resume=resume,
            minutes=minutes,
            seed=seed,
            progress=progress,
        )
        if list(methods) == names and len(names) == 1:
            return _told(names[0], preset, train_one(names[0], job, preset), as_json)
        found = train_many(names, job, preset)
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        rows = [(one.method, one.state, f"{one.seconds:.0f}", one.detail) for one in found]
        print_rows(("method", "state", "seconds", "file, or why not"), rows)
    return 1 if any(one.state == "failed" for one in found) else 0


def _told(name: str, asked: str | None, made: Path, as_json: bool) -> int:
    from medbench.retrain import preset_of, trainer_of

    preset = preset_of(name, trainer_of(name)[0], asked)
    if as_json:
        print_json({"method": name, "preset": preset, "made": str(made)})
    else:
        click.echo(f"trained {name} ({preset}): {made}")
    return 0
