"""Keys of a run, from names; the method's name is left out, so that methods share them."""

from __future__ import annotations

from dataclasses import dataclass

from medbench.keys import Key


@dataclass(frozen=True)
class Keyring:
    """Keys of one suite under one seed."""

    seed: str
    suite: str

    def right(self, sample_id: str) -> Key:
        """The sample's own key."""
        return Key.from_names(self.seed, self.suite, "own", sample_id)

    def shared(self) -> Key:
        """The one key of the attack that finds all samples protected alike."""
        return Key.from_names(self.seed, self.suite, "shared")

    def wrong(self, sample_id: str, attempt: int) -> Key:
        """A key that is not the sample's."""
        return Key.from_names(self.seed, self.suite, "wrong", sample_id, attempt)
