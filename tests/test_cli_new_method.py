"""medbench new-method, check-method and weights."""

from __future__ import annotations

import json

from medbench.weights import weight_files


def test_a_new_method_passes_the_check_that_it_is_told_to_make(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = call("new-method", "my-blur")
    assert code == 0
    (line,) = [line for line in out.splitlines() if "check-method" in line]
    code, out, _ = call(*line.split("medbench ")[1].split(), "--json")
    assert code == 0
    assert all(rule["passed"] for rule in json.loads(out))


def test_a_name_that_cannot_name_a_method_is_refused(call, tmp_path):
    code, _, err = call("new-method", "My Method", "--out", tmp_path)
    assert code == 2
    assert "my-method" in err
    call("new-method", "mine", "--out", tmp_path)
    code, _, err = call("new-method", "mine", "--out", tmp_path)
    assert code == 2
    assert "holds files already" in err


BROKEN = '''
import torch
from medbench.methods.method import Method, MethodCard


class Odd(Method):
    """Good as preset `mild`, too bright as preset `wild`; says where it was loaded."""

    card = MethodCard(name="odd", entry="x:Odd", title="o", summary="o", licence="none",
                      backend="classical", presets=("mild", "wild"), default_preset="mild")

    def load(self, device="cpu", preset=None):
        assert device == "cpu"
        self.scale = {"mild": 0.5, "wild": 3.0}[preset]

    def anonymize(self, batch, keys=None):
        return batch.images * self.scale
'''


def test_the_preset_that_is_asked_for_is_checked(call, tmp_path):
    (tmp_path / "odd.py").write_text(BROKEN)
    name = f"{tmp_path / 'odd.py'}:Odd"
    code, out, _ = call("check-method", name, "--device", "cpu", "--json")
    assert code == 0
    code, out, _ = call("check-method", name, "--device", "cpu", "--preset", "wild", "--json")
    assert code == 1
    assert "image" in [rule["rule"] for rule in json.loads(out) if not rule["passed"]]
    code, _, err = call("check-method", name, "--preset", "tame")
    assert code == 2
    assert "mild, wild" in err


def test_weights_are_listed_with_licences_and_verified(call):
    _, out, _ = call("weights", "list", "--json")
    rows = {row["name"]: row for row in json.loads(out)}
    assert rows.keys() == weight_files().keys()
    assert all(row["licence"] for row in rows.values())
    code, out, _ = call("weights", "verify", "mtcnn_pnet", "--json")
    (row,) = json.loads(out)
    if row["state"] == "missing":
        assert code == 1 and "pip install" in row["detail"]
    else:
        assert code == 0
        assert row["state"] == "whole" and row["sha256"] == weight_files()["mtcnn_pnet"].sha256


def test_a_damaged_weight_file_is_found(call, tmp_path, monkeypatch):
    bad = tmp_path / "pnet.pt"
    bad.write_bytes(b"damaged")
    monkeypatch.setattr("medbench.weight_states.find", lambda name: bad)
    code, out, _ = call("weights", "verify", "mtcnn_pnet", "classical_gallery", "--json")
    assert code == 1
    assert [row["state"] for row in json.loads(out)] == ["broken", "broken"]
    code, _, err = call("weights", "verify", "mtcnn_pnt")
    assert code == 2
    assert "did you mean mtcnn_pnet" in err
