"""The training loop: a killed run ends where an undisturbed one does, and every loss is written down."""

import csv

import numpy as np
import pytest
import torch
from torch import nn

from medbench.core import MedbenchError
from medbench.methods.training import checkpoint
from medbench.methods.training.data import IndexStream
from medbench.methods.training.loop import Budget, train_stage
from medbench.methods.training.schedule import warmup_cosine
from medbench.methods.training.seeds import seed_of


class Killed(Exception):
    pass


def small_net(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1), nn.Dropout(0.3), nn.SiLU(), nn.Conv2d(4, 3, 3, padding=1)
    )


def train(out, steps=12, die_at=None, resume=True, ema=0.9, checkpoint_every=0.0, rate=1e-2, **more):
    net = small_net()
    pictures = torch.rand(20, 3, 8, 8, generator=torch.Generator().manual_seed(5))
    stream = IndexStream(20, 4, ("test",))

    def step_fn(batch, step, progress):
        if step == die_at:
            raise Killed
        noisy = batch + 0.1 * torch.randn_like(batch)
        near = (net(noisy) - batch).square().mean()
        small = net[0].weight.square().mean()
        return {"total": near + 0.1 * small, "near": near, "small": small}

    return train_stage(
        "toy",
        models={"net": net},
        optimisers={"total": torch.optim.Adam(net.parameters(), rate)},
        step_fn=step_fn,
        batches=lambda step: pictures[stream(step)],
        budget=Budget(steps=steps),
        out=out,
        seeds=("toy", "0"),
        ema=ema,
        resume=resume,
        log_every=3,
        checkpoint_every=checkpoint_every,
        **more,
    )


def weights(result):
    return [
        t.clone() for group in (result.models, result.averaged) for t in group["net"].state_dict().values()
    ]


def test_resumed_run_is_bitwise_the_undisturbed_one(tmp_path):
    whole = weights(train(tmp_path / "whole"))
    for die_at in (5, 9):
        with pytest.raises(Killed):
            train(tmp_path / "killed", die_at=die_at)
    resumed = train(tmp_path / "killed")
    assert resumed.step == 12
    for a, b in zip(whole, weights(resumed), strict=True):
        assert torch.equal(a, b)


def test_checkpoints_that_are_rare_cost_steps_not_exactness(tmp_path):
    whole = weights(train(tmp_path / "whole"))
    with pytest.raises(Killed):
        train(tmp_path / "killed", die_at=7, checkpoint_every=1e9)
    assert checkpoint.latest(tmp_path / "killed" / "toy") is None
    for a, b in zip(whole, weights(train(tmp_path / "killed")), strict=True):
        assert torch.equal(a, b)


def test_half_written_checkpoints_are_passed_over(tmp_path):
    whole = weights(train(tmp_path / "run"))
    folder = tmp_path / "run" / "toy"
    draft = folder / ".checkpoint-00000099.part"
    draft.mkdir()
    (draft / checkpoint.WEIGHTS).write_bytes(b"cut off")
    half = folder / "checkpoint-00000098"
    half.mkdir()
    (half / checkpoint.WEIGHTS).write_bytes(b"no optimiser beside it")
    for a, b in zip(whole, weights(train(tmp_path / "run")), strict=True):
        assert torch.equal(a, b)


def test_a_finished_stage_is_loaded_not_trained(tmp_path):
    first = weights(train(tmp_path))
    second = train(tmp_path, die_at=0)
    for a, b in zip(first, weights(second), strict=True):
        assert torch.equal(a, b)


def test_without_resume_it_starts_anew(tmp_path):
    train(tmp_path, steps=6)
    with pytest.raises(Killed):
        train(tmp_path, die_at=0, resume=False)


