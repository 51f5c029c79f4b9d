"""Weights as a repository's networks are initialised, in its own format: to try that everything runs."""

from __future__ import annotations

import tempfile
from pathlib import Path

from medbench.core import MedbenchError
from medbench.methods.upstream.adapters import adapter_named
from medbench.methods.upstream.adding import interpreter
from medbench.methods.upstream.checkout import check_repository
from medbench.methods.upstream.contents import note_random
from medbench.methods.upstream.registration import Registration
from medbench.methods.upstream.session import run_wrapper


def draw_weights(name: str, repo: Path, python: str, out: Path) -> list[Path]:
    """Write files for ``medbench upstream add`` and a note that they were drawn; returns them.

    Raises:
        MedbenchError: the repository or the interpreter will not do, or ``out`` is not empty.

    """
    adapter, repo = adapter_named(name), repo.expanduser().resolve()
    check_repository(adapter, repo, any_commit=True)
    if out.exists() and any(out.iterdir()):
        raise MedbenchError(f"{out} is not empty; give another --out")
    out.mkdir(parents=True, exist_ok=True)
    registration = Registration(
        name=name,
        repo=repo,
        commit="",
        source="",
        python=interpreter(python),
        weights={},
        random_weights=True,
        added="",
    )
    with tempfile.TemporaryDirectory(prefix="medbench-") as place:
        job = {"mode": "random", "out": str(out.resolve()), "pictures": [], "casts": {}}
        run_wrapper(adapter, registration, job, Path(place), "cpu")
    note_random(out)
    return sorted(file for file in out.iterdir() if not file.name.endswith(".json"))
