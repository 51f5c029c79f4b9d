"""Names of people become numbers: a name or a record number would be guessed from its hash."""

from __future__ import annotations

from collections.abc import Iterable


def pseudonyms(names: Iterable[str], letter: str = "s") -> dict[str, str]:
    """Map each different name, in the order of the alphabet, to s0000, s0001 and so on."""
    return {name: f"{letter}{number:04d}" for number, name in enumerate(sorted(set(names)))}
