"""A run's folder: <out>/<suite>@<hash>/<method>@<hash>/, named by all that its figures depend on."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from medbench.atomic import clear_disk_errors, write_text
from medbench.core import MedbenchError
from medbench.digest import digest

Resume = Literal["only-missing", "always", "never"]
RESUME: tuple[Resume, ...] = ("only-missing", "always", "never")


@dataclass(frozen=True)
class RunFolder:
    """Paths of one run. ``spec`` holds what was asked and what that resolved to."""

    path: Path
    spec: Mapping[str, Any]

    @classmethod
    def of(cls, out: Path, suite: Mapping[str, Any], method: Mapping[str, Any]) -> RunFolder:
        """Name the folder by ``suite`` and ``method``, each with ``name`` and what decides its figures."""
        names = [f"{plain_name(part['name'])}@{digest(part, 10)}" for part in (suite, method)]
        return cls(out / names[0] / names[1], {"suite": dict(suite), "method": dict(method)})

    @property
    def result(self) -> Path:
        """result.json."""
        return self.path / "result.json"

    @property
    def samples(self) -> Path:
        """samples.parquet."""
        return self.path / "samples.parquet"

    @property
    def quarantine(self) -> Path:
        """quarantine.csv: local, names files."""
        return self.path / "quarantine.csv"

    def shard(self, number: int) -> Path:
        """The file of shard ``number``."""
        return self.path / "shards" / f"{number:05d}.npz"

    @contextmanager
    def open(self, resume: Resume) -> Iterator[None]:
        """Make the folder ready and hold it: one run at a time.

        ``only-missing`` keeps finished shards, ``always`` starts over, ``never`` wants no folder.

        Raises:
            MedbenchError: the folder is there (``never``), or another run is at work in it.

        """
        if resume == "never" and self.path.exists():
            raise MedbenchError(
                f"{self.path} exists and --resume never was given; "
                "give --resume only-missing to use it or --resume always to start over"
            )
        with clear_disk_errors(self.path / "lock"):
            self.path.mkdir(parents=True, exist_ok=True)
        with _held(self.path):
            if resume == "always":
                shutil.rmtree(self.path / "shards", ignore_errors=True)
                for file in (self.result, self.samples, self.quarantine):
                    file.unlink(missing_ok=True)
            for draft in (*self.path.glob(".*.json.*"), *self.path.glob("shards/.*")):
                draft.unlink()
            write_text(self.path / "spec.json", json.dumps(self.spec, indent=1, sort_keys=True) + "\n")
            yield


def plain_name(name: str) -> str:
    """A name for a file or a folder: letters, digits and -_. alone."""
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip("-.") or "unnamed"


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Lock the folder; the system lets go when the process ends, however it ends."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise MedbenchError(
            f"another medbench is at work in {folder}; wait for it or give another --out"
        ) from None
    try:
        yield
    finally:
        os.close(handle)
