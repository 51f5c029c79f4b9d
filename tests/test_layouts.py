"""Known data sets in the folders where users have them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from medbench.cli.main import main
from medbench.core import MedbenchError, Unavailable
from medbench.images import BrokenImage
from medbench.registry import Registry
from medbench.suites.layouts.celeba_hq import IDENTITY, MAPPING, PARTITION, CelebaHqSuite
from medbench.suites.layouts.clips import ClipsSuite
from medbench.suites.layouts.ffhq import FfhqSuite
from medbench.suites.layouts.find import layout_named, layout_names
from medbench.suites.layouts.lfw import LfwSuite
from medbench.suites.layouts.mema_seg import MemaSegSuite
from medbench.suites.lfw_pairs import read_pairs
from medbench.suites.whereabouts import remember


@pytest.fixture(autouse=True)
def own_configuration(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDBENCH_CONFIG", str(tmp_path / "config"))


def photo(path, level=120):
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = np.full((64, 64, 3), level, np.uint8)
    picture[::2] //= 2
    Image.fromarray(picture).save(path)


def added(suite, root):
    remember(suite.data_set, root)
    return suite()


def test_every_layout_is_named_drawn_and_registered():
    assert set(layout_names()) == {"mema", "mema-seg", "lfw", "ffhq", "celeba-hq", "clips", "own-photos"}
    for name in layout_names():
        layout = layout_named(name)
        assert layout.data_set == name
        assert layout.expected.strip()
        assert Registry("suites").get(layout.card_name) is layout


@pytest.mark.parametrize("name", sorted({"mema-seg", "lfw", "ffhq", "celeba-hq", "clips", "own-photos"}))
def test_absent_data_say_what_they_are_and_how_to_get_them(name):
    with pytest.raises(Unavailable) as caught:
        layout_named(name)()
    assert f"medbench data add {name} PATH" in str(caught.value)
    assert "How to obtain it" in str(caught.value)


@pytest.mark.parametrize("name", layout_names())
def test_another_layout_is_refused_and_the_right_one_drawn(name, tmp_path):
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(MedbenchError, match="Expected"):
        layout_named(name).survey(tmp_path)


@pytest.fixture
def lfw(tmp_path):
    root = tmp_path / "LFW"
    for person, number in (("Ann_A", 1), ("Ann_A", 2), ("Bob_B", 1), ("Cy_C", 1), ("Cy_C", 2), ("Di_D", 1)):
        photo(root / "lfw" / person / f"{person}_{number:04d}.jpg", 20 * number + len(person))
    return root


PAIRS = "2\t1\nAnn_A\t1\t2\nAnn_A\t1\tBob_B\t1\nCy_C\t1\t2\nCy_C\t2\tDi_D\t1\n"


def test_lfw_without_pairs_is_every_photograph(lfw):
    suite = added(LfwSuite, lfw)
    assert len(suite.index("all")) == 6
    assert suite.index("all")["subject"].nunique() == 4
    assert suite.pairs().empty


def test_lfw_pairs_are_folds_of_sample_ids(lfw):
    (lfw / "pairs.txt").write_text(PAIRS)
    suite = added(LfwSuite, lfw)
    index = suite.index("pairs").set_index("id")
    pairs = suite.pairs()
    assert list(pairs["fold"]) == [1, 1, 2, 2]
    assert list(pairs["same"]) == [True, False, True, False]
    for row in pairs.itertuples():
        first, second = index.loc[row.first], index.loc[row.second]
        assert (first["subject"] == second["subject"]) == row.same
        assert first["fold"] == row.fold
    said = suite.card.model_dump_json() + index.to_json()
    assert "Ann" not in said and "Bob" not in said


def test_a_photograph_that_pairs_name_and_nobody_has_is_set_aside(lfw):
    (lfw / "pairs.txt").write_text(PAIRS.replace("Di_D\t1", "Di_D\t7"))
    suite = added(LfwSuite, lfw)
    lost = suite.index("pairs")["id"]
    with pytest.raises(BrokenImage, match="Di_D_0007"):
        for sample_id in lost:
            suite.read("pairs", sample_id)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ten folds\n", "line 1"),
        ("", "line 1"),
        ("2\t1\nAnn_A\t1\t2\n", "holds 1 pairs"),
        ("1\t1\nAnn_A\t1\tBob_B\t1\nAnn_A\t1\t2\n", "line 2"),
        ("1\t1\nAnn_A\t1\ttwo\nAnn_A\t1\tBob_B\t1\n", "line 2"),
    ],
)
def test_a_wrong_list_of_pairs_is_told_by_line(tmp_path, text, told):
    (tmp_path / "pairs.txt").write_text(text)
    with pytest.raises(MedbenchError, match=told):
        read_pairs(tmp_path / "pairs.txt")


def test_ffhq_splits_by_number(tmp_path):
    root = tmp_path / "FFHQ"
    for name in ("00000/00000", "59000/59999", "60000/60000", "69000/69999", "69000/cat"):
        photo(root / "thumbnails128x128" / f"{name}.png")
    assert FfhqSuite.survey(root) == {"train": {"all": 2}, "val": {"all": 2}}
    suite = added(FfhqSuite, root)
    assert suite.default_split == "val"
    assert "subject" not in suite.index("val")


def test_celeba_hq_takes_subjects_and_splits_from_celeba(tmp_path):
    root = tmp_path / "CelebA-HQ"
    for number in range(4):
        photo(root / "CelebA-HQ-img" / f"{number}.jpg", 30 * number)
    assert CelebaHqSuite.survey(root) == {"all": {"all": 4}}
    rows = ["idx orig_idx orig_file", *(f"{i}  {i + 100}  {i + 100:06d}.jpg" for i in range(4))]
    (root / MAPPING).write_text("\n".join(rows))
    (root / IDENTITY).write_text("000100.jpg 7\n000101.jpg 7\n000102.jpg 9\n")
    (root / PARTITION).write_text("000100.jpg 0\n000101.jpg 0\n000102.jpg 2\n000103.jpg 1\n")
    suite = added(CelebaHqSuite, root)
    assert {split: len(suite.index(split)) for split in suite.card.splits} == {
        "train": 2,
        "val": 1,
        "select": 1,
    }
    assert suite.index("train")["subject"].nunique() == 1
    assert suite.index("val")["subject"][0] != suite.index("train")["subject"][0]
    with pytest.raises(BrokenImage, match="not in CelebA's lists"):
        suite.read("select", suite.index("select")["id"][0])


def test_frames_of_clips_belong_to_speakers(tmp_path):
    root = tmp_path / "talks"
    for clip in ("jane/one", "jane/two", "tom/three"):
        for frame in (1, 12):
            photo(root / clip / f"frame-{frame:03d}.jpg", 10 * frame)
    suite = added(ClipsSuite, root)
    index = suite.index("all")
    assert index["subject"].nunique() == 2 and index["clip"].nunique() == 3
    assert sorted(set(index["frame"])) == [1, 12]
    assert "jane" not in index.to_json()
    assert suite.read("all", index["id"][0]).truth["frame"] in (1, 12)
    (root / "clips.csv").write_text(
        "clip,speaker,split\njane/one,x,train\njane/two,x,train\ntom/three,y,val\n"
    )
    assert list(ClipsSuite().card.splits) == ["train", "val"]


@pytest.fixture
def mema_seg(tmp_path):
    root = tmp_path / "MeMa-Seg"
    for split, name in (("train", "a"), ("val", "b"), ("val", "c")):
        photo(root / split / "images/BCC" / f"{name}.jpg")
        mask = np.zeros((64, 64), np.uint8)
        mask[10:20, 10:30] = 255
        (root / split / "masks/BCC").mkdir(parents=True, exist_ok=True)
        Image.fromarray(mask).save(root / split / "masks/BCC" / f"{name}.png")
    return root


def test_mema_seg_reads_masks(mema_seg):
    suite = added(MemaSegSuite, mema_seg)
    sample = suite.read("val", suite.index("val")["id"][0])
    assert sample.truth["disease"] == "BCC"
    assert sample.truth["mask"].dtype == bool and sample.truth["mask"].sum() == 200
    assert suite.card.columns["mask"]


def test_mema_seg_sets_aside_what_has_no_fitting_mask(mema_seg):
    (mema_seg / "val/masks/BCC/b.png").unlink()
    Image.fromarray(np.zeros((64, 32), np.uint8)).save(mema_seg / "val/masks/BCC/c.png")
    suite = added(MemaSegSuite, mema_seg)
    reasons = set()
    for sample_id in suite.index("val")["id"]:
        with pytest.raises(BrokenImage) as caught:
            suite.read("val", sample_id)
        reasons.add(caught.value.reason)
    assert reasons == {"has no mask", "a mask of another size than its image"}


def call(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def test_own_photographs_are_added_and_named_after_their_content(tmp_path, capsys):
    root = tmp_path / "Smith_John"
    for number in range(3):
        photo(root / f"{number}.png", 40 * number)
    code, out, _ = call(capsys, "data", "add", "own-photos", root)
    assert code == 0 and "medbench run --method ours --suite own-photos" in out
    suite = Registry("suites").get("own-photos")()
    assert suite.card.name.startswith("folder-")
    assert len(suite.index("all")) == 3
    code, out, _ = call(capsys, "data", "list", "--json")
    here = {row["name"]: row["here"] for row in json.loads(out)}
    assert here["own-photos"] and here["mema-mini"] and not here["lfw"]


def test_an_unknown_data_set_lists_the_known(tmp_path, capsys):
    code, _, err = call(capsys, "data", "add", "imagenet", tmp_path)
    assert code == 2 and "celeba-hq" in err


def test_counts_that_differ_from_those_published_are_told(lfw, capsys):
    code, out, _ = call(capsys, "data", "add", "lfw", lfw)
    assert code == 0 and "13233 published" in out and "differ" in out
