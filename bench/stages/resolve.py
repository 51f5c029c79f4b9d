"""Names to things: the suite, the methods and the metrics that a request asks for."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medbench.core import MedbenchError, NoSuchName
from medbench.digest import source_digest
from medbench.registry import Registry

if TYPE_CHECKING:
    from medbench.methods.method import Method
    from medbench.metrics.metric import Metric
    from medbench.suites.suite import Suite


#: A method given as a file of this kind is a command's card.
CARD_SUFFIXES = (".yaml", ".yml")
#: A method whose name begins so is a repository that ``medbench upstream add`` noted.
UPSTREAM = "upstream:"


def suite_of(name: str) -> Suite:
    """A registered suite, or any folder of photographs.

    Raises:
        MedbenchError: neither; or the suite's data are missing (Unavailable says how to get them).

    """
    registry = Registry("suites")
    if name not in registry.targets() and (Path(name).expanduser().is_dir() or _looks_like_path(name)):
        from medbench.suites.folder import FolderSuite

        return FolderSuite.open(Path(name).expanduser())
    found = registry.get(name)
    return found() if callable(found) else found


def _looks_like_path(name: str) -> bool:
    return "/" in name or "\\" in name or name.startswith(("~", "."))


@dataclass(frozen=True)
class MethodChoice:
    """A method as asked for: a name, ``file.py:Class`` or ``card.yaml``; a preset where one was given."""

    name: str
    preset: str | None

    @classmethod
    def parse(cls, text: str, preset: str | None) -> MethodChoice:
        """``name``, ``name:preset``, ``file.py:Class``, ``upstream:name``; ``preset`` where there is none."""
        if ".py:" in text or text.startswith(UPSTREAM):
            return cls(text, preset)
        name, _, own = text.partition(":")
        return cls(name, own or preset)


def method_names(asked: Sequence[str]) -> list[str]:
    """Split at commas, and put every registered method for ``all``; doubles count once."""
    names = [name.strip() for text in asked for name in text.split(",") if name.strip()]
    registered = Registry("methods").names()
    spread = [one for name in names for one in (registered if name == "all" else [name])]
    return list(dict.fromkeys(spread))


def method_of(choice: MethodChoice, device: str) -> tuple[Method, str]:
    """Load a method, ready on ``device``; returns it with the name of its preset.

    Raises:
        MedbenchError: no such method or preset; Unavailable where its weights are missing.

    """
    method = method_named(choice.name)
    card = method.card
    preset = choice.preset or card.default_preset
    if preset not in card.presets:
        raise NoSuchName(
            f"{card.name} has no preset {preset!r}; it has {', '.join(card.presets)}: "
            f"--method {card.name}:{card.default_preset}"
        )
    method.load(device, preset)
    return method, preset


def method_named(name: str) -> Method:
    """A method that is not loaded yet: registered, ``file.py:Class``, ``card.yaml`` or ``upstream:name``."""
    if name.startswith(UPSTREAM):
        from medbench.methods.upstream.method import UpstreamMethod
        from medbench.methods.upstream.registration import registered

        return UpstreamMethod(registered(name.removeprefix(UPSTREAM)))
    if name.endswith(CARD_SUFFIXES):
        from medbench.methods.upstream.card import read_card
        from medbench.methods.upstream.command import CommandMethod

        return CommandMethod(read_card(Path(name).expanduser()))
    kind: Any = Registry("methods").get(name)
    return kind() if isinstance(kind, type) else kind


def method_code(method: Method) -> str:
    """sha256 of the method's source."""
    return source_digest(type(method))


def metrics_of(chosen: Sequence[str]) -> list[type[Metric]]:
    """All metrics, or those chosen by their own name or by the name of their file.

    Raises:
        MedbenchError: one is unknown; near names are listed.

    """
    registry = Registry("metrics")
    by_file = {name: tuple(_kinds(registry.get(name))) for name in registry.names()}
    every = {kind.name: kind for kinds in by_file.values() for kind in kinds}
    if not chosen:
        return list(every.values())
    picked: dict[str, type[Metric]] = {}
    for name in (part.strip() for text in chosen for part in text.split(",") if part.strip()):
        kinds = (every[name],) if name in every else by_file.get(name)
        if kinds is None:
            near = difflib.get_close_matches(name, [*every, *by_file], n=3)
            hint = f"did you mean {', '.join(near)}?" if near else "see medbench list metrics"
            raise MedbenchError(f"no metric is called {name!r}; {hint}")
        picked |= {kind.name: kind for kind in kinds}
    return list(picked.values())


def _kinds(found: Any) -> Sequence[type[Metric]]:
    return found if isinstance(found, list | tuple) else (found,)
