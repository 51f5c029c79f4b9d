"""A suite as nnU-Net's raw data set: names, pixels, labels, folds; no nnU-Net needed."""

from __future__ import annotations

import csv
import json
import os

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from medbench.cli.main import cli
from medbench.core import MedbenchError, Sample, Unavailable
from medbench.metrics.evaluators.nnunet import layout
from medbench.metrics.evaluators.nnunet.folds import grouped_folds
from medbench.metrics.evaluators.nnunet.raw_dataset import Wish, export
from medbench.suites.suite import Suite, SuiteCard


class Clinic(Suite):
    """Six people, three images each: a tumour, nothing, and every fifth one broken."""

    card = SuiteCard(
        name="small-clinic", entry="x:Y", title="Small", version="1", summary="s", licence="none",
        origin="tests", how_to_obtain="nothing", splits={"train": "all"},
    )  # fmt: skip

    def index(self, split):
        rows = [(f"{p}/{i}", f"P{p}", ("BCC", "SCC", "Normal")[i]) for p in range(6) for i in range(3)]
        return pd.DataFrame(rows, columns=["id", "subject", "disease"])

    def read(self, split, sample_id):
        person, shot = map(int, sample_id.split("/"))
        if (person, shot) == (5, 1):
            raise MedbenchError(f"{sample_id}: damaged; copy it again")
        image = np.random.default_rng([person, shot]).integers(0, 256, (20, 24, 3), dtype=np.uint8)
        mask = np.zeros((20, 24), bool)
        mask[3:7, 4 : 4 + person + 1] = shot < 2
        return Sample(sample_id, image, {"mask": mask})


def exported(tmp_path, **wish):
    suite = Clinic()
    return suite, export(suite, "train", suite.index("train"), tmp_path, Wish(folds=3, **wish))


def test_pictures_and_labels_are_the_suites(tmp_path):
    suite, done = exported(tmp_path)
    assert done.folder == tmp_path / "nnUNet_raw" / "Dataset501_SmallClinic"
    assert len(done.cases) == 11 and done.broken == ["5/1: damaged; copy it again"]
    for case, sample_id, subject, _ in done.cases:
        sample = suite.read("train", sample_id)
        with Image.open(done.folder / "imagesTr" / f"{case}_0000.png") as picture:
            assert picture.mode == "RGB"
            assert (np.asarray(picture) == sample.image).all()
        with Image.open(done.folder / "labelsTr" / f"{case}.png") as label:
            assert label.mode == "L"
            assert (np.asarray(label) == sample.truth["mask"].astype(np.uint8)).all()
        assert subject == f"P{sample_id[0]}"
    with (done.folder / "cases.csv").open(newline="") as file:
        assert [tuple(row) for row in csv.reader(file)][1:] == done.cases


def test_description_is_what_nnunet_reads(tmp_path):
    _, done = exported(tmp_path, healthy=True, colour="zscore")
    described = json.loads((done.folder / "dataset.json").read_text())
    assert described["channel_names"] == {"0": "R", "1": "G", "2": "B"}
    assert described["labels"] == {"background": 0, "tumour": 1}
    assert described["numTraining"] == len(list((done.folder / "imagesTr").iterdir())) == 17
    assert (described["file_ending"], described["overwrite_image_reader_writer"]) == (
        ".png",
        "NaturalImage2DIO",
    )


def test_no_subject_is_on_both_sides(tmp_path):
    _, done = exported(tmp_path)
    owner = {case: subject for case, _, subject, _ in done.cases}
    folds = json.loads((done.folder / "splits_final.json").read_text())
    assert len(folds) == 3
    assert sorted(case for fold in folds for case in fold["val"]) == sorted(owner)
    for fold in folds:
        assert sorted(fold["train"] + fold["val"]) == sorted(owner)
        assert not {owner[c] for c in fold["train"]} & {owner[c] for c in fold["val"]}


def test_folds_are_even_and_bounded():
    subjects = [f"p{i // 4}" for i in range(40)]
    folds = grouped_folds([f"c{i}" for i in range(40)], subjects, 5)
    assert [len(fold["val"]) for fold in folds] == [8] * 5
    with pytest.raises(MedbenchError, match="10 subjects cannot make 11 folds"):
        grouped_folds([f"c{i}" for i in range(40)], subjects, 11)


def test_nothing_is_left_of_a_failed_export(tmp_path):
    suite = Clinic()
    healthy = suite.index("train").query("disease == 'Normal'")
    with pytest.raises(MedbenchError, match="no sample of small-clinic/train has a tumour mask"):
        export(suite, "train", healthy, tmp_path, Wish())
    assert not list((tmp_path / "nnUNet_raw").glob("Dataset*"))
    exported(tmp_path)
    with pytest.raises(MedbenchError, match="has a data set 501 already; give another --dataset"):
        exported(tmp_path)


def test_commands_are_nnunets(tmp_path):
    assert " ".join(layout.train_command(501, "0", "nnUNetTrainer_5epochs", "nnUNetPlans", "cpu", True)) == (
        "nnUNetv2_train 501 2d 0 -tr nnUNetTrainer_5epochs -p nnUNetPlans -device cpu --c"
    )
    assert layout.plan_command(7, 2, "nnUNetPlannerResEncL")[:5] == [
        "nnUNetv2_plan_and_preprocess", "-d", "7", "-c", "2d",
    ]  # fmt: skip
    with pytest.raises(Unavailable, match="pip install nnunetv2"):
        layout.call(["nnUNetv2_that_is_nowhere"], tmp_path)


def test_command_line_exports_mema_mini(tmp_path):
    line = ["nnunet", "export", "--suite", "mema-mini", "--split", "select", "--limit", "24"]
    done = CliRunner().invoke(cli, [*line, "--folds", "3", "--out", str(tmp_path), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout[done.stdout.index("{") :])
    assert told["cases"] == 9 and told["broken"] == []
    assert (tmp_path / "nnUNet_results").is_dir()


def test_what_nnunet_prints_stays_out_of_the_json(tmp_path, monkeypatch, capfd):
    program = tmp_path / "bin" / "nnUNetv2_plan_and_preprocess"
    program.parent.mkdir()
    made = tmp_path / "nnUNet_preprocessed" / "Dataset501_X"
    program.write_text(f"#!/bin/sh\necho $nnUNet_raw talks\nmkdir -p {made}\ntouch {made}/nnUNetPlans.json\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(layout.sys, "executable", str(tmp_path / "python"))
    done = CliRunner().invoke(cli, ["nnunet", "plan", "--root", str(tmp_path), "--json"])
    assert json.loads(done.stdout) == {"plans": [str(made / "nnUNetPlans.json")]}
    assert capfd.readouterr().err == f"{tmp_path / 'nnUNet_raw'} talks\n"
