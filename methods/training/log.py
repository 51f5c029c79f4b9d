"""What a stage writes while it trains: metrics.csv, a line or a bar, sample sheets."""

from __future__ import annotations

import csv
import logging
import math
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from medbench.core import MedbenchError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import torch

LOGGER = logging.getLogger(__name__)


class MetricsLog:
    """Every loss of a stage, averaged since the last row, in ``metrics.csv``.

    Columns: ``step``, ``seconds``, then the losses in the order of the first step.
    """

    def __init__(self, file: Path, step: int) -> None:
        """Open ``file``; rows after ``step`` (written by a run that was killed later) are cut."""
        self.file = file
        self._sums: dict[str, torch.Tensor] = {}
        self._counts: dict[str, int] = {}
        file.parent.mkdir(parents=True, exist_ok=True)
        kept: list[list[str]] = []
        if step and file.is_file():
            with file.open(newline="", encoding="utf-8") as handle:
                head, *rows = list(csv.reader(handle)) or [[]]
            kept = [head, *(row for row in rows if len(row) == len(head) and int(row[0]) <= step)]
        self._columns = kept[0] if kept else []
        with file.open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows(kept)

    def add(self, losses: Mapping[str, torch.Tensor]) -> None:
        """Take one step's losses; nothing is read back from the device here."""
        for name, value in losses.items():
            self._sums[name] = self._sums.get(name, 0) + value.detach().float()
            self._counts[name] = self._counts.get(name, 0) + 1

    def flush(self, step: int, seconds: float) -> dict[str, float]:
        """Write the averages as one row; returns them ({} where no step was taken since the last).

        Raises:
            MedbenchError: A loss is not finite.
        """
        means = {name: float(total) / self._counts[name] for name, total in self._sums.items()}
        self._sums, self._counts = {}, {}
        if not means:
            return means
        rows = [
            [
                str(step),
                f"{seconds:.2f}",
                *(f"{means[n]:.6g}" if n in means else "" for n in self._names(means)),
            ]
        ]
        with self.file.open("a", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows(rows)
        broken = [name for name, value in means.items() if not math.isfinite(value)]
        if broken:
            raise MedbenchError(
                f"{self.file}: {', '.join(broken)} became not finite by step {step}; "
                "train on from the last checkpoint with a lower learning rate"
            )
        return means

    def _names(self, means: Mapping[str, float]) -> list[str]:
        new = [name for name in means if name not in self._columns]
        if new:
            had = self._columns or ["step", "seconds"]
            self._columns = [*had, *new]
            with self.file.open(newline="", encoding="utf-8") as handle:
                rows = list(csv.reader(handle))[1:]
            padded = [row + [""] * len(new) for row in rows]
            with self.file.open("w", newline="", encoding="utf-8") as handle:
                csv.writer(handle).writerows([self._columns, *padded])
        return self._columns[2:]


class Ticker:
    """A progress bar on a terminal; one log line every ``quiet_every`` seconds elsewhere."""

    def __init__(self, name: str, quiet_every: float = 30.0) -> None:
        self.name = name
        self.quiet_every = quiet_every
        self._last = -math.inf
        console = Console(stderr=True)
        self._bar = (
            Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:3.0f} %"),
                TimeRemainingColumn(),
                TextColumn("{task.fields[figures]}"),
                console=console,
            )
            if console.is_terminal
            else None
        )

    def __enter__(self) -> Ticker:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task(self.name, total=1.0, figures="")
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def tick(self, step: int, seconds: float, progress: float, means: Mapping[str, float]) -> None:
        """Show where the stage stands."""
        figures = " ".join(f"{name} {value:.4g}" for name, value in means.items())
        if self._bar is not None:
            self._bar.update(self._task, completed=progress, figures=figures)
        elif means and seconds - self._last >= self.quiet_every:
            self._last = seconds
            LOGGER.info("%s step %d, %.0f s, %.0f %%: %s", self.name, step, seconds, 100 * progress, figures)
