"""A package outside this repository tests its own methods with our rules, by one line each."""

from __future__ import annotations

import os
import re
import subprocess
import sys

METHODS = """
from medbench.core import Unavailable
from medbench.methods.method import Method, MethodCard


class Negative(Method):
    card = MethodCard(name="negative", entry="outside_kit:Negative", title="n", summary="n", licence="none",
                      backend="classical", presets=("soft", "hard"), default_preset="soft")

    def load(self, device="cpu", preset=None):
        self.scale = {"soft": 0.5, "hard": 1.0}[self.card.preset(preset)]

    def anonymize(self, batch, keys=None):
        return self.scale * (1 - batch.images)


class Bright(Negative):
    def anonymize(self, batch, keys=None):
        return batch.images + 0.5


class Weightless(Negative):
    def load(self, device="cpu", preset=None):
        raise Unavailable("no weights here: fetch them")
"""
TESTS = """
from medbench.methods.conformance.pytest_rules import conformance_of
from outside_kit import Bright, Negative, Weightless

test_negative = conformance_of(Negative, presets=(None, "hard"))
test_bright = conformance_of(Bright)
test_weightless = conformance_of(Weightless)
"""


def test_a_package_of_others_is_held_to_every_rule(tmp_path):
    (tmp_path / "outside_kit.py").write_text(METHODS)
    (tmp_path / "test_kit.py").write_text(TESTS)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "OMP_NUM_THREADS": "1", "COLUMNS": "300"}
    words = [sys.executable, "-m", "pytest", "-q", "-rsf", "-p", "no:cacheprovider", "test_kit.py"]
    ended = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    out = ended.stdout
    assert ended.returncode == 1, out
    assert re.search(r"FAILED test_kit.py::test_bright\[image-default\].*should be in \[0, 1\]", out), out
    assert "FAILED test_kit.py::test_negative" not in out
    assert "only for keyed methods" in out and "no weights here: fetch them" in out
    passed, failed = (int(re.search(rf"(\d+) {word}", out)[1]) for word in ("passed", "failed"))
    assert failed == out.count("FAILED test_kit.py::test_bright") and passed >= 20
