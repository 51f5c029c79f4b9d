"""What every trainer makes of the job that it is given."""

import pytest
from fake_parts import FakeSuite

from medbench.core import MedbenchError
from medbench.methods.training.job import Job
from medbench.registry import Registry
from medbench.retrain import NeedsNoTraining, train_one, trainer_of


def trained() -> list[str]:
    """The methods that have a trainer."""
    found = []
    for name in Registry("methods").names():
        try:
            trainer_of(name)
        except NeedsNoTraining:
            continue
        found.append(name)
    return found


@pytest.mark.parametrize("method", trained())
def test_a_suite_without_a_renderer_is_refused_before_anything_is_drawn(method, tmp_path):
    with pytest.raises(MedbenchError, match="--suite mema-mini"):
        train_one(method, Job(FakeSuite(), tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_budget_is_the_job_s_or_the_trainer_s_own_for_the_device(tmp_path):
    budgets = [
        Job(FakeSuite(), tmp_path, device=device, minutes=minutes).budget(cpu=36.0, cuda=9.0)
        for device, minutes in (("cpu", None), ("cuda:1", None), ("cpu", 5.0), ("cuda", 5.0))
    ]
    assert budgets == [36.0, 9.0, 5.0, 5.0]


def test_a_part_keeps_all_but_folder_and_minutes(tmp_path):
    job = Job(FakeSuite(), tmp_path, "blocks-8", "cuda", resume=False, minutes=5.0, seed="7")
    part = job.part(1.5, "recogniser")
    assert part.stage == {"out": tmp_path / "recogniser", "device": "cuda", "resume": False}
    assert (part.suite, part.preset, part.seed, part.minutes) == (job.suite, "blocks-8", "7", 1.5)
    assert job.part(1.5).out == tmp_path
