"""A suite's pictures as a folder of PNGs named by sample id, for programs that know folders only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from medbench.atomic import replacing
from medbench.core import MedbenchError
from medbench.quarantine import Quarantined, write_quarantine
from medbench.stages.groups import read

if TYPE_CHECKING:
    from medbench.progress import Progress
    from medbench.suites.suite import Suite


def export_suite(suite: Suite, split: str, ids: Sequence[str], out: Path, progress: Progress) -> int:
    """Write ``out/<id>.png`` for each id; returns how many. What cannot be read is in quarantine.csv.

    Raises:
        MedbenchError: ``out`` holds something already.

    """
    from PIL import Image

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise MedbenchError(f"{out} is not empty; give a folder of its own")
    suite.prepare(split, ids)
    progress.phase("pictures", len(ids))
    refused: list[Quarantined] = []
    for sample in read(suite, split, ids, refused):
        with replacing(out / f"{sample.id}.png") as draft:
            Image.fromarray(sample.image).save(draft, format="PNG")
        progress.advance()
    write_quarantine(out / "quarantine.csv", refused)
    return len(ids) - len(refused)
