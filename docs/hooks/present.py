"""The menu lists what there is: absent pages are left out, new ones are found by folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

#: Made while the site is built.
MADE = ("reference/", "notebooks/")
#: Folder -> the menu's heading for pages that no entry names.
FOUND = {"": "More", "methods": "Methods", "decisions": "Decisions"}


def on_config(config: Any) -> Any:
    """Leave out absent pages, and add those that no entry names."""
    root = Path(config["docs_dir"])
    config["nav"] = _present(config["nav"], root)
    named = set(_pages(config["nav"]))
    for folder, title in FOUND.items():
        files = sorted((root / folder).glob("*.md"))
        new = [page for file in files if (page := file.relative_to(root).as_posix()) not in named]
        if new:
            config["nav"].append({title: new})
    return config


def _present(entries: list[Any], root: Path) -> list[Any]:
    kept: list[Any] = []
    for entry in entries:
        title, what = (None, entry) if isinstance(entry, str) else next(iter(entry.items()))
        if isinstance(what, list):
            kept.append({title: _present(what, root)})
        elif what.startswith(MADE) or (root / what).is_file():
            kept.append(entry)
    return kept


def _pages(entries: list[Any]) -> list[str]:
    pages: list[str] = []
    for entry in entries:
        what = entry if isinstance(entry, str) else next(iter(entry.values()))
        pages += _pages(what) if isinstance(what, list) else [what]
    return pages
