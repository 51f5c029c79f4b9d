"""What the site is built from: results by suite, with the attacks on them where there are any."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from medbench.core import MedbenchError
from medbench.leaderboards.site.attacks import Attacks, Key, attack_files, key_of, read_attacks
from medbench.reports.board import DRAWN, label
from medbench.reports.headlines import ANCHORS
from medbench.result import EstimateRow, Result

#: The figure that says what is kept.
KEPT = ("diagnosis_accuracy", "all")


@dataclass(frozen=True)
class Entry:
    """One method on one suite. ``slug`` names its page and is the only one of its kind."""

    slug: str
    title: str
    result: Result
    attacks: Attacks

    @property
    def anchor(self) -> bool:
        """Is it a reference point rather than a method?"""
        return self.result.method.backend == "anchor" or self.result.method.name in ANCHORS

    def figure(self, metric: str, group: str = "all") -> EstimateRow | None:
        """A figure of the run or of the attacks on it, failed samples left out; None if not measured."""
        rows = (*self.result.estimates, *self.attacks.estimates)
        found = (r for r in rows if (r.metric, r.group, r.reading) == (metric, group, "excluded"))
        return next((row for row in found if row.value == row.value), None)


@dataclass(frozen=True)
class Board:
    """Results that may stand in one table: same suite, split, data and selection."""

    slug: str
    entries: tuple[Entry, ...]

    @property
    def suite(self) -> str:
        """The suite's name."""
        return self.entries[0].result.suite.name

    @property
    def kind(self) -> str:
        """``drawn``, ``generated`` or ``real``: what the pictures are."""
        suite = self.entries[0].result.suite
        return "drawn" if suite.name in DRAWN else "generated" if suite.synthetic else "real"


def read_boards(folder: Path) -> list[Board]:
    """Read every result below ``folder``, suites by name, methods by what they keep.

    Raises:
        MedbenchError: there is none, or a file is no result.

    """
    files = result_files(folder)
    if not files:
        raise MedbenchError(f"{folder}: no result is here; `medbench submit RUN --out {folder}` puts one")
    groups: dict[tuple[str, ...], list[tuple[Path, Result]]] = {}
    for file in files:
        result = Result.read(file)
        suite = result.suite
        key = (suite.name, suite.split, suite.version, suite.fingerprint, suite.selection)
        groups.setdefault(key, []).append((file, result))
    # The whole split before a part of it.
    keys = sorted(groups, key=lambda key: (*key[:3], -groups[key][0][1].suite.n, *key[3:]))
    attacks = read_attacks(folder)
    slugs = unique([f"{key[0]}-{key[1]}" for key in keys])
    return [Board(slug, _entries(groups[key], attacks)) for slug, key in zip(slugs, keys, strict=True)]


def read_entry(file: Path) -> Entry:
    """One result alone, with the attacks beside it.

    Raises:
        MedbenchError: it is no result.

    """
    return _entries([(file, Result.read(file))], read_attacks(file.parent))[0]


def result_files(folder: Path) -> list[Path]:
    """Results as they are committed, <suite>/<method>.json, and those in folders of runs."""
    found = {*folder.glob("*/*.json"), *folder.rglob("result.json")}
    return sorted(found - set(attack_files(folder)))


def slug_of(text: str) -> str:
    """A name for a file and a link: letters, digits, hyphens; a hash where something was lost."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]
    mark = hashlib.sha256(text.encode()).hexdigest()[:6]
    lost = re.sub(r"[^a-z0-9]+", "-", text) != plain
    return f"{plain}-{mark}".strip("-") if lost else plain


def unique(texts: Sequence[str]) -> list[str]:
    """Slugs of texts; a second one of a kind gets a number."""
    found: list[str] = []
    for text in texts:
        slug, number = slug_of(text), 2
        while slug in found:
            slug, number = f"{slug_of(text)}-{number}", number + 1
        found.append(slug)
    return found


def _entries(found: Sequence[tuple[Path, Result]], attacks: Mapping[Key, Attacks]) -> tuple[Entry, ...]:
    ordered = sorted(found, key=_order)
    names = [f"{r.suite.name}-{r.suite.split}-{_name(r)}" for _, r in ordered]
    return tuple(
        Entry(slug, label(result), result, attacks.get(key_of(result.suite, result.method), Attacks()))
        for slug, (_, result) in zip(unique(names), ordered, strict=True)
    )


def _order(one: tuple[Path, Result]) -> tuple[float, str, str, str]:
    """What keeps most stands first; then by name."""
    file, result = one
    row = result.estimate(*KEPT)
    kept = row.value if row and row.value == row.value else -1.0
    return -kept, result.method.name, result.method.preset, str(file)


def _name(result: Result) -> str:
    method = result.method
    usual = method.preset in ("", "default", method.card.get("default_preset"))
    return method.name if usual else f"{method.name}-{method.preset}"
