"""Text that is no grade: why it probably stands there."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence

from medbench.labels.missing import MISSING

_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez)[a-z]*"
_DATES = (
    re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2}(:\d{2})?)?", re.I),
    re.compile(rf"\d{{1,2}}[-. /]*{_MONTH}([-. /]*\d{{2,4}})?", re.I),
    re.compile(rf"{_MONTH}[-. /]+\d{{2,4}}", re.I),
)
#: Excel's numbers for the days of 1990 to 2050.
_SERIAL = range(32_874, 54_789)


def fault_of(text: str, grades: Sequence[str]) -> str | None:
    """Why ``text`` is none of ``grades``; None where it is one, by its exact spelling.

    Told apart: a missing reading, an Excel date, a mixture of encodings, another spelling, anything else.
    """
    plain = unicodedata.normalize("NFC", text)
    if plain in grades:
        return None
    if plain.casefold() in MISSING:
        return "holds no grade; fill it in"
    if _is_date(plain):
        return "is an Excel date; format the column as text and write the grade again"
    if _is_garbled(plain):
        return "is garbled by mixed encodings; open the sheet as UTF-8 and write the grade again"
    close = [grade for grade in grades if grade.casefold() == "".join(plain.split()).casefold()]
    close = close or difflib.get_close_matches(plain, grades, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"it may be {', '.join(grades)}"
    return f"is no grade; {hint}"


def _is_date(text: str) -> bool:
    serial = text.isdecimal() and int(text) in _SERIAL
    return serial or any(pattern.fullmatch(text) for pattern in _DATES)


def _is_garbled(text: str) -> bool:
    """UTF-8 that was read as Windows' encoding and saved again, or letters that were lost."""
    if "\ufffd" in text:
        return True
    try:
        return text.encode("cp1252").decode("utf-8") != text
    except UnicodeError:
        return False
