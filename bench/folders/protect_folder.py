"""Protect a folder of one's own pictures, and bring protected ones back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from medbench.core import MedbenchError
from medbench.folders.picture_folder import Form, Handled, plan, treat_folder
from medbench.folders.protection_note import Note
from medbench.stages import protect as stage

if TYPE_CHECKING:
    from medbench.keys import Key
    from medbench.methods.method import Method
    from medbench.progress import Progress
    from medbench.stages.groups import Group
    from medbench.stages.protect import Treated

_LOSSY = (".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".heic", ".heif", ".avif", ".jp2")


@dataclass(frozen=True)
class Job:
    """A loaded method, the folders, and ``check``: write or read the key's check value."""

    method: Method
    preset: str
    source: Path
    target: Path
    check: bool = True
    overwrite: bool = False


def protect_folder(job: Job, key: Key | None, form: Form, progress: Progress) -> Handled:
    """Protect every picture of a folder with one key, and leave a note of it beside them.

    A picture that the method left as it was counts as refused: it would pass for protected.

    Raises:
        MedbenchError: a key is lacking or too much, JPEG was asked of a method that restores, or
            the folder holds pictures under another key or method.

    """
    card = job.method.card
    if card.keyed and key is None:
        raise MedbenchError(f"{card.name} has a key: give --passphrase-file FILE or --prompt")
    if key is not None and not card.keyed:
        raise MedbenchError(f"{card.name} has no key, and nothing will bring the faces back; no passphrase")
    if card.reversible and form == "jpeg":
        raise MedbenchError(
            f"JPEG loses what {card.name} needs to bring a face back; write PNG: --format png"
        )
    places = plan(job.source, job.target, form, job.overwrite)
    note = Note.read(job.target)
    if note and key:
        note.require_method(job.method, job.preset, job.target)
        note.require_key(key, job.target)

    def treat(group: Group) -> Treated:
        truth = pd.DataFrame({"id": list(group.ids)})
        keys = [key] * len(group.ids) if key else None
        treated = stage.protect(job.method, group.images, group.ids, truth, keys)
        for row in treated.good:
            if np.array_equal(treated.images[row], group.images[row]):
                treated.failures[int(row)] = "came out unchanged"
        return treated

    if key and job.check and note is None:
        # Before the pictures: a job that is cut short leaves none without its note.
        Note.of(job.method, job.preset, key).write(job.target)
    return treat_folder(places, treat, job.target, f"{card.name}, protecting", progress)


def require_reversible(method: Method) -> None:
    """MedbenchError where the method cannot bring faces back: worth knowing before a passphrase is asked."""
    if not method.card.reversible:
        raise MedbenchError(f"{method.card.name} is not reversible: nothing brings these faces back")


def restore_folder(job: Job, key: Key, progress: Progress) -> Handled:
    """Bring the pictures of a protected folder back as PNG.

    Raises:
        MedbenchError: the method cannot restore, or the folder's note names another key, method
            or other weights (not asked where ``check`` is off).

    """
    card = job.method.card
    require_reversible(job.method)
    places = plan(job.source, job.target, "png", job.overwrite)
    note = Note.read(job.source) if job.check else None
    if note:
        note.require_method(job.method, job.preset, job.source)
        note.require_key(key, job.source)
    elif job.check:
        progress.say("no check value lies beside the pictures: a mistyped passphrase shows another face")
    lossy = sum(file.suffix.lower() in _LOSSY for file in places)
    if lossy:
        progress.say(f"{lossy} pictures are no PNG as they were written: what is lost cannot come back")

    def treat(group: Group) -> Treated:
        return stage.restore(job.method, group.images, [key] * len(group.ids))

    return treat_folder(places, treat, job.target, f"{card.name}, restoring", progress)
