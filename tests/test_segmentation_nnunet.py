"""The nnU-Net evaluator against the package itself, where it is installed; its refusals everywhere."""

from __future__ import annotations

import json
import os

import nnunet_model
import numpy as np
import pytest
import torch
from PIL import Image

from medbench.core import MedbenchError, Unavailable
from medbench.metrics.evaluators.nnunet.checkpoint import read_checkpoint
from medbench.metrics.evaluators.nnunet.trained import ModelFolder
from medbench.metrics.evaluators.segmentation_masks import unpacked
from medbench.metrics.evaluators.segmentation_nnunet import NnUNetSegmentation
from medbench.metrics.overlap_measures import dice, jaccard
from medbench.stages.overlap import overlap


@pytest.fixture
def package():
    """nnU-Net itself, or skip."""
    pytest.importorskip("nnunetv2")
    from medbench.metrics.evaluators.torchvision_shim import import_torchvision

    import_torchvision()


class Payload:
    """What must not run."""

    def __reduce__(self):
        return os.system, ("touch payload-was-run",)


def test_no_model_was_named(monkeypatch, tmp_path):
    monkeypatch.setenv("MEDBENCH_CONFIG", str(tmp_path))
    monkeypatch.delenv("MEDBENCH_NNUNET", raising=False)
    with pytest.raises(Unavailable, match="medbench nnunet use FOLDER"):
        NnUNetSegmentation().load()


def test_a_folder_that_is_no_model(monkeypatch, tmp_path):
    monkeypatch.setenv("MEDBENCH_NNUNET", str(tmp_path))
    with pytest.raises(MedbenchError, match=r"lacks plans.json, dataset.json, fold_\*/checkpoint_final.pth"):
        NnUNetSegmentation().load()


def test_checkpoint_with_numpy_numbers_is_read(tmp_path):
    file = tmp_path / "checkpoint_final.pth"
    torch.save(nnunet_model.checkpoint({"w": torch.arange(3.0)}), file)
    found = read_checkpoint(file)
    assert found["network_weights"]["w"].tolist() == [0, 1, 2]
    assert found["_best_ema"] == 0.25 and found["trainer_name"] == "nnUNetTrainer"


def test_malicious_checkpoint_is_refused_and_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "checkpoint_final.pth"
    torch.save({**nnunet_model.checkpoint({}), "extra": Payload()}, file)
    with pytest.raises(MedbenchError, match="holds more than tensors and numbers"):
        read_checkpoint(file)
    assert not (tmp_path / "payload-was-run").exists()
    file.write_bytes(b"no zip at all")
    with pytest.raises(MedbenchError, match="is not read: damaged"):
        read_checkpoint(file)
    torch.save({"epoch": 3}, file)
    with pytest.raises(MedbenchError, match="lacks init_args, network_weights, trainer_name"):
        read_checkpoint(file)


def official(folder):
    """nnU-Net's predictor, opened its own way."""
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    predictor = nnUNetPredictor(device=torch.device("cpu"), allow_tqdm=False)
    folds = tuple(sorted(int(file.name[5:]) for file in folder.glob("fold_*")))
    predictor.initialize_from_trained_model_folder(str(folder), folds)
    return predictor


@pytest.mark.parametrize("folds", [(0,), (0, 3)])
def test_marks_what_nnunets_own_predictor_marks(package, monkeypatch, tmp_path, folds):
    from nnunetv2.imageio.natural_image_reader_writer import NaturalImage2DIO

    folder = nnunet_model.write_model(tmp_path / "model", folds)
    monkeypatch.setenv("MEDBENCH_NNUNET", str(folder))
    evaluator = NnUNetSegmentation()
    evaluator.load()
    theirs = official(folder)
    images = np.random.default_rng(1).integers(0, 256, (3, 61, 70, 3), dtype=np.uint8)
    tensors = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255
    marked = unpacked(evaluator.look(tensors)["tumour_mask"], 70)
    for row, image in enumerate(images):
        Image.fromarray(image).save(tmp_path / "case_0000.png")
        read, properties = NaturalImage2DIO().read_images([str(tmp_path / "case_0000.png")])
        segmentation, chances = theirs.predict_single_npy_array(read, properties, None, None, True)
        assert (marked[row] == (segmentation[0] > 0)).all()
        _, ours = evaluator._predictor.predict_single_npy_array(read, properties, None, None, True)
        assert np.abs(ours - chances).max() <= 1e-4
    assert 0 < marked.mean() < 1


def test_fingerprint_follows_the_weights(package, monkeypatch, tmp_path):
    folder = nnunet_model.write_model(tmp_path / "model")
    before = ModelFolder.open(folder).digest()
    again = nnunet_model.write_model(tmp_path / "again")
    assert ModelFolder.open(again).digest() == before
    other = nnunet_model.write_model(tmp_path / "other", (1,))
    assert ModelFolder.open(other).digest() != before


def test_a_model_of_one_channel_is_refused(package, tmp_path):
    folder = nnunet_model.write_model(tmp_path / "model")
    (folder / "dataset.json").write_text(json.dumps({**nnunet_model.DATASET, "channel_names": {"0": "grey"}}))
    with pytest.raises(MedbenchError, match="wants 1 channels"):
        ModelFolder.open(folder).predictor("cpu")


def test_overlap_is_that_of_nnunets_own_evaluator(package, tmp_path):
    from nnunetv2.evaluation.evaluate_predictions import compute_metrics
    from nnunetv2.imageio.natural_image_reader_writer import NaturalImage2DIO

    rng = np.random.default_rng(2)
    for case in range(6):
        truth, marked = rng.random((2, 30, 40)) < (0.3 if case else 0)
        if case == 5:
            marked[:] = False
        for name, mask in (("truth", truth), ("marked", marked)):
            Image.fromarray(mask.astype(np.uint8)).save(tmp_path / f"{name}.png")
        files = str(tmp_path / "truth.png"), str(tmp_path / "marked.png")
        theirs = compute_metrics(*files, NaturalImage2DIO(), [1])["metrics"][1]
        numbers = np.array([overlap(marked, truth)])
        assert dice(numbers)[0] == pytest.approx(theirs["Dice"], nan_ok=True)
        assert jaccard(numbers)[0] == pytest.approx(theirs["IoU"], nan_ok=True)
        assert numbers[0, :3].tolist() == [theirs["n_pred"], theirs["n_ref"], theirs["TP"]]
