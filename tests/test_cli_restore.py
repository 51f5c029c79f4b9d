"""medbench anonymize and restore: a folder there and back with a passphrase."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from medbench.images import read_photograph

WORDS = "correct horse battery staple"
PLUGIN = '''
import numpy as np
import torch
from medbench.core import FaceNotFound
from medbench.methods.method import Method, MethodCard


def card(name, **more):
    return MethodCard(name=name, entry="x:X", title=name, summary="toy", licence="none",
                      backend="classical", **more)


class Lock(Method):
    """Exclusive-or with bytes of the key; a black picture has no face."""

    card = card("lock", keyed=True, reversible=True)

    def anonymize(self, batch, keys=None):
        if not batch.images.flatten(1).any(dim=1).all():
            raise FaceNotFound("nobody to be seen")
        return self.restore(batch.images, keys)

    def restore(self, images, keys):
        eight = (images * 255).round().to(torch.uint8)
        for row, key in enumerate(keys):
            size = eight[row].numel()
            mask = np.frombuffer(key.bytes(size, "mask"), np.uint8).reshape(eight[row].shape)
            eight[row] ^= torch.from_numpy(mask.copy())
        return eight.float() / 255


class OtherWeights(Lock):
    def fingerprint(self):
        return "ab" * 32


class Grey(Method):
    card = card("grey")

    def anonymize(self, batch, keys=None):
        return torch.full_like(batch.images, 0.5)


class Nothing(Method):
    card = card("nothing")

    def anonymize(self, batch, keys=None):
        return batch.images.clone()
'''


@pytest.fixture
def here(tmp_path):
    """A plugin, two passphrases and photographs of two sizes, one in a folder, one with EXIF."""
    (tmp_path / "plugin.py").write_text(PLUGIN)
    (tmp_path / "right.txt").write_text(WORDS + "\n")
    (tmp_path / "wrong.txt").write_text(WORDS.replace("horse", "house") + "\n")
    rng = np.random.default_rng(1)
    (tmp_path / "in" / "left").mkdir(parents=True)
    exif = Image.Exif()
    exif[0x010E] = "Jane Doe"
    for name, shape in (("a.jpg", (80, 70)), ("left/b.png", (64, 64)), ("c.png", (64, 64))):
        picture = Image.fromarray(rng.integers(1, 255, (*shape, 3), dtype=np.uint8))
        if name == "a.jpg":
            picture.save(tmp_path / "in" / name, exif=exif)
        else:
            told = PngInfo()
            told.add_text("patient", "Jane Doe")
            picture.save(tmp_path / "in" / name, pnginfo=told)
    return tmp_path


def one_way(call, here, command, source, target):
    """``command`` from one folder to the other, with the plugin and a passphrase."""

    def run(*more, kind="Lock", words="right.txt"):
        secret = ("--passphrase-file", here / words) if words else ()
        where = ("--in", here / source, "--out", here / target)
        return call(command, "--method", f"{here / 'plugin.py'}:{kind}", *where, *secret, *more)

    return run


@pytest.fixture
def protect(call, here):
    return one_way(call, here, "anonymize", "in", "out")


@pytest.fixture
def bring_back(call, here):
    return one_way(call, here, "restore", "out", "back")


def test_there_and_back_to_the_bit(protect, bring_back, here):
    code, out, _ = protect()
    assert code == 0
    assert "3 pictures written" in out
    for name in ("a", "left/b", "c"):
        hidden = read_photograph(here / "out" / f"{name}.png")
        clear = read_photograph(next((here / "in").glob(f"{name}.*")))
        assert hidden.shape == clear.shape
        assert np.abs(hidden.astype(int) - clear).mean() > 50
    assert bring_back()[0] == 0
    for name in ("a", "left/b", "c"):
        clear = read_photograph(next((here / "in").glob(f"{name}.*")))
        assert np.array_equal(read_photograph(here / "back" / f"{name}.png"), clear)


def test_no_metadata_and_no_secret_is_written(protect, here):
    _, out, err = protect()
    for file in (here / "out").rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert b"Jane" not in data and b"horse" not in data, file
    with Image.open(here / "out" / "a.png") as picture:
        assert not picture.info and not picture.getexif()
    note = json.loads((here / "out" / "medbench-protection.json").read_text())
    assert note["method"] == "lock" and len(note["check"]) == 8 and len(note["salt"]) == 32
    assert "horse" not in out + err


def test_two_folders_with_one_key_have_two_salts(protect, here):
    protect()
    first = json.loads((here / "out" / "medbench-protection.json").read_text())
    (here / "out").rename(here / "old")
    protect()
    second = json.loads((here / "out" / "medbench-protection.json").read_text())
    assert first["salt"] != second["salt"] and first["check"] != second["check"]


def test_a_mistyped_passphrase_is_told_before_anything_is_written(protect, bring_back, here):
    protect()
    code, _, err = bring_back(words="wrong.txt")
    assert code == 2
    assert "not the passphrase" in err
    assert not (here / "back").exists()
    code, _, _ = bring_back("--no-check", words="wrong.txt")
    assert code == 0
    clear = read_photograph(here / "in" / "c.png")
    assert not np.array_equal(read_photograph(here / "back" / "c.png"), clear)


def test_without_a_check_value_nothing_is_written_and_restore_says_so(protect, bring_back, here):
    protect("--no-check")
    assert not (here / "out" / "medbench-protection.json").exists()
    code, _, err = bring_back()
    assert code == 0
    assert "no check value" in err


def test_pictures_that_cannot_be_protected_are_not_written_and_told(protect, here):
    (here / "in" / "broken.jpg").write_bytes(b"no picture")
    Image.new("RGB", (64, 64)).save(here / "in" / "black.png")
    code, out, err = protect("--json")
    assert code == 1
    found = json.loads(out)
    assert len(found["written"]) == 3
    told = {row["id"].rpartition("/")[2]: row["message"] for row in found["refused"]}
    assert "not a picture" in told["broken.jpg"]
    assert "no face found" in told["black.png"]
    assert not (here / "out" / "black.png").exists()
    assert "broken.jpg" in (here / "out" / "quarantine.csv").read_text()
    assert "horse" not in out + err


def test_a_picture_left_as_it_was_does_not_pass_for_protected(protect, here):
    code, _, err = protect(kind="Nothing", words=None)
    assert code == 1
    assert "came out unchanged" in err
    assert not list((here / "out").rglob("*.png"))


def test_jpeg_only_where_nothing_is_to_be_restored(protect, here):
    code, _, err = protect("--format", "jpeg")
    assert code == 2
    assert "JPEG loses" in err
    assert protect("--format", "jpeg", kind="Grey", words=None)[0] == 0
    assert {file.name for file in (here / "out").rglob("*.jpg")} == {"a.jpg", "b.jpg", "c.jpg"}


def test_pictures_are_not_written_over_unless_asked(protect):
    protect()
    code, _, err = protect()
    assert code == 2
    assert "--overwrite" in err
    assert protect("--overwrite")[0] == 0
    code, _, err = protect("--overwrite", words="wrong.txt")
    assert code == 2
    assert "not the passphrase" in err


def test_other_weights_are_told(protect, bring_back):
    protect()
    code, _, err = bring_back(kind="OtherWeights")
    assert code == 2
    assert "other weights of lock" in err


def test_the_prompt_asks_twice_and_shows_nothing(protect, bring_back, monkeypatch):
    asked = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda text: asked.append(text) or WORDS)
    assert protect("--prompt", words=None)[0] == 0
    assert len(asked) == 2
    assert bring_back()[0] == 0, "the same words in a file give the same key"


@pytest.mark.parametrize(
    ("content", "told"),
    [("", "is empty"), ("one\ntwo\n", "holds 2 lines"), (b"\xff\xfe\xff", "not in UTF-8")],
)
def test_a_passphrase_file_that_cannot_be_used(protect, here, content, told):
    (here / "odd.txt").write_bytes(content if isinstance(content, bytes) else content.encode())
    code, _, err = protect(words="odd.txt")
    assert code == 2
    assert told in err


@pytest.mark.parametrize(
    ("kind", "more", "told"),
    [
        ("Lock", (), "--passphrase-file"),
        ("Lock", ("--prompt",), "terminal"),
        ("Grey", ("--passphrase-file", "right.txt"), "grey has no key"),
        ("Lock", ("--passphrase-file", "in/secret.txt"), "among the pictures"),
        ("Lock", ("--passphrase-file", "absent.txt"), "cannot be read"),
    ],
)
def test_wrong_use(protect, here, monkeypatch, kind, more, told):
    monkeypatch.chdir(here)
    (here / "in" / "secret.txt").write_text(WORDS)
    code, _, err = protect(*more, kind=kind, words=None)
    assert code == 2
    assert told in err
    assert not (here / "out").exists()


def test_folders_that_would_mix(call, here):
    method = ("--method", f"{here / 'plugin.py'}:Grey")
    code, _, err = call("anonymize", *method, "--in", here / "in", "--out", here / "in" / "out")
    assert code == 2 and "lie in one another" in err
    Image.new("RGB", (64, 64), (9, 9, 9)).save(here / "in" / "a.png")
    code, _, err = call("anonymize", *method, "--in", here / "in", "--out", here / "out")
    assert code == 2 and "would both become" in err


def test_what_cannot_restore_says_so(protect, bring_back, call, here):
    protect(kind="Grey", words=None)
    code, _, err = bring_back(kind="Grey")
    assert code == 2
    assert "not reversible" in err
    method = ("--method", f"{here / 'plugin.py'}:Grey")
    code, _, err = call("restore", *method, "--in", here / "out", "--out", here / "back")
    assert code == 2
    assert "not reversible" in err and "passphrase" not in err
    code, _, err = call("restore", "--in", here / "out", "--out", here / "back", "--prompt")
    assert code == 2
    assert "give --method" in err
