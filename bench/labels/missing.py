"""How spreadsheets and statistics packages write a cell that holds nothing."""

from __future__ import annotations

#: In lower case.
MISSING = ("", "na", "n/a", "#n/a", "nan", "null", "?", ".")
