"""A run's folder: named by what its figures depend on, written whole, held by one run at a time."""

from __future__ import annotations

import errno

import numpy as np
import pytest

from medbench.atomic import replacing, write_text
from medbench.core import MedbenchError
from medbench.quarantine import Quarantined
from medbench.runs import RunFolder
from medbench.shards import Shard, assemble, merge

SUITE = {"name": "s", "fingerprint": "1"}


def test_the_path_is_the_key(tmp_path):
    one = RunFolder.of(tmp_path, SUITE, {"name": "m", "seed": "0"})
    same = RunFolder.of(tmp_path, SUITE, {"seed": "0", "name": "m"})
    other = RunFolder.of(tmp_path, SUITE, {"name": "m", "seed": "1"})
    assert one.path == same.path
    assert one.path != other.path
    assert one.path.parent == other.path.parent
    assert one.path.name.startswith("m@")


def test_a_name_with_slashes_stays_inside(tmp_path):
    folder = RunFolder.of(tmp_path, SUITE, {"name": "../../etc/passwd"})
    assert folder.path.parent.parent == tmp_path


def test_one_run_at_a_time(tmp_path):
    folder = RunFolder.of(tmp_path, SUITE, {"name": "m"})
    with (
        folder.open("only-missing"),
        pytest.raises(MedbenchError, match="another medbench"),
        folder.open("only-missing"),
    ):
        pass
    with folder.open("only-missing"):
        pass


def test_never_refuses_a_folder_and_always_empties_it(tmp_path):
    folder = RunFolder.of(tmp_path, SUITE, {"name": "m"})
    with folder.open("never"):
        Shard(("a",)).write(folder.shard(0))
    with pytest.raises(MedbenchError, match="--resume never"), folder.open("never"):
        pass
    with folder.open("only-missing"):
        assert folder.shard(0).is_file()
    with folder.open("always"):
        assert not folder.shard(0).exists()


def test_a_write_that_fails_leaves_the_old_file_and_no_draft(tmp_path):
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with pytest.raises(RuntimeError), replacing(path) as draft:
        draft.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_told_and_what_is_done_stays(tmp_path):
    path = tmp_path / "a.txt"
    write_text(path, "done")
    with pytest.raises(MedbenchError, match="the disk is full"), replacing(path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert path.read_text() == "done"


def test_drafts_of_a_killed_run_are_swept(tmp_path):
    folder = RunFolder.of(tmp_path, SUITE, {"name": "m"})
    with folder.open("only-missing"):
        Shard(("a",)).write(folder.shard(0))
    draft = folder.shard(0).with_name(".00001.npz.abc")
    draft.write_bytes(b"half")
    with folder.open("only-missing"):
        assert not draft.exists()
        assert folder.shard(0).exists()


def shard(ids, **more):
    rows = len(ids)
    role = {"identity": np.arange(rows * 2.0).reshape(rows, 2), "detected": np.ones(rows, bool)}
    return Shard(tuple(ids), roles={"original": role}, **more)


def test_a_shard_comes_back_as_it_was(tmp_path):
    before = shard(
        "ab",
        failures={"a": "ValueError: x"},
        restore_failures={"b": "y"},
        quarantined=(Quarantined("c", "/p/c.png: damaged; copy it again", "damaged"),),
        wrong_keys={name: np.arange(3.0) for name in ("row", "attempt", "distance", "psnr", "psnr_right")},
        seconds={"read": 1.5},
    )
    before.write(tmp_path / "0.npz")
    after = Shard.read(tmp_path / "0.npz")
    assert after.ids == before.ids
    assert after.failures == before.failures
    assert after.restore_failures == before.restore_failures
    assert after.quarantined == before.quarantined
    assert after.seconds == before.seconds
    for role, columns in before.roles.items():
        for name, values in columns.items():
            assert np.array_equal(after.roles[role][name], values)
            assert after.roles[role][name].dtype == values.dtype
    assert after.wrong_keys.keys() == before.wrong_keys.keys()


def test_merging_keeps_rows_in_order_and_moves_wrong_keys():
    wrong = {name: np.array([1.0]) for name in ("row", "attempt", "distance", "psnr", "psnr_right")}
    joined = merge([shard("ab", seconds={"read": 1}), shard("cde", wrong_keys=wrong, seconds={"read": 2})])
    assert joined.ids == tuple("abcde")
    assert joined.wrong_keys["row"] == [3]
    assert joined.seconds == {"read": 3}
    assert joined.roles["original"]["identity"].shape == (5, 2)


def test_where_nothing_was_seen_stands_nan_or_false():
    parts = [(np.array([2]), {"x": np.array([[7.0, 8.0]]), "found": np.array([True]), "n": np.array([3])})]
    columns = assemble(parts, 3)
    assert np.isnan(columns["x"][:2]).all()
    assert list(columns["x"][2]) == [7, 8]
    assert list(columns["found"]) == [False, False, True]
    assert np.isnan(columns["n"][:2]).all()
