"""Drawn heads with their truth: what the style prior is trained on.

Each head is a layer: its colours at 128 x 128 and its share of each pixel, long hair included,
clothes in front of it not. The truth is who was drawn and in which scene.
"""

from __future__ import annotations

import dataclasses
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from medbench.methods.networks.style_codes import person_numbers, scene_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medbench.suites.mini.identity import Identity
    from medbench.suites.mini.scene import Scene

SIDE, POSITIONS = 128, 32
#: Pictures per file of an unfinished set.
_CHUNK = 40

Head = tuple["Identity", "Scene"]


@dataclass(frozen=True)
class Heads:
    """Memory-mapped arrays over N pictures.

    ``layers`` uint8 (N, 128, 128, 4): the picture's RGB and the head's share of it. ``positions``
    float16 (N, 2, 32, 32): chart position of the head's surface in [-1, 1], NaN off the head.
    ``landmarks`` float16 (N, 68, 2) in pixels of 256. ``people`` (N, ...) and ``scenes`` (N, ...)
    as in :mod:`medbench.methods.networks.style_codes`.
    """

    layers: np.ndarray
    positions: np.ndarray
    landmarks: np.ndarray
    people: np.ndarray
    scenes: np.ndarray

    def __len__(self) -> int:
        """Number of pictures."""
        return len(self.layers)


def train_heads() -> list[Head]:
    """Every picture of mema-mini's train split."""
    from medbench.suites.mini.splits import sample_ids, scene_of

    return [scene_of(name) for name in sample_ids("train")]


def draw_heads(out: Path, heads: Sequence[Head], workers: int | None = None) -> Heads:
    """Draw ``heads`` into folder ``out``, or find them there; what a killed call left is drawn anew."""
    out.mkdir(parents=True, exist_ok=True)
    parts = [out / f"{first:06d}.npz" for first in range(0, len(heads), _CHUNK)]
    jobs = [(file, heads[int(file.stem) :][:_CHUNK]) for file in parts if not file.is_file()]
    if jobs and not (out / "layers.npy").is_file():
        with ProcessPoolExecutor(workers or os.cpu_count(), mp_context=get_context("spawn")) as pool:
            for _ in pool.map(_draw_part, jobs):
                pass
    if not (out / "layers.npy").is_file():
        _gather(out, parts)
    columns = {name: np.load(out / f"{name}.npy", mmap_mode="r") for name in ("positions", "landmarks")}
    layers = np.load(out / "layers.npy", mmap_mode="r")
    people = np.stack([person_numbers(who) for who, _ in heads])
    scenes = np.stack([scene_numbers(who, scene) for who, scene in heads])
    return Heads(layers, **columns, people=people, scenes=scenes)


def head_layer(who: Identity, scene: Scene) -> dict[str, np.ndarray]:
    """Draw one head: its row of ``layers``, ``positions`` and ``landmarks``."""
    import cv2

    from medbench.suites.mini.render import render

    drawn = render(who, scene, correspondence=True)
    if drawn.uv is None or drawn.alpha is None:
        raise ValueError("render() was not asked for correspondence")
    share = head_share(who, scene, drawn.alpha)
    layers = np.dstack([drawn.image, (share * 255).round().astype(np.uint8)])
    cell = len(share) // POSITIONS
    cells = drawn.uv.reshape(POSITIONS, cell, POSITIONS, cell, 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        uv = np.nansum(cells, axis=(1, 3)) / np.isfinite(cells[..., 0]).sum((1, 3))[..., None]
    return {
        "layers": cv2.resize(layers, (SIDE, SIDE), interpolation=cv2.INTER_AREA),
        "positions": uv.transpose(2, 0, 1).astype(np.float16),
        "landmarks": drawn.landmarks.astype(np.float16),
    }


def head_share(who: Identity, scene: Scene, skin: np.ndarray) -> np.ndarray:
    """The head's visible share of each pixel (256, 256): ``skin`` and long hair, less the collar."""
    from medbench.suites.mini.backdrop import add_clothes, add_long_hair
    from medbench.suites.mini.camera import SIZE, Camera

    # What is laid in black over white leaves of the white the share that shines through.
    dark = dataclasses.replace(who, hair=np.zeros(3, np.float32))
    bare = dataclasses.replace(scene, cloth=(0.0, 0.0, 0.0))
    hair, shoulders, collar = (np.ones((SIZE, SIZE, 3), np.float32) for _ in range(3))
    camera = Camera(scene)
    add_long_hair(dark, scene, camera, hair)
    add_clothes(who, bare, camera, shoulders, front=False)
    add_clothes(who, bare, camera, collar, front=True)
    behind = (1 - hair[..., 0]) * shoulders[..., 0]
    return np.clip((1 - (1 - behind) * (1 - skin)) * collar[..., 0], 0, 1)


def _draw_part(job: tuple[Path, Sequence[Head]]) -> None:
    from threadpoolctl import threadpool_limits

    file, heads = job
    threadpool_limits(1)
    rows = [head_layer(who, scene) for who, scene in heads]
    draft = file.with_name(f".{file.name}")
    columns: dict[str, Any] = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    np.savez(draft, **columns)
    draft.replace(file)


def _gather(out: Path, parts: Sequence[Path]) -> None:
    columns: dict[str, list[np.ndarray]] = {"positions": [], "landmarks": [], "layers": []}
    for file in parts:
        with np.load(file) as entries:
            for name, rows in columns.items():
                rows.append(entries[name])
    for name, rows in columns.items():
        draft = out / f".{name}.npy"
        np.save(draft, np.concatenate(rows))
        draft.replace(out / f"{name}.npy")
    for file in parts:
        file.unlink()
