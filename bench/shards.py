"""One shard on disk: columns by role, what failed and why, seconds. Numbers only, never pixels."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from medbench.atomic import replacing
from medbench.memory import largest
from medbench.quarantine import Quarantined

Columns = dict[str, np.ndarray]
WRONG_KEY_COLUMNS = ("attempt", "distance", "psnr", "psnr_right")


@dataclass
class Shard:
    """What became of a few samples, row for row; quarantined ones have no row.

    ``failures`` maps the id of a failed sample to its reason, ``restore_failures`` that of one
    which was protected and could not be restored. ``wrong_keys`` holds the columns
    ``row`` (into ``ids``) and WRONG_KEY_COLUMNS. ``seconds`` is the time of each phase, ``memory``
    what PeakMemory told once it was filled.
    """

    ids: tuple[str, ...]
    roles: dict[str, Columns] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    restore_failures: dict[str, str] = field(default_factory=dict)
    quarantined: tuple[Quarantined, ...] = ()
    wrong_keys: Columns = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write as one npz, atomically."""
        head = {
            "ids": self.ids,
            "failures": self.failures,
            "restore_failures": self.restore_failures,
            "quarantined": [asdict(row) for row in self.quarantined],
            "seconds": self.seconds,
            "memory": self.memory,
        }
        arrays = {f"role/{r}/{c}": values for r, cols in self.roles.items() for c, values in cols.items()}
        arrays |= {f"wrong/{name}": values for name, values in self.wrong_keys.items()}
        with replacing(path) as draft, draft.open("wb") as file:
            np.savez(file, allow_pickle=False, head=np.array(json.dumps(head)), **arrays)

    @classmethod
    def read(cls, path: Path) -> Shard:
        """Read a finished shard."""
        with np.load(path, allow_pickle=False) as archive:
            head = json.loads(str(archive["head"]))
            shard = cls(
                tuple(head["ids"]),
                failures=head["failures"],
                restore_failures=head["restore_failures"],
                quarantined=tuple(Quarantined(**row) for row in head["quarantined"]),
                seconds=head["seconds"],
                memory=head.get("memory", {}),
            )
            for name in archive.files:
                kind, _, rest = name.partition("/")
                if kind == "role":
                    role, _, column = rest.partition("/")
                    shard.roles.setdefault(role, {})[column] = archive[name]
                elif kind == "wrong":
                    shard.wrong_keys[rest] = archive[name]
        return shard


def assemble(parts: Sequence[tuple[np.ndarray, Mapping[str, np.ndarray]]], rows: int) -> Columns:
    """Lay parts (row numbers, columns) into arrays of ``rows``; NaN (False for bool) where none lies."""
    found: Columns = {}
    for where, columns in parts:
        for name, values in columns.items():
            if name not in found:
                dtype = values.dtype if values.dtype.kind in "bf" else np.dtype(np.float64)
                empty = False if dtype.kind == "b" else np.nan
                found[name] = np.full((rows, *values.shape[1:]), empty, dtype=dtype)
            found[name][where] = values
    return found


def merge(shards: Sequence[Shard]) -> Shard:
    """Join shards in order: rows, failures, quarantine; seconds are added, the largest memory counts."""
    starts = np.cumsum([0, *(len(shard.ids) for shard in shards)])
    where = [np.arange(start, start + len(s.ids)) for start, s in zip(starts, shards, strict=False)]
    roles = sorted({role for shard in shards for role in shard.roles})
    joined = Shard(tuple(i for shard in shards for i in shard.ids))
    for role in roles:
        parts = [(w, s.roles.get(role, {})) for w, s in zip(where, shards, strict=True)]
        joined.roles[role] = assemble(parts, len(joined.ids))
    wrong = [(start, s.wrong_keys) for start, s in zip(starts, shards, strict=False) if s.wrong_keys]
    if wrong:
        joined.wrong_keys = {
            name: np.concatenate([cols[name] + (start if name == "row" else 0) for start, cols in wrong])
            for name in ("row", *WRONG_KEY_COLUMNS)
        }
    joined.memory = largest([shard.memory for shard in shards])
    for shard in shards:
        joined.failures |= shard.failures
        joined.restore_failures |= shard.restore_failures
        joined.quarantined += shard.quarantined
        for phase, seconds in shard.seconds.items():
            joined.seconds[phase] = joined.seconds.get(phase, 0.0) + seconds
    return joined
