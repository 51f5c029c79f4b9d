"""kill -9 at random moments, then resume: nothing is done twice, and the samples are the same bytes."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("killed_run.py")


def start(out, cache):
    environment = {**os.environ, "MEDBENCH_CACHE": str(cache), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(out)], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "started\n"
    return process


def whole(out, cache):
    began = time.monotonic()
    process = start(out, cache)
    assert process.wait() == 0
    return time.monotonic() - began


def published(out):
    (samples,) = out.rglob("samples.parquet")
    result = json.loads(samples.with_name("result.json").read_text())
    del result["timing"], result["created"]
    return samples.read_bytes(), result


def killed_again_and_again(tmp_path, kills, seed):
    seconds = whole(tmp_path / "reference", tmp_path / "cache_a")
    out, cache = tmp_path / "killed", tmp_path / "cache_b"
    moments = random.Random(seed)
    times: dict[Path, int] = {}
    for _ in range(kills):
        process = start(out, cache)
        time.sleep(moments.uniform(0, seconds))
        process.send_signal(signal.SIGKILL)
        process.wait()
        for shard in out.rglob("shards/*.npz"):
            times.setdefault(shard, shard.stat().st_mtime_ns)
    whole(out, cache)
    assert published(out) == published(tmp_path / "reference")
    assert all(shard.stat().st_mtime_ns == made for shard, made in times.items()), "finished shards stay"
    assert not list(out.rglob(".*.npz.*")), "no half-written file is left"


def test_a_killed_run_goes_on(tmp_path):
    killed_again_and_again(tmp_path, kills=1, seed=1)


@pytest.mark.slow
def test_ten_kills(tmp_path):
    killed_again_and_again(tmp_path, kills=10, seed=7)
