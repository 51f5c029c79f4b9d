"""Train methods again from nothing, one or many: each in its own folder, none twice."""

from __future__ import annotations

import importlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from medbench.atomic import write_text
from medbench.core import MedbenchError, NoSuchName
from medbench.digest import source_digest
from medbench.methods.training.job import Job
from medbench.registry import Registry
from medbench.stages.spare import Spared

if TYPE_CHECKING:
    from medbench.methods.method import Method

Trainer = Callable[[Job], Path]
#: Lies in a method's folder once its training is whole, with what it was trained with.
MARK = "trained.json"


class NeedsNoTraining(MedbenchError):
    """The method has nothing to train."""


@dataclass(frozen=True)
class Outcome:
    """What became of one method; ``detail`` is the file made, or why there is none."""

    method: str
    state: Literal["trained", "was trained", "needs none", "failed"]
    detail: str
    seconds: float = 0.0


def trainer_of(name: str) -> tuple[type[Method], Trainer]:
    """A method's class, and ``train`` of the file train.py beside it.

    Raises:
        NeedsNoTraining: there is no such file.

    """
    kind = Registry("methods").get(name)
    package = kind.__module__.rpartition(".")[0]
    none = NeedsNoTraining(f"{kind.card.name} needs no training: medbench run --method {name}")
    if not package:
        raise none
    try:
        return kind, importlib.import_module(f"{package}.train").train
    except (ModuleNotFoundError, AttributeError) as error:
        if isinstance(error, ModuleNotFoundError) and error.name != f"{package}.train":
            raise
        raise none from None


def train_one(name: str, job: Job, preset: str | None = None) -> Path:
    """Train one method in ``job.out``, its own preset where none is named; returns the weight file.

    Raises:
        MedbenchError: it has no such preset, or needs no training.

    """
    kind, trainer = trainer_of(name)
    return trainer(replace(job, preset=preset_of(name, kind, preset)))


def train_many(names: Sequence[str], job: Job, preset: str | None = None) -> list[Outcome]:
    """Train methods one after the other, each in a folder of its own name below ``job.out``.

    What was trained whole with the same code, preset and seed is not trained again, unless
    ``job.resume`` is off. ``job.minutes`` is for all of them: those that are left to train share it
    evenly. One that fails is told, and the others go on.
    """
    found: dict[str, Outcome] = {}
    broken: dict[str, str] = {}
    say = job.progress.say
    spared = Spared(broken, broken, several=True, say=say)
    left: list[str] = []
    for name in names:
        with spared.one(name):
            try:
                mark = _mark(name, job, preset)
            except NeedsNoTraining:
                found[name] = Outcome(name, "needs none", "nothing to train")
                continue
            made = _made(job.out / name, mark) if job.resume else None
            if made:
                found[name] = Outcome(name, "was trained", made)
            else:
                left.append(name)
    share = job.minutes / len(left) if job.minutes and left else None
    for number, name in enumerate(left, start=1):
        say(f"training {name} ({number} of {len(left)})")
        own = replace(job, out=job.out / name, minutes=share)
        began = time.monotonic()
        with spared.one(name):
            made = str(train_one(name, own, preset))
            write_text(
                own.out / MARK, json.dumps({**_mark(name, job, preset), "made": made}, indent=1) + "\n"
            )
            found[name] = Outcome(name, "trained", made, round(time.monotonic() - began, 1))
    found |= {name: Outcome(name, "failed", why) for name, why in broken.items()}
    return [found[name] for name in names]


def preset_of(name: str, kind: type[Method], asked: str | None) -> str:
    """The preset that is asked for, or the method's own.

    Raises:
        NoSuchName: the card does not list it.

    """
    preset = asked or kind.card.default_preset
    if preset not in kind.card.presets:
        raise NoSuchName(f"{name} has no preset {preset!r}; it has {', '.join(kind.card.presets)}")
    return preset


def _mark(name: str, job: Job, preset: str | None) -> dict[str, str]:
    kind, _ = trainer_of(name)
    preset = preset_of(name, kind, preset)
    return {"suite": job.suite.card.name, "preset": preset, "seed": job.seed, "code": source_digest(kind)}


def _made(folder: Path, mark: dict[str, str]) -> str | None:
    """The file that a whole training with this mark left; None where there is none."""
    try:
        told = json.loads((folder / MARK).read_text(encoding="utf-8"))
        made = str(told.pop("made"))
    except (OSError, ValueError, KeyError):
        return None
    return made if told == mark and Path(made).exists() else None
