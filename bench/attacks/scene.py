"""What every attacker of one method finds before it: pictures, embeddings, truth, and what it fitted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from medbench.attacks.gather import CLEAR
from medbench.core import Estimate, MedbenchError, Seen
from medbench.metrics.attacks.figures import attack_estimates
from medbench.metrics.attacks.informed import Informed
from medbench.metrics.attacks.undo_network import UndoNetwork

if TYPE_CHECKING:
    from medbench.attacks.gather import Held
    from medbench.attacks.treatments import Treatments
    from medbench.metrics.statistics.resample import Resampler
    from medbench.stages.panel import Panel

#: Fewest pairs that anything is fitted on.
FEWEST_PAIRS = 20


@dataclass
class Scene:
    """``evaluated`` and the attacker's ``own`` pictures, and who judges and draws.

    ``few`` are some of the attacker's own, opened with guessed keys, where a key opens anything.
    """

    evaluated: Held
    own: Held
    few: Held | None
    treatments: Treatments
    panel: Panel
    resampler: Resampler
    _known: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)

    def identity(self, side: str, role: str) -> np.ndarray:
        """Embeddings of a role of ``evaluated``, ``own`` or ``few``; looked at once."""
        if (side, role) not in self._known:
            self._known[side, role] = getattr(self, side).identity(role, self.panel)
        return self._known[side, role]

    def drawn(self, role: str, crops: np.ndarray) -> np.ndarray:
        """Embeddings of other crops in the place of an evaluated role."""
        return self.evaluated.identity(role, self.panel, crops)

    def figures(self, name: str, gallery: np.ndarray, probes: np.ndarray, role: str) -> list[Estimate]:
        """Score an attacker's probes, leaving out what failed in ``role``."""
        truth = self.evaluated.truth
        seen = Seen(tuple(truth["id"]), truth, {}, ~self.evaluated.good[role])
        return attack_estimates(name, gallery, probes, seen, self.resampler)

    def pairs(self, role: str) -> np.ndarray:
        """Rows (n,) of the attacker's own pictures that make a pair in ``role``.

        Raises:
            MedbenchError: there are too few to fit anything on.
        """
        clear = np.isfinite(self.identity("own", CLEAR)).all(axis=1)
        rows = np.flatnonzero(clear & self.own.good[role])
        if len(rows) < FEWEST_PAIRS or len(np.unique(self.people()[rows])) < 2:
            raise MedbenchError(
                f"the attacker has {len(rows)} pairs of clear and protected pictures, too few to learn from"
            )
        return rows

    def people(self) -> np.ndarray:
        """Codes (m,) of the attacker's own people."""
        return np.unique(self.own.truth["subject"].astype(str), return_inverse=True)[1]

    def informed(self, role: str) -> Informed:
        """A head fitted on the attacker's own pairs in ``role``."""
        rows = self.pairs(role)
        seen, clear = self.identity("own", role)[rows], self.identity("own", CLEAR)[rows]
        return Informed(self.own.crops[role][rows], seen, clear, self.people()[rows])

    def undo(self, role: str) -> UndoNetwork:
        """A way back, fitted on the attacker's own pairs in ``role``."""
        rows = self.pairs(role)
        return UndoNetwork(self.own.crops[role][rows], self.own.crops[CLEAR][rows], self.people()[rows])
