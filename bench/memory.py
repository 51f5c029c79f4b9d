"""How much memory a piece of work took at most: of this process, its programs, and the GPU."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

#: Linux: "5" forgets the largest resident size of a process, which its status then tells anew.
_FORGET, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
RESIDENT, GPU = "peak_memory_mb", "peak_gpu_memory_mb"


class PeakMemory:
    """Largest memory since this object was made; elsewhere than on Linux, since the process began."""

    def __init__(self) -> None:
        """Forget what was before."""
        with suppress(OSError):
            _FORGET.write_text("5")
        self._programs = _used_by("RUSAGE_CHILDREN")
        cuda = _cuda()
        if cuda is not None:
            cuda.reset_peak_memory_stats()

    def mb(self) -> dict[str, float]:
        """``peak_memory_mb`` of this process or of a program that it ran, and of the GPU if one was used."""
        programs = _used_by("RUSAGE_CHILDREN")
        ended_here = programs if programs > self._programs else 0.0
        found = {RESIDENT: round(max(_resident(), ended_here), 1)}
        cuda = _cuda()
        if cuda is not None:
            found[GPU] = round(cuda.max_memory_allocated() / 2**20, 1)
        return found


def largest(parts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The largest of each figure."""
    return {
        name: max(part.get(name, 0.0) for part in parts)
        for name in dict.fromkeys(n for p in parts for n in p)
    }


def _resident() -> float:
    try:
        lines = _STATUS.read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 2**10
    except (OSError, StopIteration, ValueError):
        return _used_by("RUSAGE_SELF")


def _used_by(who: str) -> float:
    try:
        import resource
    except ImportError:
        return float("nan")
    return resource.getrusage(getattr(resource, who)).ru_maxrss / (
        2**20 if sys.platform == "darwin" else 2**10
    )


def _cuda() -> Any:
    torch = sys.modules.get("torch")
    return torch.cuda if torch is not None and torch.cuda.is_available() else None
