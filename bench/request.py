"""What a user asks of a run; nothing is resolved yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from medbench.runs import Resume


@dataclass(frozen=True)
class Request:
    """Options of ``medbench run``.

    ``methods`` are names, ``name:preset`` or ``path/to/file.py:Class``. ``suite`` is a name or a
    folder. Empty ``metrics`` means all, empty ``evaluators`` the embedded ones, ``workers`` 0
    as many processes as there are cores. ``only`` names the samples to take, in place of a limit.
    """

    methods: tuple[str, ...]
    suite: str
    split: str | None = None
    preset: str | None = None
    limit: int | None = None
    seed: str = "0"
    device: str = "auto"
    out: Path = Path("runs")
    resume: Resume = "only-missing"
    metrics: tuple[str, ...] = ()
    evaluators: tuple[str, ...] = ()
    wrong_keys: int = 1000
    workers: int = 1
    only: tuple[str, ...] = ()
