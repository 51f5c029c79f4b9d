"""Tiny repositories with the interfaces and the traps of the authors' own, written for these tests."""

from __future__ import annotations

import os
import runpy
import sys
import textwrap
import traceback
from pathlib import Path

import numpy as np

from medbench.core import MedbenchError
from medbench.methods.upstream.adapters import adapter_named
from medbench.methods.upstream.contents import source_hash, weights_file
from medbench.methods.upstream.exchange import read_result, write_picture
from medbench.methods.upstream.registration import Registration
from medbench.methods.upstream.session import run_wrapper


def write(folder, files):
    """Write {path: source}."""
    for name, text in files.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return Path(folder)


def forked(words, folder, log, time_limit, environment):
    """As run_program, in a fork of this process, which has torch already."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            out = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
            os.dup2(out, 1)
            os.dup2(out, 2)
            sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
            os.chdir(folder)
            os.environ.update(environment)
            sys.argv = list(words[1:])
            sys.path.insert(0, str(Path(words[1]).parent))
            runpy.run_path(words[1], run_name="__main__")
            code = 0
        except SystemExit as end:
            code = 1 if end.code else 0
            print(end.code)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code:
        raise MedbenchError(f"ended with code {code}: {Path(log).read_text(encoding='utf-8')[-600:]}")


class Trial:
    """A repository and its weights, which its own wrapper wrote."""

    def __init__(self, room, name, files, **weights):
        self.adapter, self.room = adapter_named(name), room
        self.repo = write(room / "repo", files)
        self.out = room / "weights"
        self.out.mkdir()
        self.weights = weights
        self.vouched = ()
        if name not in ("deep-privacy", "deep-privacy2"):
            self.call("random", [], [])

    def registration(self, **more):
        """As ``medbench upstream add`` would note it."""
        files = {need.name: sorted(self.out.glob(f"{need.name}*")) for need in self.adapter.needs}
        found = {name: weights_file(paths[0]) for name, paths in files.items() if paths}
        found |= {name: weights_file(path) for name, path in self.weights.items()}
        noted = {
            "name": self.adapter.name,
            "repo": self.repo,
            "commit": "unknown",
            "source": source_hash(self.repo),
            "python": Path(sys.executable),
            "weights": found,
            "vouched": self.vouched,
            "added": "2026-01-01",
        }
        return Registration(**(noted | more))

    def call(self, mode, pictures, drawn, casts=None):
        """Run the wrapper on uint8 pictures; returns its results, None where it gave none."""
        place = self.room / f"call-{len(list(self.room.iterdir()))}"
        place.mkdir()
        notes = []
        for index, (picture, own) in enumerate(zip(pictures, drawn, strict=True)):
            write_picture(place / f"in-{index}.png", picture)
            ends = {"input": str(place / f"in-{index}.png"), "output": str(place / f"out-{index}.png")}
            notes.append({"seed": 7, **ends, **own})
        files = {}
        for name, faces in (casts or {}).items():
            files[name] = [str(place / f"{name}-{index}.png") for index in range(len(faces))]
            for file, face in zip(files[name], faces, strict=True):
                write_picture(Path(file), face)
        job = {"mode": mode, "out": str(self.out), "pictures": notes, "casts": files}
        run_wrapper(self.adapter, self.registration(), job, place, "cpu")
        return [read_result(Path(note["output"])) for note in notes]


def picture(seed, side, low=60, high=196):
    """A smooth picture, uint8 (side, side, 3)."""
    corners = np.random.default_rng(seed).uniform(low, high, (2, 2, 3))
    t = np.linspace(0, 1, side)[:, None]
    rows = corners[0, 0] * (1 - t) + corners[0, 1] * t
    last = corners[1, 0] * (1 - t) + corners[1, 1] * t
    mixed = rows[:, None] * (1 - t[None]) + last[:, None] * t[None]
    return mixed.round().astype(np.uint8)
