"""`medbench train --method all`: each once, in its own folder; what is skipped or fails is told."""

from __future__ import annotations

import json
import sys
import types

import pytest
from fake_parts import FakeSuite, Untouched, card

from medbench.cli.main import main
from medbench.core import MedbenchError
from medbench.methods.training.job import Job
from medbench.retrain import MARK, train_many


class Budgeted(Untouched):
    card = card("fake_budgeted")


class Plain(Untouched):
    card = card("fake_plain")


class Failing(Untouched):
    card = card("fake_failing")


CALLS: list[tuple[str, Job]] = []


def budgeted(job):
    return written("budgeted", job, job.out / "mini.safetensors")


def plain(job):
    return written("plain", job, job.out / "fit.npz")


def failing(job):
    CALLS.append(("failing", job))
    raise RuntimeError("loss is NaN")


def written(name, job, file):
    CALLS.append((name, job))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"weights")
    return file


@pytest.fixture
def methods(fake_parts, monkeypatch):
    """Three methods with a trainer, in packages that exist in memory alone, and one without."""
    for kind, trainer in ((Budgeted, budgeted), (Plain, plain), (Failing, failing)):
        package = f"fake_room_{kind.__name__.lower()}"
        monkeypatch.setitem(sys.modules, package, types.ModuleType(package))
        train = types.ModuleType(f"{package}.train")
        train.train = trainer
        monkeypatch.setitem(sys.modules, f"{package}.train", train)
        monkeypatch.setattr(kind, "__module__", f"{package}.method")
    kinds = {"fake_untouched": Untouched, "fake_budgeted": Budgeted, "fake_plain": Plain}
    kinds["fake_failing"] = Failing
    targets = {name: f"test_train_all:{kind.__name__}" for name, kind in kinds.items()}
    monkeypatch.setitem(fake_parts.TARGETS, "methods", targets)
    CALLS.clear()
    return targets


def states(out, preset=None, **more):
    names = ["fake_budgeted", "fake_failing", "fake_plain", "fake_untouched"]
    found = train_many(names, Job(FakeSuite(), out, **more), preset)
    return {one.method: one.state for one in found}


def test_each_is_trained_once_and_the_rest_is_told(methods, tmp_path):
    first = states(tmp_path, minutes=30.0)
    assert first == {
        "fake_budgeted": "trained", "fake_failing": "failed", "fake_plain": "trained",
        "fake_untouched": "needs none",
    }  # fmt: skip
    assert dict(CALLS)["budgeted"].minutes == 10, "three share the budget"
    assert (tmp_path / "fake_budgeted" / "mini.safetensors").is_file()
    CALLS.clear()
    again = states(tmp_path, minutes=30.0)
    assert again["fake_budgeted"] == again["fake_plain"] == "was trained"
    assert [name for name, _ in CALLS] == ["failing"], "only what failed is tried again"
    assert dict(CALLS)["failing"].minutes == 30, "with the whole budget"


def test_another_seed_a_lost_file_or_a_fresh_start_train_again(methods, tmp_path):
    states(tmp_path)
    CALLS.clear()
    assert states(tmp_path, seed="1")["fake_budgeted"] == "trained"
    (tmp_path / "fake_plain" / "fit.npz").unlink()
    assert states(tmp_path, seed="1")["fake_plain"] == "trained"
    assert states(tmp_path, seed="1", resume=False)["fake_budgeted"] == "trained"
    (tmp_path / "fake_plain" / MARK).write_text("half a fi")
    assert states(tmp_path, seed="1")["fake_plain"] == "trained"


def test_the_command_tells_every_method_and_fails_where_one_does(methods, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["train", "--method", "all", "--suite", "fake", "--out", str(tmp_path), "--json"])
    said = capsys.readouterr()
    found = {one["method"]: one for one in json.loads(said.out)}
    assert ended.value.code == 1
    assert found["fake_failing"]["detail"] == "RuntimeError: loss is NaN"
    assert "training fake_plain" in said.err
    del methods["fake_failing"]
    with pytest.raises(SystemExit) as ended:
        main(["train", "--method", "all", "--suite", "fake", "--out", str(tmp_path)])
    assert ended.value.code == 0
    assert "was trained" in capsys.readouterr().out


def test_a_wrong_preset_stops_before_anything_is_trained(methods, tmp_path):
    with pytest.raises(MedbenchError, match="no preset 'huge'"):
        states(tmp_path, preset="huge")
    assert CALLS == []
