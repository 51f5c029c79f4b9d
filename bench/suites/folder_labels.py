"""labels.csv of a folder: what is known of each photograph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medbench.core import DISEASES, MedbenchError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

LABELS = "labels.csv"
#: Columns that are truth; others are left alone, since they may name people.
TRUTH = {
    "subject": "whose face: any word, the same for all photographs of a person",
    "disease": "one of " + ", ".join(DISEASES),
    "severity": "slight, mid or heavy",
    "side": "left, right or both",
    "age": "years",
    "sex": "f or m",
    "skin_tone": "any scale",
    "gaze_pitch": "degrees",
    "gaze_yaw": "degrees",
}
NUMBERS = ("age", "gaze_pitch", "gaze_yaw")
_BY_LOWER = {name.lower(): name for name in DISEASES}


def read_labels(file: Path) -> pd.DataFrame:
    """Read labels.csv: index is the file's path relative to the folder, columns those of TRUTH and ``split``.

    Subjects become s0000, s0001 … in the order of the files: a name or a record number would be
    guessed from its hash.

    Raises:
        MedbenchError: the table cannot be used; the message names the line.

    """
    import pandas as pd

    try:
        table = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, OSError) as error:
        raise MedbenchError(f"{file}: cannot be read as CSV ({error}); save it again as UTF-8 CSV") from None
    table.columns = [name.strip().lower() for name in table.columns]
    if "file" not in table:
        raise MedbenchError(
            f"{file}: has no column 'file'; its first line names the columns, e.g. file,subject"
        )
    table["file"] = table["file"].str.strip().str.replace("\\", "/", regex=False).str.removeprefix("./")
    twice = table["file"].duplicated()
    if twice.any():
        raise MedbenchError(f"{file}: line {_line(twice)} names a file for the second time; remove one")
    table = table.set_index("file")
    table = table[[name for name in (*TRUTH, "split") if name in table]]
    for name in table:
        table[name] = table[name].str.strip()
    for name in ("subject", "split"):
        if name in table and (table[name] == "").any():
            line = _line((table[name] == "").reset_index(drop=True))
            raise MedbenchError(f"{file}: line {line} has no {name}; fill it in or leave the column out")
    return _typed(table, file)


def _typed(table: pd.DataFrame, file: Path) -> pd.DataFrame:
    import pandas as pd

    if "disease" in table:
        table["disease"] = [_BY_LOWER.get(word.lower(), word) for word in table["disease"]]
    if "subject" in table:
        order = {name: i for i, name in enumerate(dict.fromkeys(table.sort_index()["subject"]))}
        table["subject"] = [f"s{order[name]:04d}" for name in table["subject"]]
    for name in NUMBERS:
        if name in table:
            numbers = pd.to_numeric(table[name], errors="coerce")
            wrong = numbers.isna() & (table[name] != "")
            if wrong.any():
                line = _line(wrong.reset_index(drop=True))
                raise MedbenchError(f"{file}: line {line}: {name} is not a number; correct it")
            table[name] = numbers
    return table


def _line(marked: pd.Series) -> int:
    """Line of the first marked row in the file, whose first line is the head."""
    return int(marked.to_numpy().argmax()) + 2
