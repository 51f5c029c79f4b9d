"""kill -9 at an odd moment, then resume: the same weights as a run that was left alone."""

import os
import signal
import subprocess
import sys
import time

import pytest
from safetensors.torch import load_file

SCRIPT = """
import sys, time
from pathlib import Path
import torch
from medbench.methods.training.loop import Budget, train_stage
torch.set_num_threads(1)
torch.manual_seed(0)
net = torch.nn.Linear(64, 64)
pause = float(sys.argv[2])
def step_fn(batch, step, progress):
    time.sleep(pause)
    return {"total": (net(batch + torch.randn_like(batch)) - batch).square().mean()}
train_stage("toy", models={"net": net}, optimisers={"total": torch.optim.Adam(net.parameters(), 1e-2)},
    step_fn=step_fn, batches=lambda step: torch.full((8, 64), step / 200), budget=Budget(steps=200),
    out=Path(sys.argv[1]), seeds=("kill",), ema=0.9, checkpoint_every=0.0)
"""


def run(folder, pause):
    return subprocess.Popen([sys.executable, "-c", SCRIPT, str(folder), str(pause)])


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_killed_and_resumed_is_left_alone(tmp_path):
    assert run(tmp_path / "whole", 0).wait() == 0
    killed = tmp_path / "killed"
    for wanted in (3, 40, 90):
        process = run(killed, 0.01)
        while not any(int(c.name[-8:]) >= wanted for c in killed.glob("toy/checkpoint-*")):
            assert process.poll() is None
            time.sleep(0.002)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert run(killed, 0).wait() == 0
    one, other = (
        load_file(next(f.glob("toy/checkpoint-*")) / "weights.safetensors")
        for f in (tmp_path / "whole", killed)
    )
    assert one.keys() == other.keys()
    assert all(one[key].equal(other[key]) for key in one)
