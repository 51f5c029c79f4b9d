"""What a grader is asked, and the grades that may be given."""

from __future__ import annotations

import unicodedata

from pydantic import BaseModel, ConfigDict

from medbench.core import MedbenchError

#: How a cell begins that a spreadsheet computes.
FORMULA = ("=", "+", "@")
#: Columns of every sheet; no question may be called so.
RESERVED = ("grader", "session", "order", "code", "image", "arm", "subject")


class Question(BaseModel):
    """One column of a sheet: ``grades`` are all that may stand in it; ``ordered`` from least to most."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    grades: tuple[str, ...]
    ordered: bool = False

    @classmethod
    def parse(cls, text: str) -> Question:
        """``diagnosis=Normal,BCC,TAO`` has no order; ``redness=0<1<2`` has one.

        Raises:
            MedbenchError: no name, fewer than two grades, or a grade twice.

        """
        name, _, rest = text.partition("=")
        ordered = "<" in rest
        grades = tuple(_plain(word) for word in rest.split("<" if ordered else ","))
        name = _plain(name)
        if not name or len(grades) < 2 or not all(grades):
            raise MedbenchError(
                f"{text!r} is no question; write name=grade,grade,… or, in order, name=grade<grade<…"
            )
        if len({grade.casefold() for grade in grades}) < len(grades):
            raise MedbenchError(f"{text!r} names a grade twice; name each once")
        if any(word.startswith(FORMULA) for word in (name, *grades)):
            raise MedbenchError(f"{text!r}: a spreadsheet takes what begins with = + or @ for a formula")
        if name.casefold() in RESERVED:
            raise MedbenchError(f"a question cannot be called {name!r}; it is a column of every sheet")
        return cls(name=name, grades=grades, ordered=ordered)


def _plain(text: str) -> str:
    """One spelling for composed and decomposed letters, no blanks around."""
    return unicodedata.normalize("NFC", text.strip())
