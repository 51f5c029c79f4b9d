"""The official weight files that the user brought, and the lock file that says which they were."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from medbench.atomic import write_text
from medbench.core import MedbenchError
from medbench.weights.weight_file import WeightFile


def store_folder() -> Path:
    """``weights`` in ``$MEDBENCH_CACHE``, or in the user's cache folder."""
    from medbench.cache import default_folder

    return default_folder() / "weights"


def place_of(item: WeightFile) -> Path:
    """Where the official file lies, or would."""
    return store_folder() / item.name / item.file


def lock_file() -> Path:
    """Which sha256 the files had when they were brought."""
    return store_folder() / "lock.json"


def recorded(name: str) -> str:
    """The sha256 of a file when it was brought; '' where it never was.

    Raises:
        MedbenchError: the lock file is damaged.
    """
    return str(_lock().get(name, {}).get("sha256", ""))


def record(name: str, sha256: str, origin: str) -> None:
    """Trust this file from now on: another one is refused."""
    now = datetime.now(UTC).date().isoformat()
    lock = {**_lock(), name: {"sha256": sha256, "from": origin, "added": now}}
    write_text(lock_file(), json.dumps(lock, indent=1, sort_keys=True))


def _lock() -> dict[str, Any]:
    file = lock_file()
    if not file.is_file():
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise MedbenchError(f"{file} is damaged; delete it, then add or fetch your weight files again")
    return found
