"""A method of someone else's runs without an edit of ours: as a file, and as an installed package."""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path

import pytest

from medbench.catalogue import catalogue
from medbench.core import MedbenchError
from medbench.registry import Registry
from medbench.request import Request
from medbench.runner import run

TOY = Path(__file__).parent.parent / "examples" / "toy_method.py"


@pytest.fixture
def only_fake_suite(fake_parts, monkeypatch):
    """The fake suite and judges, and the real registry of methods."""
    monkeypatch.delitem(fake_parts.TARGETS, "methods")


def test_one_file(only_fake_suite, tmp_path):
    report = run(Request((f"{TOY}:Tiles",), "fake", out=tmp_path, limit=8))
    ((folder, result),) = report.results
    assert result.method.name == "tiles"
    assert result.counts.n_protected == 8
    assert folder.path.name.startswith("tiles@")


def test_an_edited_file_does_not_find_its_old_shards(only_fake_suite, tmp_path):
    mine = tmp_path / "mine.py"
    folders = set()
    for text in (TOY.read_text(), TOY.read_text().replace("images, 16", "images, 8").replace("=16", "=8")):
        mine.write_text(text)
        report = run(Request((f"{mine}:Tiles",), "fake", out=tmp_path / "runs", limit=8))
        folders.add(report.results[0][0].path)
    assert len(folders) == 2


def test_an_installed_plugin(only_fake_suite, tmp_path, monkeypatch):
    site = tmp_path / "site"
    information = site / "tiles_plugin-1.0.dist-info"
    information.mkdir(parents=True)
    shutil.copy(TOY, site / "tiles_plugin.py")
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: tiles-plugin\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("[medbench.methods]\ntiles = tiles_plugin:Tiles\n")
    monkeypatch.syspath_prepend(str(site))
    importlib.invalidate_caches()
    assert "tiles" in Registry("methods").names()
    assert any(row["name"] == "tiles" for row in catalogue("methods"))
    report = run(Request(("tiles",), "fake", out=tmp_path / "runs", limit=8))
    assert report.results[0][1].counts.n_protected == 8
    sys.modules.pop("tiles_plugin", None)


def test_a_file_with_a_fault_is_told_and_not_ours(tmp_path):
    broken = tmp_path / "broken.py"
    broken.write_text("import does_not_exist\n")
    with pytest.raises(MedbenchError, match=r"broken\.py cannot be imported.*does_not_exist"):
        Registry("methods").get(f"{broken}:Thing")
    broken.write_text("x = 1\n")
    with pytest.raises(MedbenchError, match="defines no 'Thing'"):
        Registry("methods").get(f"{broken}:Thing")
