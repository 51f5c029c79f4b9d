"""The way of a run, on parts small enough to follow every sample."""

from __future__ import annotations

import errno
import json
import math

import numpy as np
import pandas as pd
import pytest

from medbench.core import MedbenchError
from medbench.request import Request
from medbench.result import Result
from medbench.runner import run


@pytest.fixture
def go(fake_parts, tmp_path):
    def start(methods, **more):
        more = {"out": tmp_path / "runs", "wrong_keys": 100, "suite": "fake", **more}
        return run(Request(tuple(methods.split(",")), **more))

    return start


def only(report):
    ((folder, result),) = report.results
    return folder, result, pd.read_parquet(folder.samples)


def test_untouched_keeps_everything_and_hides_nothing(go):
    _, result, samples = only(go("fake_untouched"))
    assert result.counts.model_dump() == {
        "n_total": 48, "n_quarantined": 0, "n_failed": 0, "n_protected": 48,
        "n_faces": 48, "n_detected": 48, "n_scored": 48,
    }  # fmt: skip
    assert result.estimate("diagnosis_retention").value == 1
    assert result.estimate("face_matching_rate").value == 1
    assert result.estimate("id_dis").value == 0
    assert (samples["face_matched"] == 1).all()
    assert "identity_threshold" in result.calibration
    assert {s.metric for s in result.skipped} >= {"psnr_restored", "wrong_password_opens", "gaze_error"}


def test_a_keyed_method_is_restored_attacked_and_seen_under_one_key(go):
    _, result, samples = only(go("fake_locked"))
    assert math.isnan(result.estimate("psnr_restored").value), "bit-exact: no finite PSNR"
    assert result.estimate("ssim_restored").value == pytest.approx(1)
    assert result.estimate("face_matching_rate_restored").value == 1
    wrong = result.estimate("wrong_password_opens")
    assert wrong.n >= 100
    assert wrong.value <= 0.05
    assert result.estimate("verification_auc", "attacker=same_key") is not None
    assert result.estimate("face_matching_rate").value == 0
    assert len(samples) == 48


def test_every_failure_is_counted_and_none_dropped(go):
    report = go("fake_moody")
    _, result, samples = only(report)
    # -0 has no face, -1 gives NaN, -2 leaves the range, 000-3 has a wrong shape.
    assert result.counts.n_failed == 37
    assert result.counts.n_protected == 11
    assert sum(result.failures.values()) == 37
    assert result.failures["no face found"] == 12
    assert result.failures["output holds values that are not numbers"] == 12
    assert result.failures["output leaves [0, 1]"] == 12
    assert len(samples) == 48
    assert samples["failed"].sum() == 37
    left, stood_in = (result.estimate("face_matching_rate", reading=r) for r in ("excluded", "unprotected"))
    assert (left.n, stood_in.n) == (11, 48)


def test_a_method_that_fails_on_everything_still_leaves_its_counts(go):
    report = go("fake_hopeless")
    _, result, _ = only(report)
    assert result.counts.n_protected == 0
    assert result.failures == {"ValueError": 48}
    assert set(report.failures["fake_hopeless"].values()) == {"ValueError: never works"}


def test_unreadable_samples_are_set_aside_and_named_only_locally(go, fake_parts, monkeypatch):
    monkeypatch.setattr(fake_parts.FakeSuite, "broken", ("val-000-0", "val-003-2"))
    report = go("fake_untouched")
    folder, result, samples = only(report)
    assert result.counts.n_quarantined == 2
    assert result.counts.n_total == 48
    assert len(samples) == 46
    assert [row.id for row in report.quarantined] == ["val-000-0", "val-003-2"]
    assert "/secret/" in folder.quarantine.read_text()
    assert "secret" not in folder.result.read_text() + (folder.path / "spec.json").read_text()


def test_nothing_readable_is_an_error(go, fake_parts, monkeypatch):
    monkeypatch.setattr(fake_parts.FakeSuite, "broken", tuple(fake_parts.FakeSuite().index("val")["id"]))
    with pytest.raises(MedbenchError, match="none of the 48 samples can be read"):
        go("fake_untouched")


def test_a_face_that_is_not_found_in_the_original_is_not_judged(go, fake_parts, monkeypatch):
    read = fake_parts.FakeSuite.read

    def dark(self, split, sample_id):
        sample = read(self, split, sample_id)
        if sample_id == "val-002-1":
            sample.image[:32] = 1
        return sample

    monkeypatch.setattr(fake_parts.FakeSuite, "read", dark)
    _, result, samples = only(go("fake_untouched"))
    row = samples.set_index("id").loc["val-002-1"]
    assert result.counts.n_faces == 47
    assert result.counts.n_scored == 47
    assert np.isnan(row["id_dis"])


