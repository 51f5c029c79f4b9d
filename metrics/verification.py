"""Are these two faces one person? Asked by three attackers, none of whom trains anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from medbench.metrics.metric import Metric
from medbench.metrics.pairs import pairs_of, threshold_at
from medbench.metrics.readings import readings
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import settle
from medbench.metrics.statistics.pair_bootstrap import bin_edges, roc_draws
from medbench.metrics.statistics.roc import auc, eer, tar

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.readings import Reading
    from medbench.metrics.statistics.clusters import Clusters
    from medbench.metrics.statistics.resample import Resampler

#: False accept rate at which TAR is read.
FALSE_ACCEPT_RATE = 1e-3

#: attacker -> the two sides that it compares; untouched is the reference.
SIDES = {
    "attacker=naive": ("original", "protected"),
    "attacker=parrot": ("protected", "protected"),
    "attacker=same_key": ("same_key", "same_key"),
    "untouched": ("original", "original"),
}


@dataclass(frozen=True)
class Judged:
    """Values and draws (D,) of ``auc``, ``eer`` and ``tar`` for one attacker, from ``n`` images."""

    group: str
    reading: str
    n: int
    clusters: Clusters
    values: dict[str, float]
    draws: dict[str, np.ndarray]


def judge(
    left: np.ndarray, right: np.ndarray, clusters: Clusters, resampler: Resampler
) -> tuple[dict[str, float], dict[str, np.ndarray]]:
    """Verify all pairs of different images of (n, F) and (n, F) embeddings; values and draws.

    Where both sides are one set a pair counts once; otherwise both ways. Figures that the pairs
    cannot give are NaN: all of them without genuine or impostor pairs, TAR with too few impostors.
    """
    pairs = pairs_of(left, right, clusters.codes)
    genuine, impostor = pairs.all_sorted()
    if not (len(genuine) and len(impostor)):
        nothing = np.full(resampler.draws, np.nan)
        return dict.fromkeys(("auc", "eer", "tar"), np.nan), dict.fromkeys(("auc", "eer", "tar"), nothing)
    strict = threshold_at(impostor, FALSE_ACCEPT_RATE)
    equal, even = eer(genuine, impostor)
    values = {"auc": auc(genuine, impostor), "eer": equal, "tar": tar(genuine, strict)}
    if len(impostor) * FALSE_ACCEPT_RATE < 1:
        values["tar"] = np.nan
    edges = bin_edges(genuine, impostor, equal, (strict, even))
    roc = roc_draws(pairs, edges, resampler)
    rows = {"auc": roc.auc(), "eer": roc.eer(), "tar": roc.tar(FALSE_ACCEPT_RATE)}
    draws = {name: np.clip(row[1:] + values[name] - row[0], 0, 1) for name, row in rows.items()}
    return values, draws


def attackers(seen: Seen, resampler: Resampler) -> list[Judged]:
    """Judge every attacker for whom there are images, in each reading; once per ``seen``."""
    _, found = resampler.once(("verification", id(seen)), lambda: (seen, _attackers(seen, resampler)))
    return list(found)


def _attackers(seen: Seen, resampler: Resampler) -> list[Judged]:
    found = []
    clear = np.isfinite(seen.column("original.identity")).all(axis=1)
    for reading in readings(seen):
        for group, sides in SIDES.items():
            needless = group == "untouched" and reading.name != "excluded"
            if needless or not all(seen.has(f"{side}.identity") for side in sides):
                continue
            keep = clear if group == "untouched" else clear & reading.keep
            left = _faces(reading, sides[0])[keep]
            right = left if sides[0] == sides[1] else _faces(reading, sides[1])[keep]
            clusters = clusters_of(seen).take(keep)
            values, draws = judge(left, right, clusters, resampler)
            found.append(Judged(group, reading.name, int(keep.sum()), clusters, values, draws))
    return found


def _faces(reading: Reading, role: str) -> np.ndarray:
    path = f"{role}.identity"
    return np.asarray(reading.seen.column(path)) if role == "original" else reading.column(path)


class _Verification(Metric):
    """What the three figures share: all pairs of different images, four groups.

    ``naive`` compares a clear gallery with protected probes; ``parrot`` protects both sides, each
    with its own key; ``same_key`` knows them under one key; ``untouched`` is the reference. A face
    that is not found is farther than any other. ``n`` counts images.
    """

    task = "privacy"
    needs = ("original.identity", "protected.identity", "truth.subject")
    unit = "share"
    range = (0.0, 1.0)
    source = "ISO/IEC 19795-1; attackers as in SEBA"
    figure: ClassVar[str]
    chance: ClassVar[float] = 0.5

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Every attacker in each reading, and the untouched reference."""
        return [
            settle(
                self,
                judged.group,
                judged.values[self.figure],
                judged.draws[self.figure],
                n=judged.n,
                clusters=judged.clusters,
                reading=judged.reading,
                chance=self.chance,
                share=self.figure == "tar",
            )
            for judged in attackers(seen, resampler)
        ]


class VerificationAuc(_Verification):
    """AUC of telling the same person from different people: 0.5 is guessing, and safe."""

    name = "verification_auc"
    title = "Verification AUC"
    direction = "lower"
    figure = "auc"


class VerificationEer(_Verification):
    """Equal error rate of the same attackers: 0.5 is guessing, and safe."""

    name = "verification_eer"
    title = "Verification EER"
    direction = "higher"
    figure = "eer"


class VerificationTar(_Verification):
    """Share of same-person pairs that the same attackers accept at FAR 1e-3."""

    name = "verification_tar"
    title = "TAR at FAR 1e-3"
    direction = "lower"
    figure = "tar"
    chance = FALSE_ACCEPT_RATE


METRICS: tuple[type[Metric], ...] = (VerificationAuc, VerificationEer, VerificationTar)
