"""Add a repository: check its commit, files, weights and interpreter, and note what was found."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from medbench.core import MedbenchError
from medbench.methods.upstream.adapter import Adapter
from medbench.methods.upstream.adapters import adapter_named
from medbench.methods.upstream.casting import cast
from medbench.methods.upstream.checkout import check_repository
from medbench.methods.upstream.contents import drawn_at_random, source_hash, weights_file
from medbench.methods.upstream.interpreter import look_at
from medbench.methods.upstream.registration import Registration, WeightsFile


@dataclass(frozen=True)
class Wish:
    """What the user gave."""

    name: str
    repo: Path
    python: str
    weights: Mapping[str, Path]
    vouched: Collection[str] = ()
    any_commit: bool = False
    random_weights: bool = False
    time_limit: float = 600.0


def add(wish: Wish) -> Registration:
    """Check everything, in the order in which it is cheap, and note it for this user.

    Raises:
        MedbenchError: the first thing that is wrong, with its remedy.

    """
    adapter = adapter_named(wish.name)
    repo = wish.repo.expanduser().resolve()
    commit = check_repository(adapter, repo, wish.any_commit)
    _check_names(adapter, wish)
    python = interpreter(wish.python)
    environment = look_at(python, adapter.modules)
    weights = {name: weights_file(path) for name, path in wish.weights.items()}
    for need in adapter.needs:
        if need.faces and adapter.place and need.name in weights:
            cast(need, weights[need.name].path, adapter.place)
    registration = Registration(
        name=wish.name,
        repo=repo,
        commit=commit,
        source=source_hash(repo),
        python=python,
        weights=weights,
        vouched=tuple(sorted(wish.vouched)),
        environment=environment,
        random_weights=wish.random_weights or _random(adapter, weights),
        time_limit=wish.time_limit,
        added=datetime.now(UTC).date().isoformat(),
    )
    registration.write()
    return registration


def interpreter(given: str) -> Path:
    """The interpreter's file; a link is kept as it is, since an environment is known by its link."""
    found = shutil.which(str(Path(given).expanduser()))
    if found is None:
        raise MedbenchError(
            f"{given} is no program; give the Python of the repository's environment to --python"
        )
    return Path(found).absolute()


def _check_names(adapter: Adapter, wish: Wish) -> None:
    needs = {need.name: need for need in adapter.needs}
    unknown = sorted({*wish.weights, *wish.vouched} - needs.keys())
    if unknown:
        raise MedbenchError(f"{adapter.name} takes no {', '.join(unknown)}; it takes {', '.join(needs)}")
    wanting = [n for n in adapter.needs if n.name not in wish.weights and not n.optional]
    if wanting:
        lines = [
            f"\n  --weights {need.name}={'DIR' if _is_folder(need) else 'FILE'}   {need.what}"
            for need in wanting
        ]
        raise MedbenchError(f"{adapter.name} also needs{''.join(lines)}")
    for name, path in wish.weights.items():
        path = path.expanduser()
        folder = _is_folder(needs[name])
        if not (path.is_dir() if folder else path.is_file()):
            raise MedbenchError(
                f"{path} is no {'folder' if folder else 'file'}; {name} is {needs[name].what}"
            )
        if needs[name].code and name not in wish.vouched:
            raise MedbenchError(
                f"reading {path} runs code that it holds; if you trust its source, add --vouch {name}"
            )


def _is_folder(need: object) -> bool:
    return bool(getattr(need, "folder", False) or getattr(need, "faces", 0))


def _random(adapter: Adapter, weights: Mapping[str, WeightsFile]) -> bool:
    faces = {need.name for need in adapter.needs if need.faces}
    return any(drawn_at_random(file) for name, file in weights.items() if name not in faces)
