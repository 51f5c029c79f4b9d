"""The same pass by medbench, and what the harness adds to the bare networks."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from medbench.cache import Cache
from medbench.metrics.evaluators.pair_evaluator import PairEvaluator
from medbench.progress import Progress
from medbench.request import Request
from medbench.runner import Ground, Report, run_method
from medbench.stages.compare_pictures import compared
from medbench.stages.elsewhere import Elsewhere, Pictures, names_of
from medbench.stages.panel import BOX, Panel
from medbench.stages.pixels import differences
from medbench.stages.protect import as_tensor
from medbench.stages.resolve import MethodChoice


def timed_pass(ground: Ground, request: Request, folder: Path) -> tuple[float, dict[str, float], int]:
    """Processor seconds of a whole pass over a folder of protected pictures, by phase, and its figures."""
    names = names_of(ground.suite, ground.info.split, list(ground.index["id"]))
    method = Elsewhere(folder.name, Pictures.find(folder, names), None, {})
    report = Report()
    start = time.process_time()
    run_method(MethodChoice(folder.name, None), method, ground, request, Progress(), report)
    spent = time.process_time() - start
    result = report.results[0][1]
    return spent, result.timing["seconds"], len(result.estimates)


@dataclass(frozen=True)
class Overhead:
    """Processor seconds of a group's networks alone, and of the same through the harness."""

    bare: float
    harness: float

    @property
    def percent(self) -> float:
        """What the harness adds."""
        return 100 * (self.harness / self.bare - 1)


def overhead(panel: Panel, originals: np.ndarray, protected: np.ndarray, times: int = 3) -> Overhead:
    """Look at one group of pictures both ways, in turn; the shortest of ``times`` counts.

    The harness reads and writes a cache that knows nothing, and gives shards their columns.
    """
    boxes = panel.originals(originals)[BOX]
    tensors = [as_tensor(part) for part in (originals, protected)]
    rows = np.arange(len(originals))

    def bare() -> None:
        for role, tensor in zip(("original", "protected"), tensors, strict=True):
            for evaluator in panel.evaluators:
                if not isinstance(evaluator, PairEvaluator) and set(evaluator.produces) & panel.wanted[role]:
                    evaluator.look(tensor, boxes if evaluator.needs_boxes else None)
        differences(originals, protected, panel.wanted["protected"])
        compared(panel, "protected", originals, protected)

    def harness() -> None:
        with tempfile.TemporaryDirectory() as folder:
            fresh = Panel(panel.evaluators, panel.wanted, panel.missing, Cache(Path(folder)))
            seen = fresh.originals(originals)
            fresh.again("protected", protected, seen, rows)
            differences(originals, protected, panel.wanted["protected"])
            compared(fresh, "protected", originals, protected)

    found = []
    for _ in range(times):
        for call in (bare, harness):
            _forget(panel)
            start = time.process_time()
            call()
            found.append(time.process_time() - start)
    return Overhead(min(found[::2]), min(found[1::2]))


def _forget(panel: Panel) -> None:
    """Let the landmarker forget the faces that it knows, so that both ways find them anew."""
    for evaluator in panel.evaluators:
        if hasattr(evaluator, "_landmarker"):
            evaluator._landmarker._known.clear()
