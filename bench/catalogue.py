"""What there is, in a line each, without importing any of it: cards are read, metrics' sources parsed."""

from __future__ import annotations

import ast
import importlib.util
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
    if kind == "evaluators":
        described = [{"automatic": True, **row} for row in described]
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
    """Constant class attributes of the classes that have a ``name``; bases in the same file count."""
    found: list[dict[str, Any]] = []
    for target in targets.values():
        module = target.partition(":")[0]
        if not module.startswith("medbench."):
            continue
        package, _, stem = module.rpartition(".")
        tree = ast.parse((_folder(package) / f"{stem}.py").read_text(encoding="utf-8"))
        classes: dict[str, dict[str, Any]] = {}
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                inherited = [classes.get(base.id, {}) for base in node.bases if isinstance(base, ast.Name)]
                classes[node.name] = {k: v for base in inherited for k, v in base.items()} | _constants(node)
        found += [{**facts, "from": module} for facts in classes.values() if "name" in facts]
    return found


def _constants(node: ast.ClassDef) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for line in node.body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            try:
                values[line.targets[0].id] = ast.literal_eval(line.value)
            except ValueError:
                continue
    return values


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations)))
