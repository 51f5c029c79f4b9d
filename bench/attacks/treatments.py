"""What is done to the pictures: protected with their own keys, under one key, opened with guessed keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from medbench.attacks.opening import GRADIENT, opened, opened_by
from medbench.keys import Key
from medbench.metrics.attacks.gradient_key import OpensByNumbers
from medbench.stages.protect import protect

if TYPE_CHECKING:
    import pandas as pd
    import torch

    from medbench.methods.method import Method
    from medbench.stages.groups import Group
    from medbench.stages.keyring import Keyring
    from medbench.stages.protect import Treated

    #: Takes a group and its truth rows; gives the treated pictures of each role.
    Treatment = Callable[[Group, pd.DataFrame], Mapping[str, Treated]]

PROTECTED, SAME_KEY, RIGHT_KEY = "protected", "same_key", "right_key"


def guess(number: int) -> str:
    """The role of pictures opened with guess ``number``."""
    return f"guess_{number}"


@dataclass(frozen=True)
class Treatments:
    """A method with the keys of a run.

    ``keys`` says whether attacks on the key are asked for, ``guesses`` how many keys an attacker may
    try, the same for every picture and nobody's own; ``numbers`` are those that a gradient found.
    """

    method: Method
    keyring: Keyring
    keys: bool
    guesses: int
    numbers: torch.Tensor | None = None

    @property
    def keyed(self) -> bool:
        """Are attacks on the key asked for, and has the method one?"""
        return self.keys and self.method.card.keyed

    @property
    def reversible(self) -> bool:
        """Can a key open the method's pictures?"""
        return self.keyed and self.method.card.reversible

    def of_own(self, group: Group, truth: pd.DataFrame) -> dict[str, Treated]:
        """What attackers make of their own people: protected, and under the shared key."""
        own = [self.keyring.right(name) for name in group.ids]
        made = {PROTECTED: self._protect(group, truth, own)}
        if self.keyed:
            made[SAME_KEY] = self.under_one_key(group, truth)
        return made

    def of_evaluated(self, group: Group, truth: pd.DataFrame) -> dict[str, Treated]:
        """The same of the evaluated people, and what the right key, guesses and a gradient open."""
        made = self.of_own(group, truth)
        if self.reversible:
            own = [self.keyring.right(name) for name in group.ids]
            made[RIGHT_KEY] = opened(self.method, made[PROTECTED], own)
            made |= self._guessed(made[PROTECTED])
        if self.numbers is not None and isinstance(self.method, OpensByNumbers):
            made[GRADIENT] = opened_by(self.method, made[SAME_KEY], self.numbers)
        return made

    def of_few(self, group: Group, truth: pd.DataFrame) -> dict[str, Treated]:
        """A few of the attacker's own pictures, opened with the guesses."""
        return self._guessed(self._protect(group, truth, [self.keyring.right(name) for name in group.ids]))

    def under_one_key(self, group: Group, truth: pd.DataFrame) -> Treated:
        """Protected with the key that everybody shares."""
        return self._protect(group, truth, [self.keyring.shared()] * len(group.ids))

    def _guessed(self, protected: Treated) -> dict[str, Treated]:
        keys = [
            Key.from_names(self.keyring.seed, self.keyring.suite, "guess", n) for n in range(self.guesses)
        ]
        alike = [[key] * len(protected.images) for key in keys]
        return {guess(n): opened(self.method, protected, same) for n, same in enumerate(alike)}

    def _protect(self, group: Group, truth: pd.DataFrame, keys: Sequence[Key]) -> Treated:
        return protect(self.method, group.images, group.ids, truth, keys if self.method.card.keyed else None)
