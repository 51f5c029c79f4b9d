"""Run the fake locked method in a process of its own, to be killed: python killed_run.py OUT."""

from __future__ import annotations

import sys
from pathlib import Path

import fake_parts

from medbench.registry import Registry
from medbench.request import Request
from medbench.runner import run

real = Registry.targets
Registry.targets = lambda self: fake_parts.TARGETS.get(self.kind) or real(self)
fake_parts.FakeSuite.subjects = {"select": 60, "val": 48}
print("started", flush=True)
run(Request(("fake_locked",), "fake", out=Path(sys.argv[1]), wrong_keys=150))
print("finished", flush=True)
