"""An image of mema-mini is a pure function of its id; the cache never gives half of one."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from medbench.core import MedbenchError
from medbench.suites.mini.cache import file_of
from medbench.suites.mini.draw import load, prepare
from medbench.suites.mini.render import render
from medbench.suites.mini.splits import scene_of

ID = "val-0012-3"
_HASH = (
    "import hashlib; from medbench.suites.mini.render import render;"
    "from medbench.suites.mini.splits import scene_of;"
    f"print(hashlib.sha256(render(*scene_of({ID!r})).image.tobytes()).hexdigest())"
)


@pytest.fixture(scope="module")
def fresh():
    return render(*scene_of(ID))


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDBENCH_CACHE", str(tmp_path))
    return tmp_path


def test_the_same_id_gives_the_same_image_in_another_process(fresh):
    other = subprocess.run([sys.executable, "-c", _HASH], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == hashlib.sha256(fresh.image.tobytes()).hexdigest()


def test_an_image_does_not_depend_on_what_was_drawn_before(fresh):
    render(*scene_of("select-0003-1"))
    again = render(*scene_of(ID))
    assert np.array_equal(fresh.image, again.image)
    assert np.array_equal(fresh.landmarks, again.landmarks)


def test_the_cache_gives_back_what_was_drawn(empty_cache, fresh):
    for _ in range(2):
        image, mask, landmarks = load(ID)
        assert np.array_equal(image, fresh.image)
        assert np.array_equal(mask, fresh.mask)
        assert np.array_equal(landmarks, fresh.landmarks)
    assert [f.name for f in empty_cache.rglob("*") if f.is_file()] == [f"{ID}.npz"]


@pytest.mark.parametrize("damage", [b"", b"no archive", "half", "swapped bytes"])
def test_a_damaged_cache_file_is_drawn_again(empty_cache, fresh, damage):
    load(ID)
    file = file_of(ID)
    whole = file.read_bytes()
    if damage == "half":
        file.write_bytes(whole[: len(whole) // 2])
    elif damage == "swapped bytes":
        file.write_bytes(whole[:600] + bytes(400) + whole[1000:])
    else:
        file.write_bytes(damage)
    assert np.array_equal(load(ID)[0], fresh.image)
    assert len(file.read_bytes()) == len(whole)


def test_a_cache_that_cannot_be_written_names_the_remedy(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MEDBENCH_CACHE", str(tmp_path / "file"))
    with pytest.raises(MedbenchError, match="MEDBENCH_CACHE"):
        load(ID)


@pytest.mark.slow
def test_samples_are_drawn_in_parallel_as_alone(empty_cache, fresh):
    ids = [f"val-{subject:04d}-{shot}" for subject in (12, 13) for shot in range(8)]
    prepare(ids)
    assert all(file_of(name).is_file() for name in ids)
    assert np.array_equal(load(ID)[0], fresh.image)
