"""How far a run is: bars on a terminal, a quiet line per phase elsewhere; always on standard error."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from medbench.progress import Progress

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress as Bars
    from rich.progress import TaskID


class Lines(Progress):
    """One line when a phase ends."""

    def __init__(self) -> None:
        self.title, self.total, self.done, self.started = "", 0, 0, 0.0

    def phase(self, title: str, total: int) -> None:
        """Close the phase before and begin another."""
        self.close()
        self.title, self.total, self.done, self.started = title, total, 0, time.monotonic()

    def advance(self, steps: int = 1) -> None:
        """Count steps."""
        self.done += steps

    def say(self, text: str) -> None:
        """Print a line."""
        click.echo(text, err=True)

    def close(self) -> None:
        """Report the phase that ends."""
        if self.title and self.total > 1:
            seconds = time.monotonic() - self.started
            click.echo(f"{self.title}: {self.done} of {self.total} in {seconds:.0f} s", err=True)
        self.title = ""

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Bar(Lines):
    """A bar for the phase at work; the ones before stay as they ended."""

    def __init__(self) -> None:
        super().__init__()
        self._bars = _bars()
        self._task: TaskID | None = None

    def phase(self, title: str, total: int) -> None:
        """Add a bar."""
        self._bars.start()
        self._task = self._bars.add_task(title, total=total)

    def advance(self, steps: int = 1) -> None:
        """Move the bar."""
        if self._task is not None:
            self._bars.advance(self._task, steps)

    def say(self, text: str) -> None:
        """Print a line above the bars."""
        self._bars.console.print(text, markup=False, highlight=False)

    def close(self) -> None:
        """Leave the bars as they are."""
        self._bars.stop()


def _bars() -> Bars:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    times = (TimeElapsedColumn(), TimeRemainingColumn())
    return Bars(*columns, *times, console=Console(stderr=True))


def console_progress(quiet: bool = False) -> Lines:
    """Bars where standard error is a terminal, lines elsewhere."""
    return Bar() if sys.stderr.isatty() and not quiet else Lines()
