"""Folders of photographs, labels.csv and MeMa's layout."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from broken_images import BROKEN, write_broken
from PIL import Image

from medbench.core import DISEASES, MedbenchError, Unavailable
from medbench.images import BrokenImage
from medbench.suites.folder import FolderSuite
from medbench.suites.mema import MemaVal
from medbench.suites.mema_layout import survey
from medbench.suites.whereabouts import remember


def photo(path, level):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((64, 64, 3), level, np.uint8)).save(path)


@pytest.fixture
def patients(tmp_path):
    root = tmp_path / "Smith_John_1970"
    for number, name in enumerate(["b/two.png", "a/one.png", "three.jpg", ".hidden.png", "._mac.jpg"]):
        photo(root / name, 40 * number)
    (root / "notes.txt").write_text("not a picture")
    return root


def test_pictures_are_found_in_a_stable_order_and_hidden_ones_left(patients):
    suite = FolderSuite.open(patients)
    index = suite.index("all")
    assert suite.default_split == "all"
    assert list(index.columns) == ["id"]
    levels = [int(suite.read("all", i).image[0, 0, 0]) for i in index["id"]]
    assert levels == [40, 0, 80]


def test_nothing_that_a_run_publishes_names_the_folder_or_a_file(patients):
    suite = FolderSuite.open(patients)
    said = suite.card.model_dump_json() + suite.index("all").to_json() + suite.fingerprint("all")
    for word in ("smith", "john", "one", "two.png", "three"):
        assert word not in said.lower().replace("known of them", "")


def test_ids_cannot_be_guessed_from_a_name_alone(patients):
    ids = set(FolderSuite.open(patients).index("all")["id"])
    guesses = {hashlib.sha256(name.encode()).hexdigest()[:16] for name in ("a/one.png", "b/two.png")}
    assert not ids & guesses


def test_a_moved_folder_is_the_same_suite_and_a_changed_picture_another(patients, tmp_path):
    before = FolderSuite.open(patients)
    moved = patients.rename(tmp_path / "elsewhere")
    after = FolderSuite.open(moved)
    assert before.fingerprint("all") == after.fingerprint("all")
    assert before.card.name == after.card.name
    photo(moved / "a/one.png", 99)
    assert FolderSuite.open(moved).fingerprint("all") != after.fingerprint("all")


def test_labels_give_truth_and_pseudonyms(patients):
    (patients / "labels.csv").write_text(
        "file,Subject,disease,age,name\n"
        "three.jpg,MRN-77,tao,61,John Smith\na/one.png,MRN-12,BCC,40,Jane\nb/two.png,MRN-77,Normal,61,John\n"
    )
    index = FolderSuite.open(patients).index("all")
    assert list(index["subject"]) == ["s0000", "s0001", "s0001"]
    assert list(index["disease"]) == ["BCC", "Normal", "TAO"]
    assert list(index["age"]) == [40, 61, 61]
    assert "name" not in index


def test_labels_and_files_that_do_not_meet_are_quarantined(patients):
    (patients / "labels.csv").write_text("file,subject\na/one.png,x\nb/two.png,x\ngone.png,y\n")
    suite = FolderSuite.open(patients)
    reasons = {}
    for sample_id in suite.index("all")["id"]:
        try:
            suite.read("all", sample_id)
        except BrokenImage as error:
            reasons[error.reason] = str(error)
    assert set(reasons) == {"no such file", "not in labels.csv"}
    assert "gone.png" in reasons["no such file"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("picture,subject\na/one.png,x\n", "no column 'file'"),
        ("file,subject\na/one.png,x\na/one.png,y\n", "line 3"),
        ("file,subject\na/one.png,x\nb/two.png,\n", "line 3 has no subject"),
        ("file,age\na/one.png,old\n", "line 2: age"),
    ],
)
def test_a_wrong_table_is_told_by_line(patients, text, told):
    (patients / "labels.csv").write_text(text)
    with pytest.raises(MedbenchError, match=told):
        FolderSuite.open(patients)


def test_splits_come_from_labels(patients):
    (patients / "labels.csv").write_text("file,split\na/one.png,select\nb/two.png,val\nthree.jpg,val\n")
    suite = FolderSuite.open(patients)
    assert suite.default_split == "val"
    assert [len(suite.index(split)) for split in ("select", "val")] == [1, 2]


def test_every_kind_of_broken_picture_is_listed_and_refused(tmp_path):
    for kind in BROKEN:
        write_broken(tmp_path, kind)
    photo(tmp_path / "good.png", 50)
    suite = FolderSuite.open(tmp_path)
    ids = list(suite.index("all")["id"])
    assert len(ids) == len(BROKEN) + 1
    readable = 0
    for sample_id in ids:
        try:
            suite.read("all", sample_id)
            readable += 1
        except BrokenImage as error:
            assert error.reason
    assert readable == 1


def test_an_empty_or_absent_folder_is_wrong_use(tmp_path):
    with pytest.raises(MedbenchError, match="no photographs"):
        FolderSuite.open(tmp_path)
    with pytest.raises(MedbenchError, match="no such folder"):
        FolderSuite.open(tmp_path / "nowhere")


@pytest.fixture
def mema(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDBENCH_CONFIG", str(tmp_path / "config"))
    root = tmp_path / "MeMa"
    for split in ("Training", "hyper", "Validation"):
        for number, disease in enumerate(DISEASES):
            photo(root / split / disease.lower() / "1.png", 10 + number)
    return root


def test_mema_is_missing_until_it_is_added(mema):
    with pytest.raises(Unavailable) as caught:
        MemaVal()
    for words in ("42,307", "AAAI 2025", "Baidu", "MeMa-Pytorch", "medbench data add mema", "mema-mini"):
        assert words in str(caught.value)
    remember("mema", mema)
    suite = MemaVal()
    assert suite.default_split == "val"
    assert list(suite.card.splits) == ["train", "select", "val"]
    assert list(suite.index("val")["disease"]) == list(DISEASES)
    assert "subject" not in suite.index("val")


def test_mema_that_has_gone_says_where_it_was(mema, tmp_path):
    remember("mema", tmp_path / "gone")
    with pytest.raises(Unavailable, match="gone"):
        MemaVal()


def test_survey_counts_and_refuses_another_layout(mema, tmp_path):
    assert survey(mema)["val"] == dict.fromkeys(DISEASES, 1)
    (mema / "Validation/tao/1.png").unlink()
    with pytest.raises(MedbenchError, match="val/TAO"):
        survey(mema)
    photo(tmp_path / "other/x/1.png", 1)
    with pytest.raises(MedbenchError, match="Expected"):
        survey(tmp_path / "other")
