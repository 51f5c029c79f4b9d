"""The local executor: one piece of work after the other, in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


def each(work: Callable[[int], Any], numbers: Iterable[int]) -> Iterator[int]:
    """Call ``work`` for every number; yields each as soon as it is done."""
    for number in numbers:
        work(number)
        yield number
