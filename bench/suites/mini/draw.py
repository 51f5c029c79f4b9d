"""Draw samples once, in parallel, into the cache."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from typing import TYPE_CHECKING

from medbench.core import MedbenchError
from medbench.suites.mini.cache import file_of, store, stored
from medbench.suites.mini.splits import SHOTS, parse, scene_of

if TYPE_CHECKING:
    import numpy as np


def load(sample_id: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Image (256, 256, 3) uint8 RGB, mask (256, 256) bool, landmarks (68, 2); drawn if need be.

    Raises:
        MedbenchError: the cache can neither be read nor written.
    """
    kept = stored(sample_id)
    if kept is None:
        draw([sample_id])
        kept = stored(sample_id)
    if kept is None:
        raise MedbenchError(f"{file_of(sample_id)} cannot be read; remove it and check the disk")
    return kept


def prepare(sample_ids: Sequence[str]) -> None:
    """Draw what is missing with all cores; a progress bar on a terminal."""
    missing = _missing(sample_ids)
    if len(missing) > SHOTS:
        # A heredoc or a notebook cannot start worker processes: what is left is drawn here.
        with suppress(BrokenProcessPool):
            _draw_in_parallel(missing)
    draw(_missing(missing))


def draw(sample_ids: Iterable[str]) -> None:
    """Draw samples into the cache, one after the other."""
    from medbench.suites.mini.render import render

    for name in sample_ids:
        store(name, render(*scene_of(name)))


def _missing(sample_ids: Sequence[str]) -> list[str]:
    return [name for name in sample_ids if not file_of(name).is_file()]


def _draw_in_parallel(missing: Sequence[str]) -> None:
    from rich.console import Console
    from rich.progress import track

    # Shots of one subject stay together, since a subject's head costs three times a picture.
    heads: dict[int, list[str]] = {}
    for name in missing:
        heads.setdefault(parse(name).subject, []).append(name)
    console = Console(stderr=True)
    with ProcessPoolExecutor(_cores(), mp_context=get_context("spawn"), initializer=_one_thread) as pool:
        done = pool.map(draw, heads.values(), chunksize=2)
        bar = track(done, "drawing mema-mini", len(heads), console=console, disable=not console.is_terminal)
        for _ in bar:
            pass


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _one_thread() -> None:
    """Workers share the cores by process: neither OpenCV nor the BLAS may start threads of its own."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)
