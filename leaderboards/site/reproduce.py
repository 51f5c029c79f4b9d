"""The one command that gives a result again."""

from __future__ import annotations

import shlex
from functools import cache

from medbench.core import MedbenchError
from medbench.result import Result


def command_of(result: Result) -> str:
    """``medbench run`` with what the result names: method, preset, suite, split, seed and limit."""
    method, suite = result.method, result.suite
    several = len(method.card.get("presets", ())) > 1
    name = f"{method.name}:{method.preset}" if several and method.preset else method.name
    words = ["medbench", "run", "--method", name, "--suite", suite.name, "--split", suite.split]
    if result.seed != "0":
        words += ["--seed", result.seed]
    whole = _whole(suite.name, suite.split)
    if whole is not None and suite.n < whole:
        words += ["--limit", str(suite.n)]
    return shlex.join(words)


@cache
def _whole(suite: str, split: str) -> int | None:
    """How many samples the split has; None where its data are not here."""
    from medbench.registry import Registry

    try:
        if suite not in Registry("suites").targets():
            return None
        found = Registry("suites").get(suite)
        return len((found() if callable(found) else found).index(split))
    except MedbenchError:
        return None
