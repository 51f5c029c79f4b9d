"""From a folder of results to a folder of pages."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import medbench
from medbench.atomic import clear_disk_errors, replacing
from medbench.core import MedbenchError
from medbench.leaderboards.site import pages
from medbench.leaderboards.site.compare_data import compare_script
from medbench.leaderboards.site.data_cards import read_data_cards
from medbench.leaderboards.site.downloads import downloads_of
from medbench.leaderboards.site.index_view import board_view
from medbench.leaderboards.site.method_view import method_view
from medbench.leaderboards.site.papers_view import papers_view
from medbench.leaderboards.site.reading_view import reading_view
from medbench.leaderboards.site.sheets import originals
from medbench.leaderboards.site.shelf import Board, read_boards, slug_of
from medbench.reports.board import DRAWN

#: Says that a folder holds a site, so that it may be written anew.
MARK = ".medbench-site"
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """A finished site: its folder, boards, files and bytes, and methods without faces (slug -> why)."""

    folder: Path
    boards: tuple[Board, ...]
    files: int
    size: int
    without_faces: dict[str, str]


def build_site(results: Path, out: Path, sheets: bool = True, tell: Tell = lambda text: None) -> Built:
    """Write the site into ``out``, which is empty or holds an older site.

    Args:
        results: folder of <suite>/<method>.json, or of runs.
        out: where the site goes; what an older site left there is taken away.
        sheets: render sample sheets of drawn faces.
        tell: hears which method is at work.

    Raises:
        MedbenchError: no results, or ``out`` holds something else.

    """
    boards = read_boards(results)
    _make_room(out)
    files: dict[str, bytes] = {}
    missing: dict[str, str] = {}
    for name, text in _pages(boards, results):
        files[name] = text.encode()
    for board in boards:
        for name, data in downloads_of(board).items():
            files[f"downloads/{name}"] = data
        for entry in board.entries:
            tell(entry.title)
            view = method_view(board, entry, sheets)
            files[f"methods/{entry.slug}.html"] = _page("method.html", "../", **view).encode()
            if view["sheet"]:
                files[f"sheets/{entry.slug}.webp"] = view["sheet"].webp
                files |= _originals(board)
            elif sheets:
                missing[entry.slug] = view["no_sheet"]
    for name, data in files.items():
        with replacing(out / name) as draft:
            draft.write_bytes(data)
    size = sum(map(len, files.values()))
    return Built(out, tuple(boards), len(files), size, missing)


def _pages(boards: list[Board], results: Path) -> Iterator[tuple[str, str]]:
    yield "index.html", _page("index.html", boards=[board_view(board) for board in boards])
    yield "compare.html", _page("compare.html")
    yield "papers.html", _page("papers.html", **papers_view(results))
    yield "reading.html", _page("reading.html", **reading_view())
    cards = read_data_cards()
    yield "data.html", _page("data.html", cards=cards)
    for card in cards:
        yield f"data/{card.slug}.html", _page("data_card.html", "../", card=card)
    for name in pages.ASSETS:
        yield f"assets/{name}", pages.asset(name)
    yield "assets/boards.js", compare_script(boards)


def _page(template: str, root: str = "", **values: Any) -> str:
    return pages.page(template, root, here=template, version=medbench.__version__, **values)


def _originals(board: Board) -> dict[str, bytes]:
    suite = board.entries[0].result.suite
    if suite.name not in DRAWN:
        return {}
    return {f"sheets/originals-{slug_of(suite.name)}.webp": originals(suite.name, suite.split)}


def _make_room(out: Path) -> None:
    with clear_disk_errors(out / MARK):
        if out.exists() and not out.is_dir():
            raise MedbenchError(f"{out}: is a file; give a folder with --out")
        if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
            raise MedbenchError(f"{out}: holds other things than a site; give an empty folder with --out")
        out.mkdir(parents=True, exist_ok=True)
        (out / MARK).write_text(
            "Written by medbench leaderboard build; everything here may be overwritten.\n"
        )
        for old in out.iterdir():
            if old.is_dir() and old.name in ("methods", "data", "downloads", "sheets", "assets"):
                shutil.rmtree(old)
