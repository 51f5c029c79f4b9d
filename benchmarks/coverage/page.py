"""docs/coverage.md from the counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.coverage.worlds import ACCURACY, AREA, DISTANCE, KAPPA, SHARED

#: What each figure is called, and the interval that medbench gives it.
FIGURES = {
    "accuracy": ("Accuracy, and any other share", "t, logit"),
    "macro accuracy": ("Accuracy, mean of eight classes", "percentile"),
    "kappa": ("Cohen's kappa, eight classes", "percentile"),
    "id_dis": ("Mean ID-Dis, and any other mean", "bootstrap-t"),
    "dice": ("Mean Dice", "bootstrap-t"),
    "auroc": ("AUROC", "t, logit, Satterthwaite"),
}
WORLDS = {
    (129, False): "129 images of 129 people",
    (129, True): "129 images of 43 people",
    (4578, False): "4,578 images of 4,578 people",
    (4578, True): "4,578 images of 900 people",
}
LOWEST, HIGHEST = 93.0, 97.0
_START = f"""# How often do the intervals hold the truth?

A 95 % interval should hold the truth in 95 of 100 suites. Here {{suites}} suites are simulated in each
of four worlds whose truth is known, and every interval is built for each, with {{draws}} draws where it
draws. A figure passes where the truth lies within the interval in {LOWEST:.0f} to {HIGHEST:.0f} % of suites.
Chance alone moves a percentage by ±1.

In the worlds of 43 and 900 people a person has one image or more, unequally many. The person's images share
the disease and {SHARED:.0%} of the variance of every error; intervals resample people. Truths: accuracy
{ACCURACY} in every class, kappa {KAPPA}, mean ID-Dis {DISTANCE} (skewed), Dice skewed with 4 % of tumours
missed altogether, AUROC {AREA} with a quarter of the people positive.

**Bold** is the interval that medbench gives. ✗ marks a percentage outside {LOWEST:.0f}–{HIGHEST:.0f}.
"""
_END = """
## How to make this page

`python -m benchmarks.coverage --keep pieces.csv --out docs/coverage.md`. It works in pieces of 50 suites,
each seeded by its own name, and goes on where it was stopped.
"""


def page(counts: pd.DataFrame, suites: int, draws: int) -> str:
    """The page; ``counts`` has one row per piece, figure and interval."""
    whole = counts.groupby(["figure", "interval", "n", "clustered"])[["suites", "held", "width"]].sum()
    shares = (100 * whole["held"] / whole["suites"]).unstack(["n", "clustered"])
    widths = (whole["width"] / whole["suites"]).unstack(["n", "clustered"])
    made = int(whole["suites"].unstack(["n", "clustered"]).xs("percentile", level=1).min(axis=None))
    told = f"{suites:,}" if made >= suites else f"{made:,} (of {suites:,} asked)"
    parts = [_START.format(suites=told, draws=f"{draws:,}")]
    for figure, (title, default) in FIGURES.items():
        parts.append(_table(title, default, shares.loc[figure], widths.loc[figure]))
    return "\n".join(parts) + _END


def _table(title: str, default: str, shares: pd.DataFrame, widths: pd.DataFrame) -> str:
    lines = [f"## {title}", "", f"| interval | {' | '.join(WORLDS.values())} |", "|---|---|---|---|---|"]
    for interval in shares.index:
        cells = [_cell(shares.loc[interval, world], widths.loc[interval, world]) for world in WORLDS]
        name = f"**{interval}**" if interval == default else interval
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", *_verdict(default, shares), ""])


def _cell(share: float, width: float) -> str:
    return f"{share:.1f} %{'' if _passes(share) else ' ✗'}, width {width:.3f}"


def _passes(share: float) -> bool:
    return bool(round(share, 1) >= LOWEST and round(share, 1) <= HIGHEST)


def _verdict(default: str, shares: pd.DataFrame) -> list[str]:
    """One sentence on the interval given, and one on those that fail where another does not."""
    failing = {name: [w for w in WORLDS if not _passes(shares.loc[name, w])] for name in shares.index}
    good = [name for name, worlds in failing.items() if not worlds]
    if failing[default]:
        where = "; ".join(f"{WORLDS[w]}: {shares.loc[default, w]:.1f} %" for w in failing[default])
        better = (
            f"Better there: {', '.join(good)}." if good else f"None of those tried passes: {_nearest(shares)}"
        )
        return [f"`{default}`, which is given, fails with {where}. {better}"]
    bad = [name for name, worlds in failing.items() if worlds]
    also = f" Not so {', '.join(f'`{name}`' for name in bad)}." if bad else ""
    return [f"`{default}`, which is given, passes in all four.{also}"]


def _nearest(shares: pd.DataFrame) -> str:
    apart = (shares - 95).abs().max(axis=1)
    best = str(apart.index[int(np.argmin(apart))])
    return f"nearest to 95 % everywhere is `{best}`, at worst {apart.min():.1f} points off."
