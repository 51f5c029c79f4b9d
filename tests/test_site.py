"""The board's site, without a browser: what stands on it, where its links lead, what it never holds."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from board_result import HOSTILE, MARKUP, row, write_board
from PIL import Image

from medbench.cli.main import main
from medbench.core import MedbenchError
from medbench.leaderboards.site.build import build_site
from medbench.leaderboards.site.shelf import read_boards
from medbench.leaderboards.tables.measured import RESULTS
from medbench.result import Result


class Page(HTMLParser):
    """Tags, what they link to, and the text outside scripts and styles."""

    def __init__(self, file):
        super().__init__()
        self.tags, self.links, self.ids, self.text, self.rows = [], [], set(), "", 0
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        self.ids.add(given.get("id"))
        self.links += [given[key] for key in ("href", "src") if key in given]

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    write_board(folder / "results")
    return build_site(folder / "results", folder / "out", sheets=False)


def pages(site):
    return {file: Page(file) for file in site.folder.rglob("*.html")}


def test_every_result_has_a_row_and_a_page_and_suites_share_no_table(site):
    index = Page(site.folder / "index.html")
    boards = [given["data-board"] for tag, given in index.tags if tag == "table" and "data-board" in given]
    assert boards == ["clinic-val", "mema-mini-val"]
    slugs = [given["data-m"] for tag, given in index.tags if tag == "tr" and "data-kept" in given]
    assert len(slugs) == len(set(slugs)) == 6
    assert {file.stem for file in (site.folder / "methods").iterdir()} == set(slugs)
    assert "measured on mema-mini (drawn faces)" in index.text
    assert "measured on clinic, split val" in index.text


def test_a_new_file_is_a_new_row(tmp_path):
    results = write_board(tmp_path / "results")
    row("newcomer").write(results / "mema-mini" / "newcomer.json")
    build_site(results, tmp_path / "out", sheets=False)
    assert "newcomer" in Page(tmp_path / "out" / "index.html").text
    build_site(write_board(tmp_path / "fewer"), tmp_path / "out", sheets=False)
    assert not list((tmp_path / "out" / "methods").glob("*newcomer*")), "an old row's page stays"


def test_names_and_cards_are_text_wherever_they_stand(site):
    found = ""
    for file, page in pages(site).items():
        scripts = [given for tag, given in page.tags if tag == "script"]
        assert all(given.get("src", "").endswith((".js",)) for given in scripts), file
        assert not [tag for tag, given in page.tags if any(key.startswith("on") for key in given)], file
        assert "evil.example" not in " ".join(page.links)
        found += page.text
    assert HOSTILE in found
    assert MARKUP in found
    assert "</script>" not in (site.folder / "assets" / "boards.js").read_text()


def test_links_stay_inside_and_lead_somewhere(site):
    known = pages(site)
    for file, page in known.items():
        for link in page.links:
            path, _, mark = link.partition("#")
            assert "//" not in link and not path.startswith("/"), (file, link)
            goal = (file.parent / path).resolve() if path else file
            assert goal.is_file(), (file, link)
            if mark:
                assert mark in known[goal].ids, (file, link)


def test_every_page_refuses_what_is_not_its_own(site):
    for file, page in pages(site).items():
        policies = [g["content"] for _, g in page.tags if g.get("http-equiv") == "Content-Security-Policy"]
        assert len(policies) == 1 and policies[0].startswith("default-src 'none'"), file
        assert not [g for _, g in page.tags if "style" in g], "the policy stops styles in attributes"


def test_downloads_hold_the_results_figures(site):
    folder = site.folder / "downloads"
    with (folder / "clinic-val.csv").open(encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    assert {(r["method"], r["suite"]) for r in rows} == {("keeper", "clinic"), ("hider", "clinic")}
    kept = next(r for r in rows if r["method"] == "keeper" and r["metric"] == "diagnosis_accuracy")
    assert [float(kept[name]) for name in ("value", "low", "high", "n")] == pytest.approx(
        [0.7, 0.67, 0.73, 200]
    )
    assert json.loads((folder / "clinic-val.json").read_text())[0]["pictures"] == "real"
    latex = (folder / "mema-mini-val.tex").read_text()
    assert latex.count(r"\\") == 5 and "70.0" not in latex
    assert "@misc{medbench-keeper," in (folder / "mema-mini-val.bib").read_text()
    with zipfile.ZipFile(folder / "mema-mini-val-all-figures.zip") as archive:
        figures = list(csv.DictReader(io.StringIO(archive.read("figures.csv").decode())))
    assert len(figures) == 4 * 6


def test_equal_results_give_equal_bytes(site, tmp_path):
    build_site(write_board(tmp_path / "results"), tmp_path / "out", sheets=False)
    for file in tmp_path.joinpath("out").rglob("*.*"):
        if file.is_file():
            assert file.read_bytes() == (site.folder / file.relative_to(tmp_path / "out")).read_bytes(), file


def test_a_folder_of_other_things_is_left_alone(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("years of work")
    with pytest.raises(MedbenchError, match="other things"):
        build_site(write_board(tmp_path / "results"), tmp_path / "out", sheets=False)
    with pytest.raises(MedbenchError, match="no result is here"):
        build_site(tmp_path / "out", tmp_path / "site", sheets=False)


def test_the_command_says_where_the_site_is(tmp_path, capsys):
    results = write_board(tmp_path / "results")
    call = ["leaderboard", "build", "--results", str(results), "--no-faces", "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit) as ended:
        main([*call, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert ended.value.code == 0 and Path(told["index"]).is_file()
    assert {slug: len(rows) for slug, rows in told["boards"].items()} == {"clinic-val": 2, "mema-mini-val": 4}
    with pytest.raises(SystemExit) as ended:
        main(["leaderboard", "build", "--results", str(tmp_path / "out"), "--out", str(tmp_path / "x")])
    assert ended.value.code == 2


def test_real_suites_never_show_faces(site, monkeypatch, tmp_path):
    from medbench.leaderboards.site import sheets

    def never(*given):
        raise AssertionError("a picture of a real suite was read")

    monkeypatch.setattr(sheets, "pick_faces", never)
    results = tmp_path / "results"
    row("blackout", "clinic").write(results / "clinic" / "blackout.json")
    built = build_site(results, tmp_path / "out", sheets=True)
    assert not list((tmp_path / "out").rglob("*.webp"))
    assert "not drawn" in next(iter(built.without_faces.values()))


def test_a_part_of_a_split_has_a_board_of_its_own(tmp_path):
    part = row("keeper")
    few = part.suite.model_copy(update={"n": 16, "selection": "part"})
    part.model_copy(update={"suite": few}).write(tmp_path / "mema-mini" / "part.json")
    row("keeper").write(tmp_path / "mema-mini" / "whole.json")
    boards = read_boards(tmp_path)
    assert [(board.slug, board.entries[0].result.suite.n) for board in boards] == [
        ("mema-mini-val", 200), ("mema-mini-val-2", 16),
    ]  # fmt: skip


@pytest.mark.slow
def test_drawn_faces_are_shown_small_and_without_metadata(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDBENCH_CACHE", str(tmp_path / "cache"))
    for name in ("mosaic", "untouched"):
        one = Result.read(RESULTS / "mema-mini" / f"{name}.json")
        one.write(tmp_path / "results" / "mema-mini" / f"{name}.json")
    row("nobody").write(tmp_path / "results" / "mema-mini" / "nobody.json")
    built = build_site(tmp_path / "results", tmp_path / "out")
    sheets = {file.stem: Image.open(file) for file in (tmp_path / "out" / "sheets").iterdir()}
    assert set(sheets) == {"mema-mini-val-mosaic", "mema-mini-val-untouched", "originals-mema-mini"}
    assert all(sheet.size == (600, 120) and not sheet.getexif() for sheet in sheets.values())
    before, after = (np.asarray(sheets[name]) for name in ("originals-mema-mini", "mema-mini-val-untouched"))
    assert (before == after).all()
    assert "not installed" in next(iter(built.without_faces.values()))


@pytest.mark.slow
def test_the_board_of_all_methods_stays_within_a_megabyte_and_a_half(tmp_path):
    built = build_site(RESULTS, tmp_path / "out", sheets=False)
    assert max(len(board.entries) for board in built.boards) >= 25
    # Sheets of five faces are not rendered here: 16 KB for a method with a key, 5 KB for others.
    faces = 9 * 16_500 + 16 * 5_500
    assert built.size + faces < 1_500_000
