"""The local executor: one piece of work after the other, in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Done = TypeVar("Done")


def each(work: Callable[[int], Done], numbers: Iterable[int]) -> Iterator[tuple[int, Done]]:
    """Yield (number, what ``work`` gave for it), as soon as each is done."""
    for number in numbers:
        yield number, work(number)
