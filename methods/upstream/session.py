"""One call of a wrapper: its job in a file, the repository as its folder, what it says in a log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from medbench.cache import default_folder
from medbench.core import MedbenchError, Unavailable
from medbench.methods.upstream.adapter import Adapter
from medbench.methods.upstream.process import run_program
from medbench.methods.upstream.registration import Registration

_LONGEST_LOG = 1_000_000


def run_wrapper(
    adapter: Adapter, registration: Registration, job: Mapping[str, Any], room: Path, device: str
) -> None:
    """Run the adapter's wrapper with a job.

    Args:
        adapter: whose wrapper.
        registration: repository, interpreter, weights.
        job: mode, pictures and more, as wrappers/kit.py reads it.
        room: an empty folder for this call, which the caller removes.
        device: ``cpu`` hides every GPU.

    Raises:
        Unavailable: it ended before the first picture's turn, so that no picture can go through.
        MedbenchError: it failed later, or took too long.

    """
    started = room / "started"
    whole = {
        "repo": str(registration.repo),
        "weights": {name: str(file.path) for name, file in registration.weights.items()},
        "vouched": list(registration.vouched),
        "started": str(started),
        **job,
    }
    file, log = room / "job.json", room / "log.txt"
    file.touch(0o600)
    file.write_text(json.dumps(whole), encoding="utf-8")
    environment = {"PYTHONDONTWRITEBYTECODE": "1", "HOME": str(room), "MPLCONFIGDIR": str(room)}
    if device == "cpu":
        environment["CUDA_VISIBLE_DEVICES"] = ""
    words = [str(registration.python), str(adapter.wrapper), str(file)]
    try:
        run_program(words, registration.repo, log, registration.time_limit, environment)
    except MedbenchError as error:
        if started.exists():
            raise
        raise Unavailable(f"{error}; all that it said is in {log_file(registration.name)}") from None
    finally:
        _keep(log, registration.name)


def log_file(name: str) -> Path:
    """Where what a repository's programs said is kept."""
    return default_folder() / "upstream" / f"{name}.log"


def _keep(log: Path, name: str) -> None:
    kept = log_file(name)
    kept.parent.mkdir(parents=True, exist_ok=True)
    said = log.read_bytes() if log.is_file() else b""
    before = kept.read_bytes() if kept.is_file() else b""
    kept.write_bytes((before + said)[-_LONGEST_LOG:])
