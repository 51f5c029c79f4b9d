"""Make a study's folder: study.yaml, the reading list and empty sheets; the key goes elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from medbench.core import MedbenchError
from medbench.ratings.design import Design, design
from medbench.ratings.key_file import write_key
from medbench.ratings.reading_list import write_list
from medbench.ratings.study import STUDY, Study
from medbench.ratings.write_sheets import Form, write_sheets


def make_study(
    folder: Path,
    key: Path,
    study: Study,
    subjects: Mapping[str, str],
    arms: Sequence[str],
    seed: str,
    form: Form,
) -> Design:
    """Randomise and write a study; returns what was drawn.

    Args:
        folder: for graders; must not hold a study yet.
        key: file for the key, outside ``folder``.
        study: questions and graders; its number of sessions is set to that of the arms.
        subjects: image -> whose it is.
        arms: ``original`` and the protections.
        seed: names the draws.
        form: of the sheets.

    Raises:
        MedbenchError: the folder holds a study, or the key would lie in it.

    """
    if (folder / STUDY).exists():
        raise MedbenchError(f"{folder} holds a study already; give another folder")
    drawn = design(subjects, arms, study.graders, seed)
    write_key(key, folder, drawn.key)
    write_list(folder, drawn.turns)
    asked = study.model_copy(update={"sessions": drawn.sessions})
    write_sheets(folder, asked, drawn.turns, form)
    # Last, so that a folder with it is whole.
    asked.write(folder)
    return drawn
