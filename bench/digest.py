"""Short hashes: of what was asked, and of the source code that answers."""

from __future__ import annotations

import hashlib
import inspect
import json
from pathlib import Path
from typing import Any


def digest(value: Any, length: int = 64) -> str:
    """sha256 of a JSON-able value, with sorted keys, cut to ``length`` hex digits."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def source_digest(thing: type) -> str:
    """sha256 of the code that a class comes from; '' where its source cannot be read.

    A class in a package counts with every Python file of its folder, one in a lone file with that
    file: an edited method must not find its old shards.
    """
    try:
        file = Path(inspect.getsourcefile(thing) or "")
    except TypeError:
        return ""
    if not file.is_file():
        return ""
    packaged = (file.parent / "__init__.py").is_file()
    found = hashlib.sha256()
    for part in sorted(file.parent.glob("*.py")) if packaged else [file]:
        found.update(part.name.encode() + b"\0" + part.read_bytes() + b"\0")
    return found.hexdigest()
