"""A study: who reads what, and in how many sessions. It tells nobody which picture is protected."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from medbench.atomic import write_text
from medbench.core import MedbenchError
from medbench.ratings.question import Question

STUDY, LIST, SHEETS, PICTURES = "study.yaml", "readings.csv", "sheets", "pictures"
ORIGINAL = "original"


class Study(BaseModel):
    """What study.yaml holds: questions, graders, sessions and the days between two of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: tuple[Question, ...]
    graders: tuple[str, ...]
    sessions: int
    washout_days: int = 14
    note: str = ""

    def write(self, folder: Path) -> None:
        """Write ``study.yaml`` into ``folder``."""
        text = yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
        write_text(folder / STUDY, text)

    @classmethod
    def read(cls, folder: Path) -> Study:
        """Read ``study.yaml`` of a folder.

        Raises:
            MedbenchError: it is not there or is damaged.

        """
        file = folder / STUDY
        if not file.is_file():
            raise MedbenchError(f"{file}: no such file; medbench ratings template makes a study")
        try:
            return cls.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
            text = str(error).splitlines()[0]
            raise MedbenchError(f"{file} is damaged ({text}); make the study again") from None
