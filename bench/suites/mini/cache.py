"""Drawn samples on disk: one file per sample, whole or not there at all."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import platformdirs

from medbench.core import MedbenchError
from medbench.suites.mini.identity import VERSION
from medbench.suites.mini.splits import parse

if TYPE_CHECKING:
    from medbench.suites.mini.render import Rendered

#: what a damaged file may raise: cut short, no archive, an entry missing, a picture that does not decode
_DAMAGE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, cv2.error)


def cache_folder() -> Path:
    """Where drawn samples lie: ``MEDBENCH_CACHE`` or the user's cache folder."""
    root = os.environ.get("MEDBENCH_CACHE") or platformdirs.user_cache_dir("medbench")
    return Path(root) / f"mema-mini-{VERSION}"


def file_of(sample_id: str) -> Path:
    """The cache file of a sample."""
    return cache_folder() / parse(sample_id).split / f"{sample_id}.npz"


def stored(sample_id: str) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """A sample as it lies in the cache; None where it is missing or damaged.

    Returns:
        Image (256, 256, 3) uint8 RGB, tumour mask (256, 256) bool, landmarks (68, 2) float32.
    """
    try:
        with np.load(file_of(sample_id)) as entries:
            layers = cv2.imdecode(entries["png"], cv2.IMREAD_UNCHANGED)
            landmarks = entries["landmarks"]
    except _DAMAGE:
        return None
    if layers is None or layers.shape != (256, 256, 4) or landmarks.shape != (68, 2):
        return None
    return np.ascontiguousarray(layers[..., 2::-1]), layers[..., 3] > 127, landmarks


def store(sample_id: str, drawn: Rendered) -> None:
    """Write a drawn sample; a kill leaves the old file or none.

    Raises:
        MedbenchError: the cache folder cannot be written.
    """
    file = file_of(sample_id)
    layers = np.dstack([drawn.image[..., ::-1], drawn.mask.astype(np.uint8) * 255])
    _, png = cv2.imencode(".png", layers, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    buffer = io.BytesIO()
    np.savez(buffer, png=png.reshape(-1), landmarks=drawn.landmarks.astype(np.float32))
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(buffer.getvalue())
        draft.replace(file)
    except OSError as error:
        raise MedbenchError(
            f"{file.parent} cannot be written ({error.strerror}); "
            "free 1 GB there or set MEDBENCH_CACHE to another folder"
        ) from error
