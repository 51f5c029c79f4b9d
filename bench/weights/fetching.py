"""Fetch official weight files, when the user says so and never else."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from medbench.atomic import clear_disk_errors
from medbench.core import MedbenchError, Unavailable
from medbench.progress import Progress
from medbench.weights.bringing import add, official_item
from medbench.weights.resuming import FetchError, ResumingDownload
from medbench.weights.store import place_of

#: Nothing larger is taken in, whatever a server says.
MOST_BYTES = 10_000_000_000


def fetch(
    name: str, progress: Progress | None = None, replace: bool = False, most_bytes: int = MOST_BYTES
) -> Path:
    """Fetch an official weight file into the user's store; what a broken try left is used again.

    Args:
        name: as listed.
        progress: told the megabytes.
        replace: take a file that differs from the one that was brought before.
        most_bytes: more is refused.

    Returns:
        Where it lies now.

    Raises:
        Unavailable: it has no plain address; the message is how to get it.
        MedbenchError: no address gave it; the message says why, and what to do.
    """
    item = official_item(name)
    if not item.addresses:
        raise Unavailable(f"{name} has no address that a program can fetch: {item.remedy()}")
    drafts = place_of(item).parent / "fetching"
    reasons = []
    with clear_disk_errors(drafts):
        for number, address in enumerate(item.addresses):
            part = drafts / f"{number}.part"
            download = ResumingDownload(name, part, progress or Progress(), most_bytes)
            try:
                path = add(name, _retrieve(address, drafts, download), replace, address)
            except FetchError as error:
                reasons.append(f"{address}: {error}")
            except MedbenchError as error:
                # What came is another thing than the file: it must not be continued next time.
                download.forget()
                reasons.append(f"{address}: {error}")
            else:
                shutil.rmtree(drafts)
                return path
    raise MedbenchError(
        f"{name} could not be fetched:\n" + "\n".join(reasons) + "\ngive the command again (what came is "
        f"used again), or get the file in another way and: medbench weights add {name} FILE"
    )


def _retrieve(address: str, folder: Path, download: ResumingDownload) -> Path:
    import pooch

    if urlsplit(address).scheme not in ("http", "https"):
        raise FetchError("not an http address")
    pooch.get_logger().setLevel(logging.WARNING)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{download.part.stem}.whole"
    target.unlink(missing_ok=True)  # pooch would take what lies there for the file
    return Path(pooch.retrieve(address, None, fname=target.name, path=folder, downloader=download))
