import hashlib
import json

import numpy as np
import pytest

from medbench import weights
from medbench.core import MedbenchError, Unavailable


def test_sha256_is_hashlibs_and_notices_a_change(tmp_path):
    file = tmp_path / "a.bin"
    file.write_bytes(b"one")
    assert weights.sha256(file) == hashlib.sha256(b"one").hexdigest()
    file.write_bytes(b"other")
    assert weights.sha256(file) == hashlib.sha256(b"other").hexdigest()


def test_verify_names_the_file_and_the_remedy(tmp_path):
    file = tmp_path / "a.bin"
    file.write_bytes(b"one")
    weights.verify(file, hashlib.sha256(b"one").hexdigest())
    with pytest.raises(MedbenchError, match=r"a\.bin is not the expected file.*install or fetch"):
        weights.verify(file, "0" * 64)


def test_missing_weights_end_with_the_remedy():
    with pytest.raises(Unavailable, match="train it so"):
        weights.find("no_such_weights", "train it so")


def test_missing_package_names_the_install_line(monkeypatch):
    monkeypatch.setattr("medbench.weights.finding.package_folder", lambda package: None)
    with pytest.raises(Unavailable, match="pip install --no-deps dlib-bin"):
        weights.find("dlib_descriptor")


def test_every_file_says_where_from_and_under_which_licence():
    files = weights.weight_files()
    assert {"dlib_landmarks_68", "dlib_descriptor", "mtcnn_pnet"} <= set(files)
    for item in files.values():
        assert item.licence and item.citation and item.source
        assert len(item.sha256) == 64 or not item.source.startswith("package")
        assert item.addresses or item.page or not item.official
        assert all(address.startswith("https://") for address in item.addresses)


def test_packaged_files_are_the_pinned_ones():
    pytest.importorskip("dlib")
    for name in ("dlib_descriptor", "mtcnn_pnet", "mtcnn_rnet", "mtcnn_onet"):
        assert weights.find_verified(name).is_file()


def test_halves_come_back_as_floats_with_their_notes(tmp_path):
    import torch
    from safetensors.torch import save_file

    file = tmp_path / "a.safetensors"
    save_file({"w": torch.tensor([1.5, -2.0]).half(), "n": torch.tensor([3])}, file, {"suite": "x"})
    tensors = weights.load_safetensors(file)
    assert tensors["w"].dtype == torch.float32 and tensors["n"].dtype == torch.int64
    np.testing.assert_array_equal(tensors["w"].numpy(), [1.5, -2.0])
    assert weights.header(file) == {"suite": "x"}


@pytest.mark.parametrize(
    "content", [b"", b"\xff" * 100, b"not tensors at all", (9).to_bytes(8, "little") + b"{"]
)
def test_damaged_file_is_named(tmp_path, content):
    file = tmp_path / "b.safetensors"
    file.write_bytes(content)
    with pytest.raises(MedbenchError, match=r"b\.safetensors"):
        weights.load_safetensors(file)
    with pytest.raises(MedbenchError, match=r"b\.safetensors"):
        weights.header(file)


def test_header_needs_no_torch_format_knowledge(tmp_path):
    file = tmp_path / "c.safetensors"
    head = json.dumps({"__metadata__": {"steps": "7"}}).encode()
    file.write_bytes(len(head).to_bytes(8, "little") + head)
    assert weights.header(file)["steps"] == "7"
