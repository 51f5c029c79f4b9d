"""Does a reader see the same ophthalmic signs, whatever disease they are taken for?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import DISEASES
from medbench.metrics.agreement import answers
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.agreement import kappa
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import settle
from medbench.metrics.statistics.ratio_of_sums import divide
from medbench.metrics.statistics.tables import table_draws

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler

#: Where each disease shows itself. ROFI's lacrimal apparatus has no disease among MeMa's.
SIGNS = {
    "eyelid": ("BCC", "SCC", "Ptosis", "TAO"),
    "conjunctiva": ("Conj",),
    "iris": ("Uveitis",),
    "alignment": ("Strab",),
}


def shows(sign: str, told: np.ndarray) -> np.ndarray:
    """Is the answer (N,), a code of DISEASES or one more for none, a disease with this sign? bool (N,)."""
    return np.isin(told, [DISEASES.index(name) for name in SIGNS[sign]])


class SignKappa(Metric):
    """Cohen's kappa of "the sign is there" between the original and the protected image, per sign.

    The diagnosis network's answer is folded: a tumour taken for another lid tumour is the same
    sign. Where it sees no face after protection it sees no sign. ``all`` is the mean of the signs
    that have a kappa. The reader is a network, not an ophthalmologist.
    """

    name = "sign_kappa"
    title = "Sign kappa"
    task = "utility"
    needs = ("original.diagnosis", "protected.diagnosis")
    direction = "higher"
    unit = "kappa"
    range = (-1.0, 1.0)
    source = "ROFI Fig. 2d with a network as reader; diseases folded to signs by medbench"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` and every sign, in each reading."""
        first = answers(seen.column("original.diagnosis"))
        asked = first < len(DISEASES)
        found = []
        for reading in readings(seen):
            keep = asked & reading.keep
            clusters = clusters_of(seen).take(keep)
            second = answers(reading.column("protected.diagnosis"))[keep]
            # One table of both answers, folded for each sign, so that all signs share their draws.
            size = len(DISEASES) + 1
            table, draws = table_draws(first[keep] * size + second, size**2, clusters, resampler)
            confusion = np.vstack([table, draws]).reshape(-1, size, size)
            folds = {sign: _folded(confusion, shows(sign, np.arange(size))) for sign in SIGNS}
            values = {f"sign={sign}": kappa(matrices) for sign, matrices in folds.items()}
            every = np.stack(list(values.values()))
            known = np.isfinite(every)
            mean = divide(np.where(known, every, 0.0).sum(axis=0), known.sum(axis=0).astype(float))
            for group, rows in {"all": mean, **values}.items():
                found.append(
                    settle(
                        self,
                        group,
                        float(rows[0]),
                        rows[1:],
                        n=int(keep.sum()),
                        clusters=clusters,
                        reading=reading.name,
                        chance=0.0,
                    )
                )
        return found


def _folded(confusion: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Fold (..., K, K) counts to (..., 2, 2): the classes that are members, and the others."""
    sides = np.stack([member, ~member]).astype(float)
    return sides @ confusion @ sides.T


METRICS: tuple[type[Metric], ...] = (SignKappa,)
