"""Official weight files that the user brings: taken in whole and harmless, or refused."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from collections import OrderedDict

import pytest
import torch

from medbench.core import MedbenchError
from medbench.weights import find_verified, load_torch
from medbench.weights.bringing import add
from medbench.weights.store import lock_file, place_of, record
from medbench.weights.weight_file import official


class Malicious:
    """What a poisoned weight file holds: it runs a command when it is unpickled."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return os.system, (f"touch {self.mark}",)


@pytest.fixture
def toy(monkeypatch, tmp_path):
    monkeypatch.setenv("MEDBENCH_CACHE", str(tmp_path / "cache"))
    items = {
        "toy": official("toy", "toy.pt", licence="toys", citation="none", page="the shelf"),
        "drawing": official("drawing", "d.onnx", licence="x", citation="x", page="x", format="onnx"),
    }
    monkeypatch.setattr("medbench.weights.finding.official_files", lambda: items)
    return items["toy"]


@pytest.fixture
def file(tmp_path):
    torch.save({"w": torch.arange(3.0)}, tmp_path / "downloaded.pth")
    return tmp_path / "downloaded.pth"


def test_add_list_verify_on_the_command_line(toy, call, file):
    code, out, _ = call("weights", "verify", "toy", "--json")
    assert code == 1
    assert "the shelf, then: medbench weights add toy FILE" in json.loads(out)[0]["detail"]
    code, out, _ = call("weights", "add", "toy", file)
    assert code == 0
    assert "licence: toys" in out
    code, out, _ = call("weights", "verify", "toy", "--json")
    (state,) = json.loads(out)
    assert (code, state["state"], state["trusted"]) == (0, "whole", "first use")
    assert len(state["sha256"]) == 64
    code, out, _ = call("weights", "list")
    assert [line.split()[1] for line in out.splitlines() if line.startswith("toy ")] == ["yes"]


def test_a_file_that_changes_later_is_refused_by_its_sha256(toy, call, file):
    place = add("toy", file)
    damaged = bytearray(place.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    place.write_bytes(damaged)
    with pytest.raises(MedbenchError, match="is not the expected file"):
        find_verified("toy")
    code, out, _ = call("weights", "verify", "toy")
    assert code == 1
    assert "broken" in out


def test_a_file_that_was_put_there_by_hand_is_not_trusted(toy, file):
    place = place_of(toy)
    place.parent.mkdir(parents=True)
    shutil.copy(file, place)
    with pytest.raises(MedbenchError, match="medbench weights add toy"):
        find_verified("toy")
    assert add("toy", place) == find_verified("toy")


@pytest.mark.parametrize("write", [torch.save, lambda found, path: path.write_bytes(pickle.dumps(found))])
def test_a_malicious_pickle_is_refused_and_not_run(toy, call, tmp_path, write):
    mark = tmp_path / "it-ran"
    poisoned = tmp_path / "weights.pth"
    write({"w": torch.zeros(2), "x": Malicious(mark)}, poisoned)
    code, _, err = call("weights", "add", "toy", poisoned)
    assert code == 2
    assert "nothing of it was run" in err
    assert not mark.exists() and not place_of(toy).exists() and not lock_file().exists()
    # Even one that somebody smuggled into the folder and the lock file is not run.
    with pytest.raises(MedbenchError, match="nothing of it was run"):
        load_torch(poisoned)
    record("toy", "0" * 64, "nowhere")
    assert not mark.exists()
    # The file is a real threat: a plain unpickling runs it.
    if write is not torch.save:
        pickle.loads(poisoned.read_bytes())
        assert mark.exists()


def test_what_is_no_weight_file_is_refused(toy, tmp_path):
    page = tmp_path / "page.pt"
    for content in (b"<html>sign in</html>", b"", b"PK\x03\x04 broken"):
        page.write_bytes(content)
        for name in ("toy", "drawing"):
            with pytest.raises(MedbenchError, match=r"page\.pt"):
                add(name, page)
    torch.save(torch.zeros(2), page)
    with pytest.raises(MedbenchError, match="not a dict of tensors"):
        add("toy", page)
    with pytest.raises(MedbenchError, match="no such file"):
        add("toy", tmp_path / "nowhere.pt")


def test_files_of_old_versions_of_torch_are_read(toy, tmp_path):
    saved = OrderedDict(w=torch.nn.Parameter(torch.arange(3.0)))
    torch.save(saved, tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    assert torch.equal(load_torch(add("toy", tmp_path / "old.pth"))["w"], torch.arange(3.0))


def test_another_file_needs_replace(toy, call, file, tmp_path):
    add("toy", file)
    torch.save({"w": torch.zeros(2)}, tmp_path / "other.pth")
    code, _, err = call("weights", "add", "toy", tmp_path / "other.pth")
    assert code == 2
    assert "--replace" in err
    code, out, _ = call("weights", "add", "--replace", "toy", tmp_path / "other.pth", "--json")
    assert code == 0
    assert torch.equal(load_torch(find_verified("toy"))["w"], torch.zeros(2))
    assert json.loads(out)["path"].endswith("toy.pt")


def test_names_are_helped(call, file):
    code, _, err = call("weights", "add", "facenet_vggface", file)
    assert code == 2
    assert "did you mean facenet_vggface2" in err
    code, _, err = call("weights", "fetch", "dlib_descriptor")
    assert code == 2
    assert "nothing to fetch" in err
    code, _, err = call("weights", "fetch", "arcface_r50")
    assert code == 2
    assert "backbone.pth" in err


def test_a_damaged_lock_file_is_named(toy, file):
    add("toy", file)
    lock_file().write_text("{")
    with pytest.raises(MedbenchError, match=r"lock\.json is damaged"):
        find_verified("toy")
