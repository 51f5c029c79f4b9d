"""Where on this machine a data set lies: remembered by ``medbench data add``, in the user's own folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

from medbench.atomic import write_text
from medbench.core import MedbenchError


def config_file() -> Path:
    """``data.json`` in ``$MEDBENCH_CONFIG`` or in the user's configuration folder."""
    given = os.environ.get("MEDBENCH_CONFIG")
    if given:
        return Path(given) / "data.json"
    import platformdirs

    return platformdirs.user_config_path("medbench") / "data.json"


def remembered() -> dict[str, str]:
    """Data set -> folder.

    Raises:
        MedbenchError: the file is damaged.

    """
    file = config_file()
    if not file.is_file():
        return {}
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except ValueError:
        raise MedbenchError(f"{file} is damaged; delete it and give `medbench data add` again") from None


def remember(name: str, folder: Path) -> None:
    """Note where a data set lies."""
    known = remembered() | {name: str(folder.resolve())}
    write_text(config_file(), json.dumps(known, indent=1, sort_keys=True) + "\n")


def folder_of(name: str) -> Path | None:
    """The folder of a data set, None where it was never added."""
    found = remembered().get(name)
    return Path(found) if found else None
