"""Which attackers a method has to face, and why it is spared the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from medbench.attacks import attackers, key_attackers
from medbench.core import MedbenchError
from medbench.metrics.attacks.gradient_key import OpensByNumbers
from medbench.result import Skipped

if TYPE_CHECKING:
    from medbench.attacks.scene import Scene
    from medbench.core import Estimate
    from medbench.methods.method import Method

    Attacker = Callable[[Scene], list[Estimate]]

KEYLESS: Mapping[str, Attacker] = {
    "naive": attackers.naive,
    "parrot": attackers.parrot,
    "informed": attackers.informed,
    "reconstructing": attackers.reconstructing,
}
#: Attackers on the key: the first need a keyed method, the second one that a key opens again.
ON_KEYED: Mapping[str, Attacker] = {
    "same_key": key_attackers.same_key,
    "leaked_pairs": key_attackers.leaked_pairs,
}
ON_REVERSIBLE: Mapping[str, Attacker] = {
    "wrong_key": key_attackers.wrong_key,
    "guessed_keys": key_attackers.guessed_keys,
    "universal_key": key_attackers.universal_key,
    "right_key": key_attackers.right_key,
}
ON_GRADIENT: Mapping[str, Attacker] = {"gradient_key": key_attackers.gradient_key}


def line_up(asked: tuple[str, ...], method: Method) -> tuple[dict[str, Attacker], list[Skipped]]:
    """The attackers that can be tried, and for each of the others the reason why not."""
    chosen = {name: attacker for name, attacker in KEYLESS.items() if name in asked}
    spared: list[Skipped] = []
    if "keys" in asked:
        for group in (ON_KEYED, ON_REVERSIBLE, ON_GRADIENT):
            why = _spares(method, group)
            if why is None:
                chosen |= group
            else:
                spared += [Skipped(metric=name, reason=why) for name in group]
    return chosen, spared


def _spares(method: Method, group: Mapping[str, Attacker]) -> str | None:
    name = method.card.name
    if not method.card.keyed:
        return f"{name} has no key"
    if group is ON_REVERSIBLE and not method.card.reversible:
        return f"{name} is not reversible: no key opens it"
    if group is ON_GRADIENT and not isinstance(method, OpensByNumbers):
        return f"{name} offers no gradient of its restoration with respect to its key (restore_with)"
    return None


def confront(chosen: Mapping[str, Attacker], scene: Scene) -> tuple[list[Estimate], list[Skipped]]:
    """Let each attacker try; one that has too little to learn from is skipped with the reason."""
    estimates: list[Estimate] = []
    skipped: list[Skipped] = []
    for name, attacker in chosen.items():
        try:
            estimates += attacker(scene)
        except MedbenchError as error:
            skipped.append(Skipped(metric=name, reason=str(error)))
    return estimates, skipped
