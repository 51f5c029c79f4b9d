"""The page of all methods: the table, and each claim of the papers with what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from medbench.core import MedbenchError
from medbench.leaderboards.overview.story import Claim, claims
from medbench.leaderboards.site.shelf import result_files
from medbench.registry import Registry
from medbench.reports.overview import Overview, overviews
from medbench.reports.overview_forms import overview_markdown
from medbench.result import Result

BEGIN, END = "<!-- overview: begin -->", "<!-- overview: end -->"
HOLDS = {True: "yes", False: "**no**", None: "–"}
HEAD = """\
# All methods on {suite}

The table and the order below are written from the committed results by

```
medbench leaderboard overview --suite {suite} --out docs/results-all.md
```

{begin}

{end}

## Where the order differs, and why

"""


def suite_overview(folder: Path, suite: str) -> Overview:
    """One table of a suite's results, of the largest selection; registered methods without one are told.

    Raises:
        MedbenchError: there is no result of that suite.

    """
    results = [result for file in result_files(folder) if (result := Result.read(file)).suite.name == suite]
    if not results:
        raise MedbenchError(f"{folder}: no result on {suite} is here; `medbench submit RUN` puts one")
    (widest, *_) = sorted(overviews(results), key=lambda one: -one.results[0].suite.n)
    there = {result.method.name for result in widest.results}
    absent = {name: "no row yet" for name in Registry("methods").names() if name not in there}
    return Overview(widest.caption, widest.results, absent)


def page_text(overview: Overview) -> str:
    """What stands between the marks."""
    found = claims(overview.results)
    return "\n".join([overview_markdown(overview), "## The papers' order", "", *_lines(found)])


def page_head(suite: str) -> str:
    """A page with nothing between the marks yet, for a file that is not there."""
    return HEAD.format(suite=suite, begin=BEGIN, end=END)


def _lines(found: Sequence[Claim]) -> list[str]:
    rows = [f"| {one.text} | {HOLDS[one.holds]} | {one.seen} |" for one in found]
    return [
        "*More* and *less* mean beyond doubt: the 95 % intervals lie apart. Anchors, and methods that match",
        "more often than one in twenty, are not compared by what they keep.",
        "",
        "| claim | holds | seen |",
        "| --- | :---: | --- |",
        *rows,
        "",
    ]
