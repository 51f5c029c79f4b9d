"""nnU-Net's three folders under one root, and its commands that work in them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from medbench.core import MedbenchError, Unavailable

RAW, PREPROCESSED, RESULTS = "nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"
INSTALL = "pip install nnunetv2"
_STANDARD_ERROR = 2


def prepare_root(root: Path) -> Path:
    """Make the three folders; returns ``root``."""
    for name in (RAW, PREPROCESSED, RESULTS):
        (root / name).mkdir(parents=True, exist_ok=True)
    return root


def environment(root: Path) -> dict[str, str]:
    """The variables that tell nnU-Net where its folders are."""
    return {name: str((root / name).resolve()) for name in (RAW, PREPROCESSED, RESULTS)}


def plan_command(dataset: int, processes: int, planner: str) -> list[str]:
    """Fingerprint, plan and preprocess a data set in two dimensions."""
    many = str(processes)
    return [
        "nnUNetv2_plan_and_preprocess", "-d", str(dataset), "-c", "2d", "--verify_dataset_integrity",
        "-pl", planner, "-npfp", many, "-np", many,
    ]  # fmt: skip


def train_command(dataset: int, fold: str, trainer: str, plans: str, device: str, resume: bool) -> list[str]:
    """Train one fold (0 to 4, or ``all``) in two dimensions."""
    line = ["nnUNetv2_train", str(dataset), "2d", fold, "-tr", trainer, "-p", plans, "-device", device]
    return [*line, "--c"] if resume else line


def made(folder: Path, dataset: int, pattern: str) -> list[Path]:
    """What there is of a data set in one of the three folders."""
    return sorted(folder.glob(f"Dataset{dataset:03d}_*/{pattern}"))


def in_shell(command: Sequence[str], root: Path) -> str:
    """The same as a line for a shell."""
    return " ".join([*(f"{name}={place}" for name, place in environment(root).items()), *command])


def call(command: Sequence[str], root: Path) -> None:
    """Run one of nnU-Net's commands; what it prints goes to standard error.

    Raises:
        Unavailable: nnU-Net is not installed here; the message has the line that would do it elsewhere.
        MedbenchError: it failed.
    """
    beside = Path(sys.executable).parent / command[0]
    program = str(beside) if beside.is_file() else shutil.which(command[0])
    if program is None:
        raise Unavailable(
            f"nnU-Net is not installed: {INSTALL}\nor run this where it is: {in_shell(command, root)}"
        )
    variables = {**os.environ, **environment(root)}
    ended = subprocess.run([program, *command[1:]], env=variables, stdout=_STANDARD_ERROR, check=False)
    if ended.returncode:
        raise MedbenchError(f"{command[0]} failed (exit {ended.returncode}); its own words stand above")
