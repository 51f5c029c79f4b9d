"""Everything that makes shards, built from names: once in the runner's process or in each worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from medbench.cache import Cache
from medbench.memory import PeakMemory
from medbench.stages.fill import fill_shard, numbered
from medbench.stages.keyring import Keyring
from medbench.stages.panel import assemble_panel
from medbench.stages.resolve import MethodChoice, method_of, metrics_of, suite_of
from medbench.stages.treat import Bench

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from medbench.request import Request
    from medbench.runs import RunFolder
    from medbench.suites.suite import Suite


@dataclass(frozen=True)
class Order:
    """What a worker has to know; all of it can be pickled."""

    request: Request
    choice: MethodChoice
    suite_name: str
    split: str
    index: pd.DataFrame
    folder: RunFolder
    device: str
    attempts: Mapping[str, int]


def shard_maker(order: Order) -> Callable[[int], None]:
    """Load what the order names, and return what makes and writes one shard."""
    use_one_thread(order.device)
    request = order.request
    method, _ = method_of(order.choice, order.device)
    metrics = metrics_of(request.metrics)
    panel = assemble_panel(metrics, request.evaluators, order.device, Cache())
    bench = Bench(method, panel, Keyring(request.seed, order.suite_name), order.attempts)
    return shard_maker_of(order, suite_of(request.suite), bench)


def shard_maker_of(order: Order, suite: Suite, bench: Bench) -> Callable[[int], None]:
    """Return what makes and writes one shard with parts that are loaded."""
    rows = numbered(len(order.index))
    memory = PeakMemory()

    def make(number: int) -> None:
        part = order.index.iloc[list(rows[number])]
        shard = fill_shard(suite, order.split, part, bench)
        shard.memory = memory.mb()
        shard.write(order.folder.shard(number))

    return make


def use_one_thread(device: str) -> None:
    """On a CPU every process computes on one thread: the same bits however many workers there are."""
    import cv2
    import torch

    if device == "cpu":
        torch.set_num_threads(1)
        cv2.setNumThreads(1)


@contextmanager
def one_thread(device: str) -> Iterator[None]:
    """As :func:`use_one_thread`, and as before afterwards."""
    import cv2
    import torch

    before = torch.get_num_threads(), cv2.getNumThreads()
    use_one_thread(device)
    try:
        yield
    finally:
        torch.set_num_threads(before[0])
        cv2.setNumThreads(before[1])
