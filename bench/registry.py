"""Lazy registries: a name maps to "module:attr", imported on first use.

Ours are found by folder, so that adding one edits nothing: methods and suites by their cards
(``entry:``), metrics and evaluators by their files. Third parties use entry points.
"""

from __future__ import annotations

import ast
import difflib
import importlib
import importlib.util
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import yaml

from medbench.core import MedbenchError, NoSuchName

KINDS = ("methods", "metrics", "suites", "evaluators")


class Registry:
    """Names of one kind: ours by folder, third parties' by entry point ``medbench.<kind>``."""

    def __init__(self, kind: str) -> None:
        if kind not in KINDS:
            raise ValueError(f"kind is one of {KINDS}, not {kind!r}")
        self.kind = kind
        self._targets: dict[str, str] | None = None

    def targets(self) -> dict[str, str]:
        """Map each registered name to its "module:attr"; nothing is imported."""
        if self._targets is None:
            found = _ours(self.kind)
            for point in entry_points(group=f"medbench.{self.kind}"):
                if found.get(point.name, point.value) != point.value:
                    raise MedbenchError(
                        f"two packages register the {self.kind[:-1]} {point.name!r}: "
                        f"{found[point.name]} and {point.value}; uninstall one"
                    )
                found[point.name] = point.value
            self._targets = found
        return self._targets

    def names(self) -> list[str]:
        """Registered names, sorted."""
        return sorted(self.targets())

    def get(self, name: str) -> Any:
        """Return the object behind ``name`` or behind ``path/to/file.py:Attr``."""
        if ".py:" in name:
            return _from_file(name)
        target = self.targets().get(name)
        if target is None:
            near = difflib.get_close_matches(name, self.names(), n=3)
            hint = f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(self.names())}"
            raise NoSuchName(f"no {self.kind[:-1]} is called {name!r}; {hint}")
        module, _, attr = target.partition(":")
        try:
            return getattr(importlib.import_module(module), attr)
        except (ImportError, AttributeError) as error:
            if module.partition(".")[0] == "medbench":
                raise
            raise MedbenchError(
                f"the {self.kind[:-1]} {name!r} ({target}) cannot be imported: {error}; "
                "install its package again, or uninstall it"
            ) from error


def _ours(kind: str) -> dict[str, str]:
    if kind in ("methods", "suites"):
        room = _folder("medbench.methods" if kind == "methods" else "medbench.data_cards")
        pattern = "*/card*.yaml" if kind == "methods" else "*.yaml"
        return dict(_entry(card) for card in sorted(room.glob(pattern)))
    room_name = "medbench.metrics" if kind == "metrics" else "medbench.metrics.evaluators"
    constant = "METRICS" if kind == "metrics" else "EVALUATOR"
    files = sorted(_folder(room_name).glob("*.py"))
    return {f.stem: f"{room_name}.{f.stem}:{constant}" for f in files if _defines(f, constant)}


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations)))


def _entry(card: Path) -> tuple[str, str]:
    head = yaml.load(card.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return head["name"], head["entry"]


def _defines(file: Path, constant: str) -> bool:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    targets = [t for node in tree.body if isinstance(node, ast.Assign) for t in node.targets]
    targets += [node.target for node in tree.body if isinstance(node, ast.AnnAssign)]
    return any(isinstance(t, ast.Name) and t.id == constant for t in targets)


def _from_file(spec: str) -> Any:
    path, _, attr = spec.rpartition(":")
    file = Path(path).resolve()
    if not file.is_file():
        raise MedbenchError(f"{path}: no such file; give --method path/to/adapter.py:ClassName")
    name = f"medbench_plugin_{file.stem}"
    module_spec = importlib.util.spec_from_file_location(name, file)
    assert module_spec is not None and module_spec.loader is not None
    module = importlib.util.module_from_spec(module_spec)
    sys.modules[name] = module
    try:
        module_spec.loader.exec_module(module)
    except Exception as error:
        raise MedbenchError(
            f"{path} cannot be imported: {type(error).__name__}: {error}; correct it"
        ) from error
    try:
        return getattr(module, attr)
    except AttributeError:
        raise MedbenchError(f"{path} defines no {attr!r}") from None
