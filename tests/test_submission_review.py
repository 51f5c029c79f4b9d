"""What the workflow checks of a pull request follows from the paths that it changes."""

from __future__ import annotations

import subprocess
import sys

import pytest
import yaml

from medbench.leaderboards.submissions import review
from medbench.leaderboards.submissions.review import commands_for


@pytest.fixture
def tree(tmp_path):
    results = tmp_path / "leaderboards/results/mema-mini"
    results.mkdir(parents=True)
    (results / "blur.json").write_text("{}")
    folder = tmp_path / "methods/mine"
    folder.mkdir(parents=True)
    for name in ("a", "b"):
        (folder / f"card_{name}.yaml").write_text(yaml.safe_dump({"name": f"mine-{name}"}))
    return tmp_path


def test_rows_are_verified_once_and_methods_held_to_the_rules_and_tried(tree):
    row = "leaderboards/results/mema-mini/blur"
    changed = [
        f"{row}.json",
        f"{row}.card.yaml",
        f"{row}.samples.parquet",
        "methods/mine/model.py",
        "README.md",
    ]
    commands = commands_for(changed, tree)
    assert commands[0] == ["verify-submission", f"{row}.json", "--rerun", "64"]
    assert [c[:2] for c in commands[1:3]] == [["check-method", "mine-a"], ["check-method", "mine-b"]]
    assert [c[:3] for c in commands[3:]] == [["run", "--method", "mine-a"], ["run", "--method", "mine-b"]]


def test_what_is_gone_or_elsewhere_asks_for_nothing(tree):
    gone = ["leaderboards/results/mema-mini/old.json", "methods/old/card.yaml", "methods/../etc/card.yaml"]
    elsewhere = ["leaderboards/results/mema-mini/attacks/blur.json", "docs/x.md", "methods/method.py"]
    assert commands_for([*gone, *elsewhere], tree) == []


def test_one_failure_fails_the_whole(tree, monkeypatch, capsys):
    monkeypatch.chdir(tree)
    asked = []

    def pretend(words, check):
        asked.append(words)
        return subprocess.CompletedProcess(words, 1 if "verify-submission" in words else 0)

    monkeypatch.setattr(review.subprocess, "run", pretend)
    changed = ["leaderboards/results/mema-mini/blur.json", "methods/mine/card_a.yaml"]
    assert review.main(changed) == 1
    assert len(asked) == 5 and all(words[:3] == [sys.executable, "-m", "medbench"] for words in asked)
    assert "found wanting: verify-submission" in capsys.readouterr().out
    assert review.main(changed[1:]) == 0
