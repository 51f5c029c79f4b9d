"""What a scored study leaves: figures as JSON and CSV, tables as Markdown, plots as SVG; no picture."""

from __future__ import annotations

import json
from pathlib import Path

from medbench.atomic import write_text
from medbench.ratings.figure import MAJORITY
from medbench.ratings.plots.confusion import confusion_plot
from medbench.ratings.plots.intervals import ALMOST_PERFECT, interval_plot
from medbench.ratings.score import Scored
from medbench.ratings.table import to_csv, to_markdown


def publish(scored: Scored, folder: Path, note: str = "") -> list[Path]:
    """Write everything into ``folder``; returns the files."""
    grades = {question.name: question.grades for question in scored.readings.questions}
    document = {"note": note, **scored.document()}
    texts = {
        "figures.json": json.dumps(document, indent=1, ensure_ascii=False) + "\n",
        "figures.csv": to_csv([figure.row() for figure in scored.figures]),
        "tables.md": to_markdown(scored, note),
    }
    if scored.differences:
        texts["differences.csv"] = to_csv([one.row() for one in scored.differences])
    for name in grades:
        voted = [f for f in scored.figures if f.question == name and f.reader == MAJORITY]
        for metric, bar in (("kappa", ALMOST_PERFECT), ("sensitivity", None)):
            some = [figure for figure in voted if figure.estimate.metric == metric]
            texts[f"{metric}-{_safe(name)}.svg"] = interval_plot(f"{metric}, {name}", some, bar)
    for (name, arm), counts in scored.confusions.items():
        title = f"{name}, original and {arm}"
        texts[f"confusion-{_safe(name)}-{_safe(arm)}.svg"] = confusion_plot(title, grades[name], counts)
    for file, text in texts.items():
        write_text(folder / file, text)
    return [folder / file for file in texts]


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in name)
