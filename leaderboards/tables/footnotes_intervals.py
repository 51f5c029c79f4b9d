"""What the printed figures and numbers of patients allow their intervals to be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from medbench.leaderboards.tables.printed import by, rows_of

if TYPE_CHECKING:
    from medbench.leaderboards.published.row import Published

Z = 1.959964
TITLES = {"tao": "TAO", "ptosis": "Ptosis", "bcc": "BCC"}
#: The bar of both papers, and MeMa's patients.
BAR, PATIENTS = 0.81, 129
#: Test images, where 30 % of 231 patients are tested; positives among WUPH's 48.
TESTED, POSITIVES = 69, 40


def kappa_error(kappa: float, n: float, expected: float) -> float:
    """Standard error of Cohen's kappa of ``n`` images, of which ``expected`` agree by chance.

    Source: Cohen 1960, eq. 7, with the agreement seen written as kappa + (1 - kappa) expected.
    """
    seen = kappa + (1 - kappa) * expected
    return math.sqrt(seen * (1 - seen) / n) / (1 - expected)


def bar(rows: Sequence[Published]) -> str:
    """A16: who is above the bar, by how much over the next, and how sure 129 patients make it."""
    ours = by(rows, "group", table="T4", method="ours")
    mask = by(rows, "group", table="T4", method="digitalmask")
    also = {name: ours[name] - mask[name] for name in ours if mask[name] > BAR}
    margins = ", ".join(f"{TITLES.get(name, name)} by {margin:.4f}" for name, margin in also.items())
    halves = {name: Z * kappa_error(value, PATIENTS, 0.5) for name, value in ours.items()}
    apart = sum(ours[name] - half > BAR for name, half in halves.items())
    return (
        f"Ours is above {BAR} in {sum(v > BAR for v in ours.values())} of {len(ours)} columns, DM in "
        f"{len(also)}, where Ours leads {margins}. A binary kappa of {PATIENTS} patients has at best, half "
        f"of them ill, an interval of ±{min(halves.values()):.3f} ({max(ours.values())}): {apart} of "
        f"{len(ours)} are told apart from {BAR}."
    )


def retrained(rows: Sequence[Published]) -> str:
    """A29: the lead over the best methods as released, and trained again on MeMa."""
    ours = by(rows, "group", table="T3", method="ours", metric="dinov2_accuracy")["all"]
    again = by(rows, "method", table="text", group="retrained_on_mema")
    released = by(rows, "method", table="T3", metric="dinov2_accuracy", group="all")
    said = [
        f"{name} {ours - released[name]:.2f} as released, {ours - value:.2f} trained again"
        for name, value in sorted(again.items())
    ]
    leads = [ours - value for values in (again, {m: released[m] for m in again}) for value in values.values()]
    held = sum(lead > 10 for lead in leads)
    return f"Ours leads over {'; '.join(said)}. More than 10 holds for {held} of these {len(leads)}."


def kappa_images(rows: Sequence[Published]) -> str:
    """C12: how many images a Wald interval of that width speaks of."""
    (row,) = rows_of(rows, table="Fig4a", method="rofi", metric="kappa_resnet50")
    assert row.value is not None and row.low is not None and row.high is not None
    kappa, error = float(row.value), float(row.high - row.low) / 2 / Z
    few, many = (kappa_error(kappa, 1, expected) ** 2 / error**2 for expected in (0.1, 0.4))
    return (
        f"A Wald interval of {row.value} [{row.low}, {row.high}] is that of {few:.0f} to {many:.0f} images "
        f"where 10 to 40 % agree by chance; 30 % of 231 patients are {TESTED}."
    )


def auroc_error(area: float, positive: int, negative: int) -> float:
    """Standard error of an AUROC. Source: Hanley and McNeil 1982."""
    first, second = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (positive - 1) * (first - area**2) + (negative - 1) * (second - area**2)
    return math.sqrt(spread / (positive * negative))


def auroc_width(rows: Sequence[Published]) -> str:
    """C12: how wide an AUROC's interval is with so few images, beside the printed one."""
    (row,) = rows_of(rows, table="Fig4c", metric="auroc_resnet50", method="rofi")
    assert row.value is not None and row.low is not None
    half = Z * auroc_error(float(row.value), TESTED // 2, TESTED - TESTED // 2)
    return (
        f"One AUROC of {row.value} from {TESTED} images, half of them positive, has ±{half:.3f} by Hanley "
        f"and McNeil; printed is ±{row.value - row.low}. The intervals' making is not described."
    )


def exact_sensitivities(rows: Sequence[Published]) -> str:
    """C19: the exact interval of each sensitivity on WUPH, beside the printed one."""
    from scipy.stats import beta

    said = []
    for row in rows_of(rows, table="Fig3b", suite="wuph"):
        assert row.value is not None
        hits = round(float(row.value) * POSITIVES / 100)
        if 0 < hits < POSITIVES:
            low = 100 * beta.ppf(0.025, hits, POSITIVES - hits + 1)
            high = 100 * beta.ppf(0.975, hits + 1, POSITIVES - hits)
            printed = f"printed {row.low}–{row.high}"
            said.append(f"{row.method} {hits}/{POSITIVES}: {low:.1f}–{high:.1f} %, {printed}")
    return (
        f"Clopper–Pearson: {'; '.join(said)}. Equal counts have unequal printed ends: they were resampled, "
        "each by draws of its own."
    )
