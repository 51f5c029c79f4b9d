"""MeMa: averages, gains and sums, computed again from the printed figures."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from medbench.core import DISEASES
from medbench.leaderboards.tables.printed import by, methods

if TYPE_CHECKING:
    from medbench.leaderboards.published.row import Published

#: Half a unit of the second decimal, and what binary fractions add.
HALF = 0.005 + 1e-9
IMAGES, PATIENTS = 4578, 129


def averages(rows: Sequence[Published]) -> str:
    """A5: Table 1's averages are cut off, not rounded."""
    said = []
    for method in methods(rows, table="T1"):
        values = by(rows, "metric", table="T1", method=method)
        printed = values.pop("identity_leakage_average")
        sum_ = " + ".join(f"{value:.2f}" for value in values.values())
        said.append(f"({sum_}) / 3 = {fmean(values.values()):.3f}, printed {printed:.2f}")
    return f"{'; '.join(said)}. Printed averages are cut off after two decimals, not rounded."


def macro(rows: Sequence[Published]) -> str:
    """A6: All is the mean of the class accuracies; weighting by the sizes of A7 does not give it."""
    sizes = fitting_sizes(rows)
    even = weighted = 0
    names = methods(rows, table="T3", metric="dinov2_accuracy")
    for method in names:
        found = by(rows, "group", table="T3", method=method, metric="dinov2_accuracy")
        total = found.pop("all")
        even += abs(fmean(found.values()) - total) <= HALF
        micro = sum(found[name] * sizes[name] for name in sizes) / sum(sizes.values())
        weighted += abs(micro - total) <= HALF
    return (
        f"All is the unweighted mean of the eight class accuracies: it agrees in {even} of {len(names)} "
        f"rows; weighted by class size it agrees in {weighted}."
    )


def class_sizes(rows: Sequence[Published]) -> str:
    """A7: the sizes that the percentages leave possible."""
    sizes = fitting_sizes(rows)
    listed = ", ".join(f"{name} {sizes[name.lower()]}" for name in DISEASES)
    return (
        f"Class sizes are not printed. The smallest that fit all seven percentages of a class are {listed} "
        f"(Conj is what remains); together {sum(sizes.values()):,}."
    )


def fitting_sizes(rows: Sequence[Published]) -> dict[str, int]:
    """The smallest n for which each printed accuracy of a class is some k / n, rounded; conj is the rest."""
    sizes = {}
    for name in map(str.lower, DISEASES):
        values = by(rows, "method", table="T3", metric="dinov2_accuracy", group=name).values()
        fitting = (n for n in range(2, IMAGES) if all(is_share(value, n) for value in values))
        sizes[name] = 0 if name == "conj" else next(fitting)
    return sizes | {"conj": IMAGES - sum(sizes.values())}


def is_share(percent: float, n: int) -> bool:
    """Say whether some k / n rounds to this percentage of two decimals."""
    return abs(round(percent * n / 100) / n * 100 - percent) <= HALF


def gains(rows: Sequence[Published]) -> str:
    """A4: by how much Ours is better on SCC, as the text says and as the table gives."""
    accuracy = by(rows, "method", table="T3", metric="dinov2_accuracy", group="scc")
    said = by(rows, "method", table="text", metric="ours_minus_method_dinov2_accuracy")
    ours = accuracy["ours"]
    wrong = {name: gain for name, gain in said.items() if abs(ours - accuracy[name] - gain) > HALF}
    parts = [
        f"{ours:.2f} − {accuracy[name]:.2f} = {ours - accuracy[name]:.2f} over {name}, "
        f"the text says {gain:.2f}"
        for name, gain in wrong.items()
    ]
    agree = f"{len(said) - len(wrong)} of {len(said)} gains on SCC named in the text follow from the table"
    return "; ".join([agree, *parts]) + "."


def overlap(rows: Sequence[Published]) -> str:
    """Dice and Jaccard are means over images: pooled pixels would make J = D / (2 − D)."""
    dice = by(rows, "method", table="T3", metric="dice")
    jaccard = by(rows, "method", table="T3", metric="jaccard")
    above = sum(jaccard[name] >= dice[name] / (2 - dice[name]) - 5e-5 for name in dice)
    ours = dice["ours"] / (2 - dice["ours"])
    return (
        f"Pooled pixels would give Jaccard = D / (2 − D), {ours:.4f} for Ours; printed is "
        f"{jaccard['ours']:.4f}, and {above} of {len(dice)} rows lie at or above: both are means over images."
    )


def patients(rows: Sequence[Published]) -> str:
    """A17: the rates are no shares of the patients."""
    rates = by(rows, "method", table="T6")
    fit = sum(is_share(rate, PATIENTS) for rate in rates.values())
    return (
        f"{PATIENTS} patients are enrolled, and {fit} of {len(rates)} rates are k/{PATIENTS}: "
        "what is counted is unknown."
    )


def sum_of_regions(rows: Sequence[Published]) -> str:
    """A8: All is a sum over the regions."""
    names = methods(rows, table="T7")
    gaps = []
    for name in names:
        found = by(rows, "metric", table="T7", method=name)
        regions = sum(found[f"landmark_error_{part}"] for part in ("eye", "mouth", "nose"))
        gaps.append(abs(found["landmark_error_all"] - regions))
    close = sum(gap < 0.025 for gap in gaps)
    return (
        f"All = Eye + Mouth + Nose in {close} of {len(names)} rows (largest gap {max(gaps):.2f}), though the "
        "caption says averaged pixel distance; the sizes fit squared pixels. M is measured that way, in px²."
    )
