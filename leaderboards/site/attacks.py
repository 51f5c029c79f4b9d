"""Figures of the attackers that learn: every attacks.json below the results, matched to its result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medbench.result import EstimateRow

if TYPE_CHECKING:
    from medbench.attacks.report import AttackResult
    from medbench.result import MethodInfo, SuiteInfo

#: Whose attack: suite, split, version, data; method, backend, preset, weights.
Key = tuple[str, ...]
VIEWS = {"face": "shown the inside of the face", "picture": "shown the whole picture"}


@dataclass(frozen=True)
class Attacks:
    """What attacks on one result came to; ``told`` says on what terms."""

    estimates: tuple[EstimateRow, ...] = ()
    told: str = ""


def key_of(suite: SuiteInfo, method: MethodInfo) -> Key:
    """What an attack and a result must share, weights included: an attack on older ones says nothing."""
    data = (suite.name, suite.split, suite.version, suite.fingerprint)
    return *data, method.name, method.backend, method.preset, method.fingerprint


def read_attacks(folder: Path) -> dict[Key, Attacks]:
    """Every ``attacks.json``, ``*.attacks.json`` and ``attacks/*.json`` below ``folder``.

    Of several on one method the one with the inside of the face counts, then the one of most images.

    Raises:
        MedbenchError: a file is no attack of this version.

    """
    files = attack_files(folder)
    if not files:
        return {}
    from medbench.attacks.report import AttackResult

    found: dict[Key, AttackResult] = {}
    for file in files:
        one = AttackResult.read(file)
        key = key_of(one.suite, one.method)
        if key not in found or _weight(one) > _weight(found[key]):
            found[key] = one
    return {key: Attacks(tuple(one.estimates), _told(one)) for key, one in found.items()}


def attack_files(folder: Path) -> list[Path]:
    """Where attacks lie below a folder."""
    patterns = ("attacks.json", "*.attacks.json", "attacks/*.json")
    return sorted({file for pattern in patterns for file in folder.rglob(pattern)})


def _weight(one: AttackResult) -> tuple[bool, int, str]:
    return one.attack.view == "face", one.counts.n_scored, one.created


def _told(one: AttackResult) -> str:
    view = VIEWS.get(one.attack.view, one.attack.view)
    counts, attack = one.counts, one.attack
    return (
        f"{counts.n_scored} images of {counts.n_subjects} subjects, {view}; "
        f"the attacker holds {attack.n_pairs} pairs of {attack.n_subjects} others"
    )
