"""A rule of conformance and what came of trying it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from medbench.methods.method import Method

Applies = Literal["all", "keyed", "reversible"]


class Broken(Exception):
    """A method breaks a rule; the message says how."""


class NotTried(Exception):
    """A rule cannot be tried on this machine; the message says why."""


@dataclass(frozen=True)
class RuleResult:
    """``passed`` is true too where the rule does not apply or could not be tried; ``tried`` says which."""

    rule: str
    passed: bool
    detail: str = ""
    tried: bool = True


@dataclass(frozen=True)
class Rule:
    """A rule: its name, what it asks, which methods it applies to, and the trial.

    ``trial(method, preset)`` gets a loaded method and raises :class:`Broken`.
    """

    name: str
    asks: str
    trial: Callable[[Method, str | None], None]
    applies: Applies = "all"

    def __str__(self) -> str:
        return self.name

    def __call__(self, method: Method, preset: str | None = None) -> RuleResult:
        """Try a loaded method; ``preset`` is what it was loaded with. Whatever it raises is a failure."""
        if self.applies != "all" and not getattr(method.card, self.applies):
            return RuleResult(self.name, True, f"only for {self.applies} methods", tried=False)
        try:
            self.trial(method, preset)
        except NotTried as reason:
            return RuleResult(self.name, True, str(reason), tried=False)
        except Broken as reason:
            return RuleResult(self.name, False, str(reason))
        except Exception as error:
            return RuleResult(self.name, False, f"raised {type(error).__name__}: {error}")
        return RuleResult(self.name, True)
