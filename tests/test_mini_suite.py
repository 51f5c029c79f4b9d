"""mema-mini's splits, truth and card."""

import itertools

import numpy as np
import pandas as pd
import pytest

from medbench.core import DISEASES, MedbenchError
from medbench.suites.mini.splits import parse, sample_ids
from medbench.suites.mini.suite import MiniSuite

SIZES = {"train": (6000, 750), "select": (800, 100), "val": (1600, 200)}


@pytest.fixture(scope="module")
def suite():
    return MiniSuite()


@pytest.fixture(scope="module")
def indices(suite):
    return {split: suite.index(split) for split in SIZES}


def test_splits_have_their_sizes_and_share_no_subject(indices):
    for split, (images, subjects) in SIZES.items():
        assert len(indices[split]) == images
        assert indices[split]["subject"].nunique() == subjects
        assert indices[split]["id"].is_unique
    for one, other in itertools.combinations(SIZES, 2):
        assert not set(indices[one]["subject"]) & set(indices[other]["subject"])


def test_every_subject_shows_every_disease_once(indices):
    for index in indices.values():
        shown = index.groupby("subject")["disease"].agg(sorted)
        assert all(diseases == sorted(DISEASES) for diseases in shown)


def test_severities_are_balanced_within_each_disease(indices):
    for index in indices.values():
        counts = index[index["disease"] != "Normal"].groupby(["disease", "severity"]).size().unstack()
        assert (counts.max(axis=1) - counts.min(axis=1)).max() <= 1
        assert set(index[index["disease"] == "Normal"]["severity"]) == {"none"}


def test_a_shot_tells_nothing_of_the_disease(indices):
    index = indices["train"]
    table = pd.crosstab(index["id"].str[-1], index["disease"]).to_numpy() / 750
    # 64 cells of a share of 1/8, each with a standard error of .012
    assert np.abs(table - 1 / 8).max() < 0.05


@pytest.mark.parametrize("column", ["yaw", "pitch", "roll", "gaze_yaw", "gaze_pitch"])
def test_pose_and_fixation_do_not_depend_on_the_disease(indices, column):
    index = indices["train"]
    means = index.groupby("disease")[column].mean()
    assert means.std() < 3 * index[column].std() / np.sqrt(750)


def test_columns_are_those_of_the_card(suite, indices):
    columns = set(suite.card.columns)
    assert set(indices["val"].columns) | {"mask", "landmarks68"} == columns
    sample = suite.read("val", "val-0000-0")
    assert set(sample.truth) == columns - {"id"}
    row = indices["val"].iloc[0]
    assert all(sample.truth[name] == row[name] for name in indices["val"].columns if name != "id")


def test_signs_show_in_the_lids_and_the_gaze(indices):
    index = indices["val"]
    right = index[index["side"] == "R"].groupby(["disease", "severity"])["mrd1_right"].mean()
    assert right["Ptosis", "slight"] < right["Normal", "none"] - 1.3
    assert right["Ptosis", "heavy"] < right["Ptosis", "mid"] < right["Ptosis", "slight"]
    assert right["TAO", "heavy"] > right["TAO", "mid"] > right["TAO", "slight"] > right["Normal", "none"] + 1
    apart = (index["gaze_yaw_right"] - index["gaze_yaw_left"]).abs()
    assert apart[~index["disease"].isin(["Strab"])].max() < 1e-6
    turned = np.hypot(apart, index["gaze_pitch_right"] - index["gaze_pitch_left"])[
        index["disease"] == "Strab"
    ]
    assert turned.min() > 8


def test_ids_that_do_not_exist_are_refused(suite):
    for name in ("val-0200-0", "val-0000-8", "test-0000-0", "val-0000"):
        with pytest.raises(MedbenchError, match="val-0012-3"):
            parse(name)
    with pytest.raises(MedbenchError, match="train, select, val"):
        suite.index("test")


def test_fingerprints_differ_by_split_and_stay(suite):
    prints = {split: suite.fingerprint(split) for split in SIZES}
    assert len(set(prints.values())) == 3
    assert prints["val"] == MiniSuite().fingerprint("val")
    assert sample_ids("val")[0] == "val-0000-0"
