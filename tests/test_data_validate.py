"""medbench data validate and card: what is found wanting, and what a card says."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from medbench.inspection.inspect import inspect
from medbench.inspection.perceptual import alike, difference_hash
from medbench.progress import Progress
from medbench.suites.cards import card_file
from medbench.suites.folder import FolderSuite


def scene(name, side=96):
    """A smooth picture of its own: a few waves."""
    rng = np.random.default_rng(abs(hash_of(name)))
    y, x = np.mgrid[0:side, 0:side] / side
    waves = sum(np.sin(2 * np.pi * (a * x + b * y + c)) for a, b, c in rng.uniform(0.5, 4, (6, 3)))
    grey = (waves - waves.min()) / np.ptp(waves) * 200 + 20
    return np.repeat(grey[..., None], 3, axis=2).astype(np.uint8)


def hash_of(name):
    return int.from_bytes(name.encode(), "big")


def save(root, name, picture=None):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(scene(name) if picture is None else picture).save(path)


@pytest.fixture
def sound(tmp_path):
    root = tmp_path / "photos"
    rows = ["file,subject,disease,split"]
    for number in range(8):
        save(root, f"{number}.png")
        rows.append(
            f"{number}.png,p{number // 2},{('TAO', 'BCC')[number % 2]},{'train' if number < 4 else 'val'}"
        )
    (root / "labels.csv").write_text("\n".join(rows))
    return root


def found(root, **more):
    suite = FolderSuite.open(root)
    return inspect(suite, tuple(suite.card.splits), Progress(), **more)


def checks(report, weight="wanting"):
    return {finding.check for finding in report.findings if finding.weight == weight}


def test_a_sound_folder_is_sound(sound, call):
    code, out, _ = call("data", "validate", sound)
    assert code == 0 and "sound" in out
    code, out, _ = call("data", "validate", sound, "--json")
    report = json.loads(out)
    assert report["images"] == {"train": 4, "val": 4}
    assert report["subjects"] == {"train": 2, "val": 2}
    assert report["classes"]["val"] == {"BCC": 2, "TAO": 2}
    assert report["statistics"]["val"]["sizes"] == {"96 x 96": 4}


def test_brightness_and_contrast_are_those_of_the_pixels(tmp_path):
    picture = np.zeros((64, 64, 3), np.uint8)
    picture[:32] = 200
    save(tmp_path, "half.png", picture)
    facts = found(tmp_path).statistics["all"]
    assert facts["brightness"]["median"] == 100.0 and facts["contrast"]["median"] == 100.0


def test_the_same_pixels_twice_are_wanting_whatever_the_file_is(sound, call):
    Image.open(sound / "0.png").save(sound / "copy.bmp")
    with (sound / "labels.csv").open("a") as file:
        file.write("\ncopy.bmp,p0,TAO,train")
    report = found(sound)
    assert checks(report) == {"duplicates"}
    code, out, _ = call("data", "validate", sound)
    assert code == 1 and "copy.bmp" in out and "keep one of them" in out


def test_a_subject_in_two_splits_is_wanting(sound):
    text = (sound / "labels.csv").read_text()
    (sound / "labels.csv").write_text(text.replace("4.png,p2", "4.png,p0"))
    report = found(sound)
    assert checks(report) == {"leaks"}
    assert "train, val" in next(f.text for f in report.findings if f.check == "leaks")


def test_a_compressed_copy_in_another_split_is_wanting_and_a_note_within_one(sound):
    for name, split in (("near.jpg", "val"), ("close.jpg", "train")):
        small = Image.open(sound / "0.png").resize((80, 80))
        small.save(sound / name, quality=70 if split == "val" else 80)
        with (sound / "labels.csv").open("a") as file:
            file.write(f"\n{name},q{split},TAO,{split}")
    report = found(sound)
    assert checks(report) == {"near-duplicates"}
    assert "near-duplicates" in checks(report, "note")
    assert checks(found(sound, near=0)) == set()


def test_broken_and_blank_files_are_wanting(sound):
    (sound / "0.png").write_bytes(b"not a picture at all")
    save(sound, "1.png", np.full((80, 80, 3), 7, np.uint8))
    report = found(sound)
    assert checks(report) == {"unreadable", "blank"}
    assert any("0.png" in name for f in report.findings for name in f.names)


def test_notes_do_not_make_a_folder_wanting(sound):
    text = (sound / "labels.csv").read_text()
    (sound / "labels.csv").write_text(text.replace("7.png,p3,BCC", "7.png,p3,Entropion"))
    report = found(sound)
    assert report.sound and "labels" in checks(report, "note")
    (sound / "labels.csv").unlink()
    assert "subjects" in checks(found(sound), "note")


def test_an_unknown_split_is_wrong_use(sound, call):
    code, _, err = call("data", "validate", sound, "--split", "test")
    assert code == 2 and "train, val" in err


def test_hashes_of_a_picture_and_its_mirror_differ_in_every_edge():
    ramp = np.tile(np.arange(170.0), (160, 1))
    assert not difference_hash(ramp).any(), "it brightens to the right: no cell is brighter than the next"
    assert difference_hash(ramp[:, ::-1]).all()


def test_pairs_alike_are_those_of_counting_bits():
    rng = np.random.default_rng(5)
    bits = rng.random((60, 256)) < 0.5
    bits[7] = bits[3]
    bits[9] = bits[3]
    bits[9, :10] ^= True
    expected = {
        (i, j, int((bits[i] != bits[j]).sum()))
        for i in range(60)
        for j in range(i + 1, 60)
        if (bits[i] != bits[j]).sum() <= 12
    }
    assert set(alike(bits, 12)) == expected == {(3, 7, 0), (3, 9, 10), (7, 9, 10)}


@pytest.mark.parametrize("file", sorted(card_file("x").parent.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_card_answers_the_questions_of_a_datasheet(file, call):
    code, out, _ = call("data", "card", file.stem)
    assert code == 0
    for title in ("Origin", "Licence", "Subjects", "Splits", "Limits", "How to obtain it"):
        assert f"## {title}\n" in out
    assert "not stated\n\n## Classes" not in out, "subjects are stated"


def test_the_card_of_a_folder_names_nothing_of_it(sound, call):
    code, out, _ = call("data", "card", sound)
    assert code == 0 and "`folder-" in out and "photos" not in out.replace("photographs", "")
    code, out, _ = call("data", "card", "mema-mini", "--json")
    assert json.loads(out)["name"] == "mema-mini"
