"""Score pictures that were protected elsewhere: the way of a run, with a folder for a method."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medbench.environment import pick_device
from medbench.runner import Report, lay_ground, run_method
from medbench.stages.elsewhere import Elsewhere, Pictures, names_of
from medbench.stages.keyring import Keyring
from medbench.stages.resolve import MethodChoice, suite_of
from medbench.stages.worker import one_thread

if TYPE_CHECKING:
    from medbench.progress import Progress
    from medbench.request import Request


@dataclass(frozen=True)
class Scored:
    """The run's report, and what was found besides: files of no sample, samples without a file."""

    report: Report
    extra: tuple[Path, ...]
    missing: tuple[str, ...]
    not_restored: tuple[str, ...]


def score_folder(
    request: Request, images: Path, restored: Path | None, name: str, progress: Progress
) -> Scored:
    """Take the pictures in ``images`` for a method's output, and those in ``restored`` for its restore.

    Args:
        request: suite, split, limit, seed, metrics …; its methods are not looked at.
        images: protected pictures, named by sample id or by the photograph's place in its folder.
        restored: pictures brought back, named alike; None where there are none.
        name: what the method is called in the result.
        progress: told how far it is.

    Raises:
        MedbenchError: a folder holds no picture of the suite, or the run cannot be made.

    """
    device = pick_device(request.device)
    suite = suite_of(request.suite)
    split = request.split or suite.default_split
    report = Report()
    with one_thread(device):
        ground = lay_ground(request, suite, device, progress)
        every = list(suite.index(split)["id"])
        names = names_of(suite, split, every)
        folders = [Pictures.find(images, names), Pictures.find(restored, names) if restored else None]
        protected, back = folders
        assert protected is not None
        ids = list(ground.index["id"])
        keyring = Keyring(ground.seed, ground.info.name)
        method = Elsewhere(name, protected, back, {keyring.right(one): one for one in ids})
        run_method(MethodChoice(name, None), method, ground, request, progress, report)
    extra = tuple(path for folder in folders if folder for path in folder.extra)
    missing = tuple(one for one in ids if one not in protected.files)
    lost = tuple(one for one in ids if back and one in protected.files and one not in back.files)
    return Scored(report, extra, missing, lost)
