"""The site in a real browser: sorting, filters, plots, keyboard, themes, no error, no request elsewhere."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

import pytest
from board_result import HOSTILE, write_board

from medbench.leaderboards.site.build import build_site
from medbench.reports.run_report import run_report

api = pytest.importorskip("playwright.sync_api")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")]
GRAVE = ("error", "warning")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1360, "height": 900}
PAGES = ("index.html", "compare.html", "papers.html", "reading.html", "data.html", "data/mema-mini.html")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    results = write_board(folder / "results")
    built = build_site(results, folder / "site", sheets=False)
    (built.folder / "report.html").write_text(run_report([results / "mema-mini" / "row-1.json"]), "utf-8")
    return built.folder


@pytest.fixture(scope="module")
def browser():
    with api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def visit(browser, site):
    """Open pages; at the end nothing may have gone wrong, nor been asked from elsewhere."""
    wrong, contexts = [], []

    def look(path, size=DESK, dark=False):
        context = browser.new_context(viewport=size, color_scheme="dark" if dark else "light")
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda told: wrong.append(told.text) if told.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on("request", lambda asked: None if _own(asked.url) else wrong.append(asked.url))
        page.goto((site / path).as_uri())
        return page

    yield look
    for context in contexts:
        context.close()
    assert wrong == []


def _own(url):
    return url.startswith(("file:", "data:"))


def methods(page, board="mema-mini-val"):
    rows = page.locator(f'[data-board="{board}"] tbody tr:visible th a')
    return rows.all_inner_texts()


def head(page, text):
    return page.locator('[data-board="mema-mini-val"] thead button', has_text=text)


def test_titles_sort_both_ways_by_mouse_and_keyboard(visit):
    page = visit("index.html")
    assert methods(page) == ["untouched", "keeper", HOSTILE, "hider"], "what keeps most stands first"
    naive = head(page, "AUC naive")
    naive.click()
    assert methods(page) == ["hider", HOSTILE, "keeper", "untouched"], "better, which is lower, first"
    assert naive.locator("xpath=..").get_attribute("aria-sort") == "ascending"
    naive.focus()
    page.keyboard.press("Enter")
    assert methods(page)[0] == "untouched"
    assert page.locator('[data-board="mema-mini-val"] [aria-sort]').count() == 1
    head(page, "Method").focus()
    page.keyboard.press("Space")
    assert methods(page)[1:] == ["hider", "keeper", "untouched"]
    assert methods(page, "clinic-val") == ["keeper", "hider"], "the other board stays as it was"


def test_filters_leave_rows_out_and_say_how_many(visit):
    page = visit("index.html")
    form = page.locator('[data-filters="mema-mini-val"]')
    form.get_by_label("Matches at most %").fill("5")
    assert methods(page) == ["keeper", HOSTILE, "hider"]
    form.get_by_label("Diagnosis at least %").fill("50")
    assert methods(page) == ["keeper", HOSTILE]
    form.get_by_label("Find").fill("KEEP")
    assert methods(page) == ["keeper"]
    assert page.locator('[data-status="mema-mini-val"]').inner_text() == "1 of 4 methods"
    assert page.locator(".pt.on:not(.pt [data-m])").count() == 2, "one mark in each measured panel"
    form.get_by_role("button", name="Reset").click()
    page.wait_for_function("document.querySelector('[data-status]').textContent === '2 methods'")
    assert len(methods(page)) == 4
    form.get_by_label("Hidden").uncheck()
    assert not head(page, "AUC naive").is_visible()
    assert head(page, "diagnosis").is_visible()


def test_plots_are_there_with_every_method(visit):
    page = visit("index.html")
    suite = page.locator("#mema-mini-val")
    panels = suite.locator('[data-plot="pareto"] figure')
    assert panels.count() == 4
    assert [panels.nth(i).locator("g.pt").count() for i in range(4)] == [4, 4, 0, 0]
    assert "Not measured" in panels.nth(2).inner_text()
    assert suite.locator('[data-plot="ranks"] g.rk').count() == 3, "references take no rank"
    assert suite.locator('[data-plot="heat"] tbody tr').count() == 4
    for drawn in suite.locator("figure svg").all():
        box = drawn.bounding_box()
        assert box["width"] > 100 and box["height"] > 100


def test_two_methods_are_compared_and_the_address_keeps_them(visit, site):
    page = visit("compare.html")
    page.locator("select[name=a]").select_option(label="hider (classical)")
    told = page.locator("[data-told]").inner_text()
    assert told.startswith("A = hider (classical)")
    board = page.locator("select[name=board]")
    board.select_option(index=1)
    page.locator("select[name=a]").select_option(label="keeper (classical)")
    page.locator("select[name=b]").select_option(
        label=f"{HOSTILE} (classical)" if False else "hider (classical)"
    )
    lines = [" ".join(text.split()) for text in page.locator("[data-lines] tr").all_inner_texts()]
    kept = next(line for line in lines if line.startswith("diagnosis %"))
    assert "85.0 [82.0, 88.0], n 200" in kept and "65.0" in kept and "A is better" in kept
    address = page.evaluate("location.href")
    page.get_by_role("button", name="Swap").click()
    assert "A = hider" in page.locator("[data-told]").inner_text()
    page.goto("about:blank")
    page.goto(address)
    assert "A = keeper" in page.locator("[data-told]").inner_text()


def test_the_theme_follows_the_system_until_it_is_switched(visit):
    page = visit("index.html", dark=True)
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    switch = page.get_by_role("button", name="Dark")
    assert switch.get_attribute("aria-pressed") == "true"
    switch.click()
    light = page.evaluate(ground)
    assert light != dark and switch.get_attribute("aria-pressed") == "false"
    page.reload()
    assert page.evaluate(ground) == light, "the choice is kept"


def test_the_first_tab_skips_to_the_content(visit):
    page = visit("index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("name", [*PAGES, "method", "report.html"])
def test_no_page_is_wider_than_a_phone(visit, site, name):
    page = visit(_path(site, name), PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", [*PAGES, "method", "report.html"])
def test_axe_finds_nothing_serious(visit, site, name, dark):
    page = visit(_path(site, name), dark=dark)
    page.evaluate(_axe())
    found = page.evaluate("axe.run({preload: false}).then(told => told.violations)")
    grave = [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert grave == []


def _path(site, name):
    return f"methods/{next((site / 'methods').glob('*keeper*')).name}" if name == "method" else name


def _axe():
    given = os.environ.get("AXE_MIN_JS")
    if given:
        return Path(given).read_text(encoding="utf-8")
    spec = importlib.util.find_spec("axe_core_python")
    if spec is None:
        pytest.skip("axe is not here: pip install axe-core-python, or AXE_MIN_JS=path/to/axe.min.js")
    return Path(spec.origin).with_name("axe.min.js").read_text(encoding="utf-8")
