"""Several things one after the other: one that fails is told, and the others go on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass

from medbench.core import MedbenchError, NoSuchName, Unavailable


@dataclass(frozen=True)
class Spared:
    """Collects why things failed: ``refused`` lack something on this machine, ``broken`` raised.

    With one thing alone (``several`` false) what it raises goes through, as does a name that nothing
    has, and everything under MEDBENCH_DEBUG. ``say`` hears of each failure at once.
    """

    refused: dict[str, str]
    broken: dict[str, str]
    several: bool
    say: Callable[[str], None]

    @contextmanager
    def one(self, name: str) -> Iterator[None]:
        """Do one thing inside."""
        try:
            yield
        except NoSuchName:
            raise
        except Unavailable as error:
            self._note(name, error, self.refused, str(error))
        except MedbenchError as error:
            self._note(name, error, self.broken, str(error))
        except Exception as error:
            self._note(name, error, self.broken, f"{type(error).__name__}: {error}")

    def require(self, done: Sized) -> None:
        """Raise what all failed of where nothing was done; Unavailable where all of it is missing things."""
        if not len(done):
            lines = [f"{name}: {why}" for name, why in {**self.refused, **self.broken}.items()]
            raise (MedbenchError if self.broken else Unavailable)("\n".join(lines))

    def _note(self, name: str, error: Exception, where: dict[str, str], why: str) -> None:
        if not self.several or os.environ.get("MEDBENCH_DEBUG"):
            raise error
        where[name] = why
        self.say(f"{name} did not run: {why.splitlines()[0] if why else 'no reason given'}")
