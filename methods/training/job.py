"""What is asked of a training: one object from the command line down to each stage."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypedDict

from medbench.core import MedbenchError
from medbench.progress import Progress

if TYPE_CHECKING:
    from pathlib import Path

    from medbench.suites.suite import Suite


class Stage(TypedDict):
    """What every stage of a job is told: ``train_stage(..., **job.stage)``."""

    out: Path
    device: str
    resume: bool


@dataclass(frozen=True)
class Job:
    """One training, as it is asked for.

    Attributes:
        suite: Learned from, its train split alone.
        out: Folder of the run: its stages, what is drawn once, the weight file.
        preset: A preset of the method's card.
        device: ``cpu`` or ``cuda``.
        resume: Go on where an earlier call was stopped; False starts anew.
        minutes: Budget of training time; None for the trainer's own.
        seed: Name from which all draws come.
        progress: Where a trainer without stages tells how far it is.
    """

    suite: Suite
    out: Path
    preset: str = "mini"
    device: str = "cpu"
    resume: bool = True
    minutes: float | None = None
    seed: str = "0"
    progress: Progress = field(default_factory=Progress)

    @property
    def kind(self) -> str:
        """``cpu`` or ``cuda``, without the number of a device."""
        return self.device.partition(":")[0]

    @property
    def stage(self) -> Stage:
        """Folder, device and resuming, for ``train_stage``."""
        return Stage(out=self.out, device=self.device, resume=self.resume)

    def budget(self, cpu: float, cuda: float) -> float:
        """The minutes that are asked for, or the trainer's own on such a device."""
        return self.minutes or (cpu if self.kind == "cpu" else cuda)

    def part(self, minutes: float, folder: str = ".") -> Job:
        """A part of the job: another network that is trained in ``folder`` of its own."""
        return replace(self, out=self.out / folder, minutes=minutes)

    def require_renderer(self, why: str) -> None:
        """Raise MedbenchError, beginning with ``why``, unless the suite is mema-mini, which is rendered."""
        if self.suite.card.name != "mema-mini":
            raise MedbenchError(f"{why}: --suite mema-mini")
