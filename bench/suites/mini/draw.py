"""Draw samples once, in parallel, into the cache folder: one file per sample, never half a file."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import platformdirs

from medbench.suites.mini.identity import VERSION
from medbench.suites.mini.splits import SHOTS, parse, scene_of

if TYPE_CHECKING:
    from medbench.suites.mini.render import Rendered


def cache_folder() -> Path:
    """Where drawn samples lie: ``MEDBENCH_CACHE`` or the user's cache folder."""
    root = os.environ.get("MEDBENCH_CACHE") or platformdirs.user_cache_dir("medbench")
    return Path(root) / f"mema-mini-{VERSION}"


def file_of(sample_id: str) -> Path:
    """The cache file of a sample."""
    return cache_folder() / parse(sample_id).split / f"{sample_id}.npz"


def load(sample_id: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Image (256, 256, 3) uint8 RGB, mask (256, 256) bool, landmarks (68, 2); drawn where missing or damaged."""
    try:
        return _read(file_of(sample_id))
    except (OSError, ValueError, KeyError, EOFError):
        draw([sample_id])
        return _read(file_of(sample_id))


def prepare(sample_ids: Sequence[str]) -> None:
    """Draw what is missing with all cores; a progress bar on a terminal."""
    missing = [name for name in sample_ids if not file_of(name).is_file()]
    # Shots of one subject stay together, since a subject's head costs three times a picture.
    chunks: dict[int, list[str]] = {}
    for name in missing:
        chunks.setdefault(parse(name).subject, []).append(name)
    if len(missing) <= SHOTS:
        draw(missing)
        return
    from rich.console import Console
    from rich.progress import track

    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    console = Console(stderr=True)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_one_thread) as pool:
        done = pool.map(draw, chunks.values(), chunksize=2)
        bar = track(done, "drawing mema-mini", len(chunks), console=console, disable=not console.is_terminal)
        for _ in bar:
            pass


def draw(sample_ids: Sequence[str]) -> None:
    """Draw samples into the cache, one after the other."""
    from medbench.suites.mini.render import render

    for name in sample_ids:
        _write(file_of(name), render(*scene_of(name)))


def _one_thread() -> None:
    cv2.setNumThreads(1)


def _write(file: Path, drawn: Rendered) -> None:
    layers = np.dstack([drawn.image[..., ::-1], drawn.mask.astype(np.uint8) * 255])
    _, png = cv2.imencode(".png", layers, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    buffer = io.BytesIO()
    np.savez(buffer, png=png.reshape(-1), landmarks=drawn.landmarks.astype(np.float32))
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_bytes(buffer.getvalue())
    draft.replace(file)


def _read(file: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    with np.load(file) as stored:
        layers = cv2.imdecode(stored["png"], cv2.IMREAD_UNCHANGED)
        landmarks = stored["landmarks"]
    if layers is None or layers.shape != (256, 256, 4) or landmarks.shape != (68, 2):
        raise ValueError(f"{file} is damaged")
    return np.ascontiguousarray(layers[..., 2::-1]), layers[..., 3] > 127, landmarks
