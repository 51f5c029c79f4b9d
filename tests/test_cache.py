import multiprocessing
import os
import signal
import sqlite3

import numpy as np
import pytest
import torch

from medbench.cache import Cache, default_folder, key_of, look
from medbench.core import MedbenchError
from medbench.metrics.evaluators.evaluator import Evaluator


class Counting(Evaluator):
    """Means of the channels, the box's left, and how many images it was shown."""

    name = "counting"
    produces = ("mean", "left")

    def __init__(self, mark="a", needs_boxes=False):
        self.mark, self.needs_boxes, self.seen, self.sizes = mark, needs_boxes, 0, []

    def fingerprint(self):
        return self.mark

    def look(self, images, boxes=None):
        self.seen += len(images)
        self.sizes.append(tuple(images.shape))
        left = np.full(len(images), np.nan, np.float32) if boxes is None else boxes[:, 0]
        return {"mean": images.mean(dim=(2, 3)).numpy(), "left": left}


@pytest.fixture
def images():
    rng = np.random.default_rng(5)
    return [rng.integers(0, 256, (64 + 8 * (n % 2), 72, 3), dtype=np.uint8) for n in range(7)]


@pytest.fixture
def cache(tmp_path):
    with_file = Cache(tmp_path)
    yield with_file
    with_file.close()


def test_a_second_look_computes_nothing(images, cache):
    evaluator = Counting()
    first = look(evaluator, images, cache=cache, batch=3)
    assert evaluator.seen == 7
    again = look(evaluator, images[::-1], cache=cache)
    assert evaluator.seen == 7
    for name in first:
        np.testing.assert_array_equal(first[name], again[name][::-1])
        assert first[name].dtype == again[name].dtype
    np.testing.assert_allclose(first["mean"], [i.mean((0, 1)) / 255 for i in images], rtol=1e-5)


def test_another_process_finds_what_one_has_seen(images, cache, tmp_path):
    look(Counting(), images, cache=cache)
    other, evaluator = Cache(tmp_path), Counting()
    look(evaluator, images, cache=other)
    assert evaluator.seen == 0


def test_only_what_is_missing_is_looked_at(images, cache):
    evaluator = Counting()
    look(evaluator, images[:4], cache=cache)
    look(evaluator, images, cache=cache)
    assert evaluator.seen == 7


def test_another_fingerprint_looks_again(images, cache):
    look(Counting("a"), images, cache=cache)
    other = Counting("b")
    look(other, images, cache=cache)
    assert other.seen == 7


def test_boxes_count_only_where_they_are_needed(images, cache):
    boxes = np.arange(28, dtype=np.float32).reshape(7, 4)
    boxes[2] = np.nan
    evaluator = Counting(needs_boxes=True)
    first = look(evaluator, images, boxes, cache)
    np.testing.assert_array_equal(first["left"], boxes[:, 0])
    look(evaluator, images, boxes, cache)
    assert evaluator.seen == 7
    look(evaluator, images, boxes + 1, cache)
    assert evaluator.seen == 7 + 6
    blind = Counting("blind")
    look(blind, images, boxes, cache)
    look(blind, images, boxes + 1, cache)
    assert blind.seen == 7


def test_sizes_go_apart_and_repeats_once(images):
    evaluator = Counting()
    found = look(evaluator, images + images, batch=2)
    assert evaluator.seen == 7 and len(found["mean"]) == 14
    assert {size[2:] for size in evaluator.sizes} == {(64, 72), (72, 72)}
    assert max(size[0] for size in evaluator.sizes) == 2


def test_nothing_gives_empty_columns(cache):
    assert set(look(Counting(), [], cache=cache)) == {"mean", "left"}


def test_the_key_holds_the_shape():
    flat = np.zeros((64, 128, 3), np.uint8)
    assert key_of(flat) != key_of(flat.reshape(128, 64, 3))
    assert key_of(flat) == key_of(flat.copy()) != key_of(flat, np.zeros(4))


def test_kinds_and_shapes_survive(cache):
    row = {"a": np.float32([[1, np.nan], [3, 4]]), "b": np.bool_(True), "c": np.int64(-3)}
    row["d"] = np.empty((0, 2))
    cache.put("f", {b"k": row})
    back = cache.get("f", [b"k", b"unknown"])
    assert list(back) == [b"k"]
    for name, value in row.items():
        np.testing.assert_array_equal(back[b"k"][name], value)
        assert back[b"k"][name].dtype == np.asarray(value).dtype


def test_clear_forgets(images, cache):
    look(Counting(), images, cache=cache)
    assert len(cache) == 7
    cache.clear()
    assert len(cache) == 0


def _write(folder, mark, count):
    cache = Cache(folder)
    for n in range(count):
        cache.put(mark, {bytes([n, k]): {"x": np.full(4, n)} for k in range(5)})


def test_two_processes_write_at_once(tmp_path):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(tmp_path, mark, 30)) for mark in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert len(Cache(tmp_path)) == 2 * 30 * 5


def _die_while_writing(folder):
    cache = Cache(folder)
    cache.put("f", {b"whole": {"x": np.zeros(3)}})

    class Rows(dict):
        def items(self):
            yield b"half", {"x": np.zeros(3)}
            cache._database.execute("BEGIN IMMEDIATE")
            cache._database.execute("INSERT INTO seen VALUES ('f', 'torn', 'x')")
            os.kill(os.getpid(), signal.SIGKILL)

    cache.put("f", Rows())


def test_a_killed_write_loses_only_itself(tmp_path):
    process = multiprocessing.get_context("spawn").Process(target=_die_while_writing, args=(tmp_path,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    cache = Cache(tmp_path)
    assert set(cache.get("f", [b"whole", b"half", b"torn"])) == {b"whole"} and len(cache) == 1
    cache.put("f", {b"half": {"x": np.zeros(3)}})
    assert len(cache) == 2


def test_a_damaged_file_is_named_with_its_remedy(tmp_path):
    (tmp_path / "seen.sqlite3").write_bytes(b"this is not a database, " * 100)
    with pytest.raises(MedbenchError, match=r"seen\.sqlite3.*delete this file.*MEDBENCH_CACHE"):
        Cache(tmp_path)


def test_the_folder_can_be_named(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDBENCH_CACHE", str(tmp_path / "here"))
    assert default_folder() == tmp_path / "here"
    cache = Cache()
    assert cache.path == tmp_path / "here" / "seen" / "seen.sqlite3"
    assert sqlite3.connect(cache.path).execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_eight_bits_arrive_exactly():
    class Keep(Counting):
        def look(self, images, boxes=None):
            self.got = images
            return super().look(images, boxes)

    evaluator = Keep()
    image = np.arange(64 * 64 * 3, dtype=np.uint32).astype(np.uint8).reshape(64, 64, 3)
    look(evaluator, [image])
    assert evaluator.got.dtype == torch.float32
    np.testing.assert_array_equal((evaluator.got[0] * 255).round().byte().permute(1, 2, 0).numpy(), image)
