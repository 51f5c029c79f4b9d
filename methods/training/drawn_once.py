"""Arrays that a training needs again and again and that take long to make: kept in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

CHUNK = 16


def drawn_once(
    file: Path, rows: np.ndarray, draw: Callable[[np.ndarray], Sequence[np.ndarray]]
) -> list[np.ndarray]:
    """Return what ``draw`` gives for all ``rows``, or find it in ``file`` (.npz).

    Args:
        file: Written whole or not at all.
        rows: Indices (N,); ``draw`` gets at most ``CHUNK`` at a time.
        draw: Rows (n,) to arrays (n, ...).
    """
    if not file.is_file():
        parts = [draw(chunk) for chunk in np.array_split(rows, -(-len(rows) // CHUNK))]
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}")
        np.savez(draft, *(np.concatenate(column) for column in zip(*parts, strict=True)))
        draft.replace(file)
    with np.load(file) as found:
        return [found[name] for name in found.files]
