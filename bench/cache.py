"""What evaluators saw, kept by content: each image is looked at once, whoever asks.

One SQLite database in write-ahead mode holds a row per (evaluator's fingerprint, image). A batch is
written in one transaction: a kill loses that batch and nothing else, and processes may share the file.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import platformdirs

from medbench.core import MedbenchError
from medbench.views import Views

if TYPE_CHECKING:
    from medbench.metrics.evaluators.evaluator import Evaluator

Columns = dict[str, np.ndarray]
_ASKED_AT_ONCE = 500
_BATCH = 32


def default_folder() -> Path:
    """``$MEDBENCH_CACHE``, or the user's cache folder of this machine."""
    given = os.environ.get("MEDBENCH_CACHE")
    return Path(given) if given else platformdirs.user_cache_path("medbench")


class Cache:
    """Columns by (fingerprint, key). Safe for several processes; one object belongs to one thread."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open or create ``folder/seen.sqlite3``; by default in ``seen`` of :func:`default_folder`.

        Raises:
            MedbenchError: the file is damaged or cannot be written.
        """
        self.path = (folder or default_folder() / "seen") / "seen.sqlite3"
        with self._clear_errors():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self.path, timeout=60, isolation_level=None)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=NORMAL")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS seen (fingerprint TEXT, key BLOB, columns BLOB,"
                " PRIMARY KEY (fingerprint, key)) WITHOUT ROWID"
            )

    def get(self, fingerprint: str, keys: Sequence[bytes]) -> dict[bytes, Columns]:
        """Return the known keys' columns: each an array without the batch axis."""
        found = {}
        with self._clear_errors():
            for start in range(0, len(keys), _ASKED_AT_ONCE):
                part = list(keys[start : start + _ASKED_AT_ONCE])
                marks = ",".join("?" * len(part))
                rows = self._database.execute(
                    f"SELECT key, columns FROM seen WHERE fingerprint = ? AND key IN ({marks})",
                    (fingerprint, *part),
                )
                found.update({key: _unpack(columns) for key, columns in rows})
        return found

    def put(self, fingerprint: str, rows: Mapping[bytes, Columns]) -> None:
        """Keep the columns of some keys, all or none of them."""
        packed = [(fingerprint, key, _pack(columns)) for key, columns in rows.items()]
        with self._clear_errors():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                self._database.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", packed)
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def __len__(self) -> int:
        """Rows of all evaluators."""
        return int(self._database.execute("SELECT COUNT(*) FROM seen").fetchone()[0])

    def clear(self) -> None:
        """Forget everything and give the space back."""
        with self._clear_errors():
            self._database.execute("DELETE FROM seen")
            self._database.execute("VACUUM")

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise MedbenchError(
                f"{self.path}: the cache cannot be used ({error}); delete this file (only time is lost), "
                "or name another folder in MEDBENCH_CACHE"
            ) from error


def key_of(image: np.ndarray, box: np.ndarray | None = None) -> bytes:
    """Return the sha256 of a uint8 image (H, W, 3), its shape, and its box (4,) where there is one."""
    return Views([image]).keys(None if box is None else box[None])[0]


def look(
    evaluator: Evaluator,
    images: Views | Sequence[np.ndarray] | np.ndarray,
    boxes: np.ndarray | None = None,
    cache: Cache | None = None,
    batch: int = _BATCH,
) -> Columns:
    """Let a loaded evaluator look at images; what the cache knows is not looked at again.

    Args:
        evaluator: its ``load`` was called.
        images: N images uint8 RGB (H, W, 3), of any sizes; those of one size go together. Views
            of them where several evaluators look.
        boxes: (N, 4) face boxes of the originals, for evaluators that need them.
        cache: where to ask and to keep; None looks at everything.
        batch: most images per look.

    Returns:
        The evaluator's columns, first axis N, in the order of ``images``.
    """
    views = images if isinstance(images, Views) else Views(images)
    fingerprint = evaluator.fingerprint() if cache is not None else ""
    wanted = boxes if evaluator.needs_boxes else None
    keys = views.keys(wanted)
    known = cache.get(fingerprint, keys) if cache is not None else {}
    groups: dict[tuple[int, ...], dict[bytes, int]] = defaultdict(dict)
    for row, key in enumerate(keys):
        if key not in known:
            groups[views.images[row].shape][key] = row
    for group in groups.values():
        missing = list(group.items())
        for start in range(0, len(missing), batch):
            part = missing[start : start + batch]
            rows = [row for _, row in part]
            columns = evaluator.look(views.pixels(rows), None if wanted is None else wanted[rows])
            fresh = {key: {n: c[i] for n, c in columns.items()} for i, (key, _) in enumerate(part)}
            if cache is not None:
                cache.put(fingerprint, fresh)
            known.update(fresh)
    if not keys:
        return {name: np.empty(0) for name in evaluator.produces}
    return {name: np.stack([known[key][name] for key in keys]) for name in evaluator.produces}


def _pack(columns: Columns) -> bytes:
    arrays = {name: np.ascontiguousarray(array) for name, array in columns.items()}
    head = json.dumps([(name, a.dtype.str, np.shape(columns[name])) for name, a in arrays.items()]).encode()
    return len(head).to_bytes(4, "little") + head + b"".join(a.tobytes() for a in arrays.values())


def _unpack(data: bytes) -> Columns:
    at = 4 + int.from_bytes(data[:4], "little")
    columns = {}
    for name, kind, shape in json.loads(data[4:at]):
        count = int(np.prod(shape, dtype=int))
        columns[name] = np.frombuffer(data, kind, count, at).reshape(shape)
        at += columns[name].nbytes
    return columns
