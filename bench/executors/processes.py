"""Worker processes on this machine, each with everything of its own; pieces of work are numbers.

Processes, not threads: small networks on one thread each use a core better than one network on many,
and no method or evaluator has to be safe for threads.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

from medbench.core import MedbenchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MOST_WORKERS = 8
#: Fewer pieces of work are not worth the seconds that workers take to start.
FEWEST_PIECES = 4

_work: Callable[[int], Any] | None = None


def workers_for(pieces: int, asked: int, device: str) -> int:
    """How many workers to start; ``asked`` 0 means: as many as there are cores, one on a GPU."""
    if asked == 0:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        asked = min(cores, MOST_WORKERS) if device == "cpu" and pieces >= FEWEST_PIECES else 1
    return max(1, min(asked, pieces))


def each(
    build: Callable[..., Callable[[int], Any]],
    arguments: tuple[Any, ...],
    numbers: Iterable[int],
    workers: int,
) -> Iterator[int]:
    """Call ``build(*arguments)`` once in each worker, then what it returns for every number.

    Yields numbers as they are done. ``build`` is importable and ``arguments`` can be pickled.

    Raises:
        MedbenchError: a worker died, for want of memory as a rule.

    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start, (build, arguments)) as pool:
        waiting = {pool.submit(_do, number): number for number in numbers}
        try:
            for done in as_completed(waiting):
                done.result()
                yield waiting[done]
        except BrokenProcessPool:
            raise MedbenchError(
                "a worker process died, for want of memory perhaps; what is finished is kept: "
                "give the same command again with --workers 1"
            ) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _start(build: Callable[..., Callable[[int], Any]], arguments: tuple[Any, ...]) -> None:
    global _work
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    _work = build(*arguments)


def _do(number: int) -> None:
    assert _work is not None
    _work(number)


def _end_with_parent(parent: int) -> None:
    """A parent that is killed cannot stop its workers: they look after it themselves."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
