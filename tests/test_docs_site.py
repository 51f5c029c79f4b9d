"""The documentation's site: links, menu, notebook, and nothing from elsewhere."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md"))


def hook(name):
    spec = importlib.util.spec_from_file_location(f"hook_{name}", DOCS / "hooks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def settings():
    return yaml.safe_load((ROOT / "mkdocs.yml").read_text())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_every_link_within_the_repository_leads_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target


def test_every_page_is_in_the_menu():
    made = hook("present").on_config({"docs_dir": str(DOCS), "nav": settings()["nav"]})
    named = set(hook("present")._pages(made["nav"]))
    assert {page.relative_to(DOCS).as_posix() for page in PAGES} <= named
    for page in named:
        assert (DOCS / page).is_file() or page.startswith(("reference/", "notebooks/")), page


def test_the_theme_loads_nothing_from_elsewhere():
    assert settings()["theme"]["font"] is False
    assert "extra_javascript" not in settings() and "extra_css" not in settings()


def test_the_reference_has_every_public_module(tmp_path):
    tree = tmp_path / "medbench"
    for name in ("core.py", "suites/suite.py", "suites/_hidden.py", "cli/run.py", "suites/__init__.py"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("")
    pytest.importorskip("mkdocs")
    found = hook("python_reference").packages(tmp_path)
    assert found == {"medbench": ["medbench.core"], "medbench.suites": ["medbench.suites.suite"]}


def test_the_notebook_was_executed_without_fault():
    book = json.loads((DOCS / "notebooks/first_table.ipynb").read_text())
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code)
    assert not any(output["output_type"] == "error" for cell in code for output in cell["outputs"])
    assert len(json.dumps(book)) < 60_000, "outputs are text"


def test_the_notebook_is_what_its_script_writes():
    pytest.importorskip("nbclient")
    spec = importlib.util.spec_from_file_location("build_notebook", DOCS / "notebooks/build.py")
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    book = json.loads((DOCS / "notebooks/first_table.ipynb").read_text())
    assert [cell.source for cell in build.notebook().cells] == ["".join(c["source"]) for c in book["cells"]]


def test_a_notebook_becomes_a_page():
    pytest.importorskip("mkdocs")
    text = hook("notebook").to_markdown(DOCS / "notebooks/first_table.ipynb")
    assert "```python\nfrom medbench.suites.mini.suite import MiniSuite" in text
    assert "diagnosis_accuracy" in text


@pytest.mark.slow
def test_the_notebook_runs_again():
    pytest.importorskip("nbclient")
    spec = importlib.util.spec_from_file_location("build_notebook", DOCS / "notebooks/build.py")
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    done = build.execute(build.notebook())
    assert all(cell.get("execution_count") for cell in done.cells if cell.cell_type == "code")


@pytest.mark.slow
def test_the_site_is_built_without_warnings_and_asks_nobody(tmp_path):
    pytest.importorskip("material")
    pytest.importorskip("mkdocstrings")
    if not (ROOT / "build/typed/medbench").is_dir():
        pytest.skip("build/typed holds no wheel: make typed")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
    for page in (tmp_path / "site").rglob("*.html"):
        loaded = re.findall(
            r'<(?:script|link|img|iframe)[^>]*(?:src|href)="(https?:[^"]+)"', page.read_text()
        )
        assert not loaded, f"{page.name}: {loaded}"
