"""Write and execute first_table.ipynb: ``python docs/notebooks/build.py``."""

from __future__ import annotations

import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

TARGET = Path(__file__).with_name("first_table.ipynb")
CELLS = (
    (
        "text",
        """# A first table, in Python

The tutorial's steps as function calls. Everything here is measured on `mema-mini`, a suite of *drawn*
faces: the figures say nothing about patients. Few images are used, so the intervals are wide.""",
    ),
    (
        "text",
        "## One image\n\nA suite gives samples: a picture (uint8, RGB), and what is true of it.",
    ),
    (
        "code",
        """from medbench.suites.mini.suite import MiniSuite

suite = MiniSuite()
index = suite.index("val")
index[["id", "subject", "disease", "severity", "side"]].head(8)""",
    ),
    (
        "code",
        """sample = suite.read("val", "val-0000-0")
sample.image.shape, sample.truth["disease"], int(sample.truth["mask"].sum())""",
    ),
    (
        "text",
        "## Protect it\n\nA method takes a batch of images in [0, 1] and gives images of the same shape.",
    ),
    (
        "code",
        """import torch

from medbench.core import Batch
from medbench.stages.resolve import MethodChoice, method_of

method, preset = method_of(MethodChoice.parse("mosaic", None), "cpu")
pixels = torch.from_numpy(sample.image).permute(2, 0, 1)[None] / 255
protected = method.anonymize(Batch(pixels, (sample.id,), index.head(0)))
print(method.card.name, preset, tuple(protected.shape))
print(f"mean change of a pixel: {float((protected - pixels).abs().mean()) * 255:.1f} of 255")""",
    ),
    (
        "text",
        """## Measure

`medbench run` does this for every image, looks at the results, and computes figures. In Python it is a
request and a function. 64 images are eight people.""",
    ),
    (
        "code",
        """from pathlib import Path

from medbench.request import Request
from medbench.runner import run

report = run(Request(methods=("untouched", "mosaic"), suite="mema-mini", limit=64, out=Path("runs")))
[result.method.name for _, result in report.results]""",
    ),
    (
        "text",
        "## The table\n\nEvery figure has its n and a 95 % interval that resamples people, not images.",
    ),
    (
        "code",
        """import pandas as pd

rows = [
    {
        "method": result.method.name,
        "figure": row.metric,
        "value": round(row.value, 3),
        "low": round(row.low, 3),
        "high": round(row.high, 3),
        "n": row.n,
    }
    for _, result in report.results
    for row in result.estimates
    if row.metric in ("diagnosis_accuracy", "id_dis", "detection_hog")
    and row.group == "all"
    and row.reading == "excluded"
]
pd.DataFrame(rows)""",
    ),
    (
        "text",
        """## Per image

The values of single images are kept without their pictures, so that two methods can be compared
later.""",
    ),
    (
        "code",
        """samples = pd.read_parquet(report.results[1][0].path / "samples.parquet")
samples[[name for name in ("id", "id_dis", "diagnosis_accuracy") if name in samples]].head(5).round(3)""",
    ),
    (
        "text",
        """## What it means

Mosaic hides the face from this recogniser and takes the diagnosis with it. `untouched` shows the reverse.
A method is good if it has neither fault. See `medbench run --method ours`.""",
    ),
)


def notebook() -> nbformat.NotebookNode:
    """The notebook, not executed yet."""
    make = {"text": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    cells = [make[kind](source) for kind, source in CELLS]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    python = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": python})


def execute(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Run every cell in an empty folder; warnings and times are not kept."""
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(book, timeout=1800, kernel_name="python3", cwd=folder).execute()
    for cell in book.cells:
        cell.metadata.clear()
        if cell.cell_type == "code":
            cell.outputs = [out for out in cell.outputs if out.get("name") != "stderr"]
            for out in cell.outputs:
                out.get("data", {}).pop("text/html", None)
    book.metadata.pop("language_info", None)
    return book


def main() -> None:
    """Write the executed notebook beside this file."""
    nbformat.write(execute(notebook()), TARGET)


if __name__ == "__main__":
    main()
