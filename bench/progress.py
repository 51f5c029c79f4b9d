"""Who wants to know how far a run is: silent here, bars and lines in the command line."""

from __future__ import annotations


class Progress:
    """Told about phases; this one keeps quiet. The command line shows bars or plain lines."""

    def phase(self, title: str, total: int) -> None:
        """A phase of ``total`` steps begins; the one before is over."""

    def advance(self, steps: int = 1) -> None:
        """That many steps of the phase are done."""

    def say(self, text: str) -> None:
        """Something worth a line."""
