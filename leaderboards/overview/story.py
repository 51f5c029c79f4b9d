"""Does the papers' order hold here? Each of their claims, what the results say of it, and the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from medbench.reports.headlines import ANCHORS
from medbench.reports.overview import named
from medbench.result import EstimateRow, Result

#: Methods that match more often than this do not hide, and are not compared by what they keep.
MOST_MATCHES = 0.05
KEEP, LOSE = ("ours", "rofi"), ("k-same-average", "blackout")
KEPT = {"diagnosis_accuracy": "diagnosis", "tumour_dice": "tumour Dice"}
#: What a restored picture must reach, and how often a wrong key may open one.
LEAST_PSNR, MOST_OPENED = 22.0, 0.05


@dataclass(frozen=True)
class Claim:
    """A sentence of the papers; ``holds`` is None where a row is missing; ``seen`` tells the figures."""

    text: str
    holds: bool | None
    seen: str


def claims(results: Sequence[Result]) -> list[Claim]:
    """All claims on one suite's results."""
    hidden = [one for one in results if one.method.name not in ANCHORS and _matches(one) <= MOST_MATCHES]
    found = [_most(name, metric, results, hidden) for metric in KEPT for name in KEEP]
    found += [_least(name, metric, results, hidden) for metric in KEPT for name in LOSE]
    back = [one for one in results if one.method.card.get("reversible")]
    return [*found, *(_restores(one) for one in back), *(_stays_shut(one) for one in back)]


def _most(name: str, metric: str, results: Sequence[Result], hidden: Sequence[Result]) -> Claim:
    """Nobody else keeps more beyond doubt: no interval lies wholly above."""
    text = f"at matching ≤ {MOST_MATCHES:.0%}, {' and '.join(KEEP)} keep most {KEPT[metric]}: {name}"
    own = _figure(name, metric, results)
    if own is None:
        return Claim(text, None, f"no figure of {name} is here")
    others = [(one, row) for one in hidden if one.method.name not in KEEP and (row := one.estimate(metric))]
    above = [pair for pair in others if pair[1].low > own.high]
    best = max(others, key=lambda pair: pair[1].value, default=None)
    rest = "" if best is None else f"; best of the others: {named(best[0])} {_text(best[1])}"
    if not any(one.method.name == name for one in hidden):
        return Claim(text, False, f"{name} matches too often to count as hidden; {_text(own)}{rest}")
    return Claim(text, not above, f"{_text(own)}{rest}{_list('; more beyond doubt', above)}")


def _least(name: str, metric: str, results: Sequence[Result], hidden: Sequence[Result]) -> Claim:
    """Nobody else keeps less beyond doubt: no interval lies wholly below."""
    text = f"{' and '.join(LOSE)} keep least {KEPT[metric]}: {name}"
    own = _figure(name, metric, results)
    if own is None:
        return Claim(text, None, f"no figure of {name} is here")
    others = [(one, row) for one in hidden if one.method.name not in LOSE and (row := one.estimate(metric))]
    below = [pair for pair in others if pair[1].high < own.low]
    least = min(others, key=lambda pair: pair[1].value, default=None)
    rest = "" if least is None else f"; least of the others: {named(least[0])} {_text(least[1])}"
    return Claim(text, not below, f"{_text(own)}{rest}{_list('; less beyond doubt', below)}")


def _restores(one: Result) -> Claim:
    text = f"{named(one)} restores from the 8-bit image with the right key (PSNR ≥ {LEAST_PSNR:.0f} dB)"
    row = one.estimate("psnr_restored")
    if row is None or row.value != row.value:
        return Claim(text, None, "not measured")
    return Claim(text, row.value >= LEAST_PSNR, f"{_text(row)} dB")


def _stays_shut(one: Result) -> Claim:
    text = f"{named(one)} does not restore with a wrong key"
    row = one.estimate("wrong_password_opens")
    if not one.method.card.get("keyed"):
        return Claim(text, None, "has no key: whoever holds the method restores")
    if row is None or row.value != row.value:
        return Claim(text, None, "not measured")
    share = f"{100 * row.value:.1f} % [{100 * row.low:.1f}, {100 * row.high:.1f}]"
    return Claim(text, row.value <= MOST_OPENED, f"{share} of {row.n} wrong keys open")


def _matches(one: Result) -> float:
    row = one.estimate("face_matching_rate")
    return row.value if row is not None and row.value == row.value else 1.0


def _figure(name: str, metric: str, results: Sequence[Result]) -> EstimateRow | None:
    found = [one.estimate(metric) for one in results if named(one) == name]
    return next((row for row in found if row is not None and row.value == row.value), None)


def _text(row: EstimateRow) -> str:
    return f"{row.value:.3g} [{row.low:.3g}, {row.high:.3g}]"


def _list(head: str, pairs: Sequence[tuple[Result, EstimateRow]]) -> str:
    ordered = sorted(pairs, key=lambda pair: -pair[1].value)
    told = ", ".join(f"{named(one)} {row.value:.3g}" for one, row in ordered)
    return f"{head}: {told}" if told else ""