def test_csv_has_every_loss_once_and_resume_leaves_no_double_rows(tmp_path):
    with pytest.raises(Killed):
        train(tmp_path, die_at=8)
    train(tmp_path)
    with (tmp_path / "toy" / "metrics.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert list(rows[0]) == ["step", "seconds", "total", "near", "small"]
    steps = [int(row["step"]) for row in rows]
    assert steps == sorted(set(steps))
    assert steps[-1] == 12
    for row in rows:
        assert float(row["total"]) == pytest.approx(float(row["near"]) + 0.1 * float(row["small"]), rel=1e-3)


def test_steps_lower_the_loss_on_a_fixed_batch(tmp_path):
    net = nn.Conv2d(3, 3, 1)
    batch = torch.rand(4, 3, 8, 8)
    before = (net(batch) - batch).square().mean().item()
    train_stage(
        "one",
        models={"net": net},
        optimisers={"total": torch.optim.Adam(net.parameters(), 1e-2)},
        step_fn=lambda images, step, progress: {"total": (net(images) - images).square().mean()},
        batches=lambda step: batch,
        budget=Budget(steps=1),
        schedule=lambda progress: 1.0,
        out=tmp_path,
        seeds=("one",),
    )
    assert (net(batch) - batch).square().mean().item() < before


def test_two_optimisers_each_lower_their_own_loss(tmp_path):
    ours, theirs = nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False)
    one = torch.ones(1, 1)

    def step_fn(batch, step, progress):
        made = ours(one)
        return {"total": theirs(made).sum(), "total_d": -theirs(made.detach()).sum()}

    start = [ours.weight.item(), theirs.weight.item()]
    train_stage(
        "two",
        models={"g": ours, "d": theirs},
        optimisers={
            "total": torch.optim.SGD(ours.parameters(), 0.1),
            "total_d": torch.optim.SGD(theirs.parameters(), 0.1),
        },
        step_fn=step_fn,
        batches=lambda step: None,
        budget=Budget(steps=1),
        schedule=lambda progress: 1.0,
        clip=None,
        out=tmp_path,
        seeds=("two",),
    )
    assert ours.weight.item() == pytest.approx(start[0] - 0.1 * start[1], abs=1e-6)
    assert theirs.weight.item() == pytest.approx(start[1] + 0.1 * start[0], abs=1e-6)


def test_a_loss_that_is_not_finite_stops_with_the_remedy(tmp_path):
    with pytest.raises(MedbenchError, match="lower learning rate"):
        train(tmp_path, rate=1e30, clip=None)


def test_other_networks_checkpoint_is_refused(tmp_path):
    train(tmp_path, ema=None)
    with pytest.raises(MedbenchError, match="does not fit"):
        train(tmp_path, ema=0.9)


def test_sheets_are_written(tmp_path):
    seen = []

    def sheet(models):
        seen.append(models["net"].training)
        return torch.full((3, 4, 6), 0.5)

    train(tmp_path, steps=4, sheet_fn=sheet, sheet_every=0.0)
    assert len(list((tmp_path / "toy" / "sheets").glob("*.png"))) == 4
    assert not any(seen)


def test_minutes_budget_counts_over_restarts():
    budget = Budget(steps=100, minutes=2)
    assert budget.progress(10, 60) == 0.5
    assert budget.progress(80, 60) == 0.8
    assert budget.progress(0, 500) == 1.0
    with pytest.raises(ValueError, match="steps"):
        Budget()


def test_schedule_rises_then_falls():
    values = [warmup_cosine(p) for p in np.linspace(0, 1, 101)]
    peak = int(np.argmax(values))
    assert 2 <= peak <= 5
    assert values[peak] == pytest.approx(1, abs=0.01)
    assert all(a >= b for a, b in zip(values[peak:], values[peak + 1 :], strict=False))
    assert values[-1] == pytest.approx(0.02)


def test_seeds_depend_on_names_alone():
    assert seed_of("a", 1) == seed_of("a", "1") != seed_of("a1")
    assert 0 <= seed_of("x") < 2**63
