"""What there is, in a line each, without importing any of it: cards are read, metrics' sources parsed."""

from __future__ import annotations

import ast
import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from medbench.registry import KINDS, Registry

#: What a listing tells of each kind, besides the name.
TOLD = {
    "methods": ("backend", "presets", "title"),
    "metrics": ("task", "direction", "unit", "title"),
    "suites": ("version", "title"),
    "evaluators": ("produces", "automatic", "licence"),
}


def catalogue(kind: str) -> list[dict[str, Any]]:
    """One dict per registered thing of a kind: ``name``, what TOLD lists, and ``from`` (its target).

    Things of other packages that cannot be read without importing them have their name alone.
    """
    assert kind in KINDS
    targets = Registry(kind).targets()
    described = _cards(kind) if kind in ("methods", "suites") else _sources(targets)
    rows = {row["name"]: row for row in described if row["name"] in targets or kind == "metrics"}
    for name, target in targets.items():
        if kind != "metrics" or not target.startswith("medbench."):
            rows.setdefault(name, {"name": name, "from": target})
    return [{"name": name, **_told(kind, rows[name])} for name in sorted(rows)]


def _told(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in (*TOLD[kind], "from") if key in row}


def _cards(kind: str) -> list[dict[str, Any]]:
    room, pattern = (
        ("medbench.methods", "*/card*.yaml") if kind == "methods" else ("medbench.data_cards", "*.yaml")
    )
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    cards = [
        yaml.load(file.read_text(encoding="utf-8"), loader) for file in sorted(_folder(room).glob(pattern))
    ]
    return [{**card, "from": card["entry"]} for card in cards]


def _sources(targets: dict[str, str]) -> list[dict[str, Any]]:
    """Constant attributes of the classes that have a ``name`` of their own in a target's module."""
    found: list[dict[str, Any]] = []
    for target in targets.values():
        module = target.partition(":")[0]
        if module.startswith("medbench."):
            facts = [(own, all_) for own, all_ in _classes(module).values() if "name" in own]
            found += [{**all_, "from": module} for _, all_ in facts]
    return found


@cache
def _classes(module: str) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Each class's own constant attributes, and all of them: bases count, in this file or another of ours."""
    package, _, stem = module.rpartition(".")
    file = _folder(package) / f"{stem}.py"
    if not file.is_file():
        return {}
    body = ast.parse(file.read_text(encoding="utf-8")).body
    imported = _imported(body)
    known = _known(body)
    found: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    for node in body:
        if isinstance(node, ast.ClassDef):
            inherited: dict[str, Any] = {}
            for base in (base.id for base in node.bases if isinstance(base, ast.Name)):
                elsewhere = _classes(imported[base]) if base in imported else found
                inherited |= elsewhere.get(base, ({}, {}))[1]
            own = _constants(node.body, known)
            found[node.name] = (own, inherited | own)
    return found


def _imported(body: list[ast.stmt]) -> dict[str, str]:
    """Names that a file takes from other files of ours -> their module."""
    found: dict[str, str] = {}
    for node in body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("medbench."):
            found |= dict.fromkeys((alias.asname or alias.name for alias in node.names), str(node.module))
    return found


def _known(body: list[ast.stmt]) -> dict[str, Any]:
    """Constants that a file's classes may name: its own, and those of other files of ours."""
    found: dict[str, Any] = {}
    for name, module in _imported(body).items():
        package, _, stem = module.rpartition(".")
        file = _folder(package) / f"{stem}.py"
        if name.isupper() and file.is_file():
            theirs = _constants(ast.parse(file.read_text(encoding="utf-8")).body, {})
            found |= {name: theirs[name]} if name in theirs else {}
    return found | _constants(body, found)


def _constants(body: list[ast.stmt], known: dict[str, Any]) -> dict[str, Any]:
    """Names that are set to constants, or to tuples of constants and of ``known`` names."""
    values: dict[str, Any] = {}
    for line in body:
        if isinstance(line, ast.Assign):
            target, value = line.targets[0], line.value
        elif isinstance(line, ast.AnnAssign) and line.value is not None:
            target, value = line.target, line.value
        else:
            continue
        if isinstance(target, ast.Name):
            try:
                values[target.id] = _value(value, known | values)
            except (ValueError, KeyError):
                continue
    return values


def _value(node: ast.expr, known: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return known[node.id]
    if isinstance(node, ast.Tuple):
        return tuple(_value(one, known) for one in node.elts)
    return ast.literal_eval(node)


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations)))
