"""What works here, and what each missing piece needs."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from medbench.catalogue import catalogue
from medbench.core import MedbenchError
from medbench.environment import version_of
from medbench.registry import Registry

State = Literal["ok", "missing", "broken"]
FREE_GB = 2.0
#: The room of evaluators that are never taken without ``--evaluator NAME``.
ON_REQUEST = "evaluators on request"


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``needed``: the main job does not run without it."""

    room: str
    name: str
    state: State
    detail: str
    needed: bool = False


def examine() -> Iterator[Finding]:
    """Look at Python, packages, folders, evaluators, methods and suites, one after the other."""
    yield Finding("system", "python", "ok", f"{platform.python_version()} ({sys.platform})", needed=True)
    yield _torch()
    yield from _folders()
    automatic, asked_for = _evaluators()
    for name in automatic:
        yield _attempt("evaluators", name, _evaluator, needed=name == "identity_dlib")
    for name in asked_for:
        yield _attempt(ON_REQUEST, name, _evaluator, needed=False)
    for kind, load, needed in (("methods", _method, "untouched"), ("suites", _suite, "mema-mini")):
        for name in Registry(kind).names():
            yield _attempt(kind, name, load, needed=name == needed)


def _torch() -> Finding:
    version = version_of("torch")
    if version is None:
        return Finding("system", "torch", "missing", "pip install torch", needed=True)
    import torch

    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU; --device cpu is used"
    return Finding("system", "torch", "ok", f"{version}, {gpu}", needed=True)


def _folders() -> Iterator[Finding]:
    from medbench.cache import default_folder
    from medbench.suites.whereabouts import config_file

    for name, folder in (("cache", default_folder()), ("configuration", config_file().parent)):
        there = next(parent for parent in (folder, *folder.parents) if parent.exists())
        free = shutil.disk_usage(there).free / 1e9
        writable = _writable(there)
        fine = writable and (free > FREE_GB or name != "cache")
        detail = f"{folder} ({free:.0f} GB free)"
        if not writable:
            detail += "; cannot be written: name another folder in MEDBENCH_CACHE or MEDBENCH_CONFIG"
        elif not fine:
            detail += f"; less than {FREE_GB:.0f} GB: free some or name another folder in MEDBENCH_CACHE"
        yield Finding("system", name, "ok" if fine else "broken", detail, needed=True)


def _writable(folder: Path) -> bool:
    import os

    return os.access(folder, os.W_OK)


def _attempt(kind: str, name: str, load: Callable[[str], str], needed: bool) -> Finding:
    try:
        return Finding(kind, name, "ok", load(name), needed)
    except MedbenchError as error:
        return Finding(kind, name, "missing", str(error), needed)
    except Exception as error:
        return Finding(kind, name, "broken", f"{type(error).__name__}: {error}", needed)


def _evaluators() -> tuple[list[str], list[str]]:
    """Names of the automatic evaluators, and of those that must be asked for."""
    rows = catalogue("evaluators")
    asked_for = [row["name"] for row in rows if not row.get("automatic", True)]
    return [row["name"] for row in rows if row["name"] not in asked_for], asked_for


def _evaluator(name: str) -> str:
    evaluator = Registry("evaluators").get(name)()
    evaluator.load("cpu")
    return ", ".join(evaluator.produces)


def _method(name: str) -> str:
    method = Registry("methods").get(name)()
    method.load("cpu", None)
    return method.card.title


def _suite(name: str) -> str:
    suite = Registry("suites").get(name)()
    return ", ".join(suite.card.splits)