def test_two_runs_with_one_seed_give_one_result(go, tmp_path):
    texts, tables = [], []
    for name in ("a", "b"):
        folder, _, samples = only(go("fake_locked", out=tmp_path / name))
        found = json.loads(folder.result.read_text())
        found.pop("timing"), found.pop("created")
        texts.append(json.dumps(found))
        tables.append(samples)
        assert folder.samples.read_bytes()
    assert texts[0] == texts[1]
    pd.testing.assert_frame_equal(*tables)


def test_another_seed_is_another_folder_and_other_keys(go):
    first, _, a = only(go("fake_locked"))
    second, _, b = only(go("fake_locked", seed="1"))
    assert first.path != second.path
    assert not np.allclose(a["id_dis"], b["id_dis"])


def test_finished_work_is_not_done_again(go, fake_parts):
    folder, _, _ = only(go("fake_untouched"))
    before = folder.samples.read_bytes()
    fake_parts.FakeSuite.reads.clear()
    go("fake_untouched")
    assert fake_parts.FakeSuite.reads == []
    assert folder.samples.read_bytes() == before
    go("fake_untouched", resume="always")
    assert len(fake_parts.FakeSuite.reads) == 48
    with pytest.raises(MedbenchError, match="--resume only-missing"):
        go("fake_untouched", resume="never")


def test_a_lost_or_damaged_shard_is_made_again(go, fake_parts):
    folder, _, _ = only(go("fake_untouched"))
    before = folder.samples.read_bytes()
    folder.shard(1).write_bytes(folder.shard(1).read_bytes()[:100])
    fake_parts.FakeSuite.reads.clear()
    go("fake_untouched")
    assert len(fake_parts.FakeSuite.reads) == 16
    assert folder.samples.read_bytes() == before


def test_originals_are_looked_at_once_for_all_methods(go, fake_parts):
    go("fake_untouched,fake_locked")
    # 48 originals once; 48 protected for each; 48 restored for the one that can.
    assert fake_parts.FakeDoctor.looks == 48 + 2 * 48 + 48


def test_a_limit_keeps_whole_subjects(go):
    _, result, samples = only(go("fake_untouched", limit=10))
    assert result.suite.n == 8
    assert (samples["subject"].value_counts() == 4).all()


def test_metrics_can_be_chosen_and_unknown_names_are_told(go):
    _, result, _ = only(go("fake_untouched", metrics=("id_dis,ssim_protected",)))
    assert {row.metric for row in result.estimates} == {"id_dis", "ssim_protected"}
    with pytest.raises(MedbenchError, match="did you mean id_dis"):
        go("fake_untouched", metrics=("id_dist",))


def test_wrong_names_are_told(go):
    with pytest.raises(MedbenchError, match="no method is called"):
        go("fake_lock")
    with pytest.raises(MedbenchError, match="no split 'test'"):
        go("fake_untouched", split="test")
    with pytest.raises(MedbenchError, match="no preset 'huge'"):
        go("fake_untouched:huge")


def test_no_threshold_without_another_split(go):
    _, result, _ = only(go("fake_untouched", split="select"))
    assert result.calibration == {}
    reasons = {skipped.metric: skipped.reason for skipped in result.skipped}
    assert "select split is measured itself" in reasons["face_matching_rate"]


def test_nothing_published_holds_pixels_or_embeddings(go):
    folder, _, samples = only(go("fake_locked"))
    assert all(samples[name].dtype.kind in "fbiuO" for name in samples)
    assert not any(name.startswith(("identity", "image")) for name in samples)
    assert samples.map(np.ndim).to_numpy().max() == 0
    assert folder.result.stat().st_size < 200_000


def test_the_result_on_disk_is_the_one_returned(go):
    folder, result, _ = only(go("fake_moody"))
    assert Result.read(folder.result).model_dump_json() == result.model_dump_json()


def test_a_disk_that_fills_up_keeps_what_is_done(go, monkeypatch):
    write, written = np.savez, []

    def full(file, **arrays):
        if written:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(file)
        write(file, **arrays)

    with monkeypatch.context() as patch:
        patch.setattr(np, "savez", full)
        with pytest.raises(MedbenchError, match="the disk is full"):
            go("fake_untouched")
    before = written.copy()
    folder, result, _ = only(go("fake_untouched"))
    assert before == written
    assert result.counts.n_protected == 48
    assert sorted(file.name for file in folder.path.glob("shards/*")) == ["00000.npz", "00001.npz"]


@pytest.mark.slow
def test_worker_processes_give_the_same_samples(tmp_path):
    tables = []
    for workers in (1, 2):
        out = tmp_path / str(workers)
        request = Request(
            ("mosaic",), "mema-mini", limit=128, out=out, workers=workers, metrics=("id_dis,landmark_error",)
        )
        ((folder, result),) = run(request).results
        assert result.counts.n_protected == 128
        tables.append(folder.samples.read_bytes())
    assert tables[0] == tables[1]
