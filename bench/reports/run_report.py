"""Finished runs as one HTML file that needs nothing from elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

import medbench
from medbench.core import MedbenchError
from medbench.leaderboards.site.board_table import columns_of
from medbench.leaderboards.site.interval_plot import interval_svg
from medbench.leaderboards.site.method_view import method_view
from medbench.leaderboards.site.pages import asset, page
from medbench.leaderboards.site.shelf import Board, Entry, read_entry
from medbench.reports.class_table import class_table


def run_report(places: Sequence[Path], pictures: bool = False, suite: str | None = None) -> str:
    """Write the report of finished runs, one below the other.

    Args:
        places: folders of runs, folders that hold several, or result.json files.
        pictures: show a few pictures of the suite before and after; otherwise there are no pixels.
        suite: where the pictures are, for a run on a folder of photographs.

    Raises:
        MedbenchError: there is no finished run, or the pictures cannot be had.

    """
    files = dict.fromkeys(file for place in places for file in _result_files(place))
    entries = [read_entry(file) for file in files]
    return page(
        "report.html",
        runs=[_run(entry, pictures, suite) for entry in entries],
        pictures=pictures,
        version=medbench.__version__,
        style=Markup(asset("site.css")),
    )


def _run(entry: Entry, pictures: bool, suite: str | None) -> dict[str, Any]:
    result = entry.result
    return {
        **method_view(Board(entry.slug, (entry,)), entry, sheets=False, whole=True),
        "shares": _shares(entry),
        "classes": class_table(result.estimates),
        "reasons": [
            *((reason, "failed", n) for reason, n in result.failures.items()),
            *((reason, "not read", n) for reason, n in result.quarantine.items()),
        ],
        "intervals": " ".join({row.interval for row in result.estimates}),
        "environment": _flat(result.environment) + _flat(result.timing),
        "picture": _picture(entry, suite) if pictures else None,
    }


def _result_files(place: Path) -> list[Path]:
    files = [place] if place.is_file() else sorted(place.rglob("result.json"))
    if not files:
        raise MedbenchError(f"{place}: no finished run is here; `medbench run` says where its runs lie")
    return files


def _shares(entry: Entry) -> Markup | None:
    """Headline shares as a forest plot; None where the run has none."""
    columns = [c for c in columns_of(Board(entry.slug, (entry,))) if c.headline.percent]
    found = [(f"{c.part}: {c.title}", entry.figure(c.headline.metric, c.headline.group)) for c in columns]
    rows = [(name, row) for name, row in found if row is not None]
    told = "; ".join(f"{name} {100 * row.value:.1f}" for name, row in rows)
    return interval_svg(rows, f"Shares in per cent: {told}") if rows else None


def _flat(values: dict[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Nested values as lines: (name, text)."""
    found: list[tuple[str, str]] = []
    for name, value in values.items():
        whole = f"{before}{name}".replace("_", " ")
        found += _flat(value, f"{whole}: ") if isinstance(value, dict) else [(whole, str(value))]
    return found


def _picture(entry: Entry, suite: str | None) -> dict[str, Any]:
    from medbench.reports.faces import before_and_after, pick_faces, webp
    from medbench.stages.resolve import MethodChoice, method_of

    info, where = entry.result.method, entry.result.suite
    try:
        faces = pick_faces(suite or where.name, where.split)
    except MedbenchError as error:
        raise MedbenchError(f"{error}\n--with-images needs the pictures: give --suite NAME|FOLDER") from None
    method, _ = method_of(MethodChoice(info.name, info.preset), "cpu")
    rows = before_and_after(method, faces, entry.result.seed)
    return {"data": base64.b64encode(webp(list(rows.values()))).decode(), "rows": list(rows)}
