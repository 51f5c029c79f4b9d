"""The figures of one attacker: rank-1, TAR, AUC and D_sys, each with its interval and its chance level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.attacks.linkability import linkability
from medbench.metrics.identification import rank1
from medbench.metrics.metric import Metric
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import mean_estimate, settle
from medbench.metrics.verification import FALSE_ACCEPT_RATE, judge

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler

#: kind of figure -> its title; ``<kind>_<attacker>`` is the metric's name.
KINDS = {
    "rank1": "Rank-1 identification",
    "tar": "TAR at FAR 1e-3",
    "auc": "Verification AUC",
    "dsys": "Unlinkability D_sys",
}


class AttackFigure(Metric):
    """What the figures of all attackers share: less is safer, and each has a chance level."""

    task = "privacy"
    needs = ("original.identity", "protected.identity", "truth.subject")
    direction = "lower"
    unit = "share"
    range = (0.0, 1.0)
    source = "ISO/IEC 19795-1; D_sys: Gomez-Barrero et al. 2018"


def figure(kind: str, attacker: str) -> type[Metric]:
    """Return the metric ``<kind>_<attacker>``; ``kind`` is a key of KINDS."""
    title = f"{KINDS[kind]}, {attacker.replace('_', ' ')} attacker"
    return type(kind, (AttackFigure,), {"name": f"{kind}_{attacker}", "title": title})


def attack_estimates(
    attacker: str,
    gallery: np.ndarray,
    probes: np.ndarray,
    seen: Seen,
    resampler: Resampler,
    group: str = "all",
) -> list[Estimate]:
    """Compare every probe with the gallery images of others and of the same person, its own left out.

    Args:
        attacker: Name of the attacker, part of the metrics' names.
        gallery: (N, F) what the attacker looks probes up in; the very array ``probes`` where both
            sides are protected.
        probes: (N, F) the protected images in the same space; a row of NaN is a face not seen, and
            farther than any other.
        seen: Truth of the N rows, and which of them failed: those are left out.
        resampler: Draws subjects.
        group: Group of the estimates.

    Returns:
        ``rank1_``, ``tar_``, ``auc_`` and ``dsys_<attacker>``.
    """
    keep = ~np.asarray(seen.failed, bool)
    clusters = clusters_of(seen)
    hits, chance = rank1(probes, gallery, clusters.codes, own=False)
    asked = keep & np.isfinite(hits)
    found = [
        mean_estimate(
            figure("rank1", attacker),
            group,
            np.where(asked, hits, np.nan),
            seen,
            resampler,
            chance=float(chance[asked].mean()) if asked.any() else None,
            share=True,
        )
    ]
    kept = clusters.take(keep)
    left = gallery[keep]
    right = left if gallery is probes else probes[keep]
    values, draws = judge(left, right, kept, resampler)
    linked = linkability(left, right, kept, resampler)
    rows = (
        ("tar", values["tar"], draws["tar"], FALSE_ACCEPT_RATE),
        ("auc", values["auc"], draws["auc"], 0.5),
        ("dsys", linked.value, linked.draws, linked.floor),
    )
    for kind, value, drawn, level in rows:
        metric = figure(kind, attacker)
        n, share = int(keep.sum()), kind == "tar"
        found.append(settle(metric, group, value, drawn, n=n, clusters=kept, chance=level, share=share))
    return found
