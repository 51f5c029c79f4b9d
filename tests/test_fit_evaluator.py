"""medbench fit-evaluator: from a backbone in the official format and mema-mini to a diagnosis."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from click.testing import CliRunner
from tiny_backbone import TinyDiagnosis, write_backbone

from medbench.cli.main import cli
from medbench.core import DISEASES, MedbenchError, Unavailable
from medbench.metrics.evaluators.vision.backbone import BackboneFeatures
from medbench.metrics.evaluators.vision.fitting.finetune import trial
from medbench.metrics.evaluators.vision.fitting.labelled import Labelled
from medbench.metrics.evaluators.vision.fitting.wishes import Wishes
from medbench.metrics.evaluators.vision.head_file import head_path
from medbench.suites.mini.splits import sample_ids, scene_of
from medbench.suites.mini.suite import MiniSuite
from medbench.suites.mini.truth import scalar_truth
from medbench.weights import header
from medbench.weights.bringing import add


class FewFaces(MiniSuite):
    """One patient of each split, with all diseases; drawn as they are read."""

    def prepare(self, split, ids=None):
        pass

    def index(self, split):
        ids = sample_ids(split)[:8]
        return pd.DataFrame([{"id": name, **scalar_truth(*scene_of(name))} for name in ids])


TINY = f"{Path(__file__).parent / 'tiny_backbone.py'}:TinyDiagnosis"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store of weights with the tiny backbone in it."""
    folder = tmp_path_factory.mktemp("store")
    patch = pytest.MonkeyPatch()
    patch.setenv("MEDBENCH_CACHE", str(folder))
    add("dinov2_vits14", write_backbone(folder / "given.pth", seed=0))
    yield folder
    patch.undo()


@pytest.fixture(scope="module")
def pictures(store):
    """Some pictures of the val split, drawn."""
    suite = FewFaces()
    ids = list(suite.index("val")["id"][:3])
    images = np.stack([suite.read("val", name).image for name in ids])
    return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255


def fit(head, tmp_path, **more):
    return TinyDiagnosis.fit(FewFaces(), Wishes(head, **more), tmp_path)


def looked(pictures):
    evaluator = TinyDiagnosis()
    evaluator.load()
    return evaluator, evaluator.look(pictures)["diagnosis"]


def test_without_a_head_the_line_that_fits_one(store):
    with pytest.raises(Unavailable, match="medbench fit-evaluator diagnosis_tiny --suite"):
        TinyDiagnosis().load()


@pytest.mark.parametrize("head", ["linear", "knn", "finetune"])
def test_the_whole_way(head, pictures, tmp_path):
    fitted = fit(head, tmp_path, seed=head)
    notes = header(fitted.path)
    assert notes == fitted.notes and fitted.path == head_path("diagnosis_tiny")
    assert (notes["suite"], notes["fit"], notes["images"]) == ("mema-mini", head, "train 8 select 8")
    assert MiniSuite().fingerprint("train") in notes["data"]
    assert 0 <= fitted.select_accuracy <= 1
    evaluator, found = looked(pictures)
    assert found.shape == (3, len(DISEASES)) and found.dtype == np.float32
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(found[1:], evaluator.look(pictures[1:])["diagnosis"], atol=1e-5)
    assert evaluator.look(pictures[:0])["diagnosis"].shape == (0, 8)


def test_a_fit_can_be_repeated(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr("medbench.metrics.evaluators.vision.fitting.linear.STRENGTHS", (1.0,))
    prints = []
    for head in ("linear", "linear", "knn"):
        fit(head, tmp_path)
        prints.append(looked(pictures)[0].fingerprint())
    assert prints[0] == prints[1] != prints[2]


def test_a_limit_draws_from_all_over_the_split():
    labelled = [Labelled.of(FewFaces(), "train", limit) for limit in (None, 6, 6)]
    assert len(labelled[0].ids) == 8 and labelled[1].ids == labelled[2].ids
    assert len(labelled[1].ids) == 6 and set(labelled[1].ids) < set(labelled[0].ids)


def test_checkpoints_of_another_fit_are_never_gone_on_with():
    whole, part = (Labelled.of(FewFaces(), "train", limit) for limit in (None, 6))
    names = [trial("a", whole, "0"), trial("b", whole, "0"), trial("a", part, "0"), trial("a", whole, "1")]
    assert len(set(names)) == 4 and names[0] == trial("a", whole, "0")
    assert all(name.startswith("mema-mini-") for name in names)


def test_the_command_says_where_the_head_lies(store, tmp_path, monkeypatch):
    monkeypatch.setattr("medbench.stages.resolve.suite_of", lambda name: FewFaces())
    arguments = ["fit-evaluator", TINY, "--suite", "mema-mini", "--limit", "6", "--head", "knn", "--json"]
    done = CliRunner().invoke(cli, [*arguments, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["evaluator"] == "diagnosis_tiny" and Path(told["head"]).is_file()


def test_what_has_no_head_cannot_be_fitted(store):
    done = CliRunner().invoke(cli, ["fit-evaluator", "gaze_mini", "--suite", "mema-mini"])
    assert isinstance(done.exception, MedbenchError) and "no head to fit" in str(done.exception)


def test_a_head_of_another_backbone_is_refused(pictures, store, tmp_path):
    fit("knn", tmp_path)
    looked(pictures)
    given = write_backbone(tmp_path / "another.pth", seed=1)
    old = store / "given.pth"
    add("dinov2_vits14", given, replace=True)
    try:
        with pytest.raises(MedbenchError, match=r"fitted on another backbone.*fit-evaluator diagnosis_tiny"):
            TinyDiagnosis().load()
    finally:
        add("dinov2_vits14", old, replace=True)


def test_the_same_backbone_in_transformers_format_is_taken(pictures, store, tmp_path):
    from safetensors.torch import save_file

    layer, embedded = "encoder.layer.", "embeddings."
    renamed = {
        "blocks.": layer,
        "attn.proj": "attention.output.dense",
        "ls1.gamma": "layer_scale1.lambda1",
        "ls2.gamma": "layer_scale2.lambda1",
        "patch_embed.proj": f"{embedded}patch_embeddings.projection",
        "cls_token": f"{embedded}cls_token",
        "pos_embed": f"{embedded}position_embeddings",
    }
    theirs = {}
    for name, tensor in torch.load(store / "given.pth", weights_only=True).items():
        for ours, other in renamed.items():
            name = name.replace(ours, other)
        name = f"layernorm.{name[5:]}" if name.startswith("norm.") else name
        thirds = tensor.chunk(3) if ".attn.qkv." in name else ()
        for part, third in zip(("query", "key", "value"), thirds, strict=False):
            theirs[name.replace("attn.qkv", f"attention.attention.{part}")] = third.contiguous()
        theirs |= {} if thirds else {name: tensor}
    save_file(theirs, tmp_path / "model.safetensors")
    reader = BackboneFeatures(TinyDiagnosis.backbone)
    reader.load()
    first = reader.look(pictures)["features"]
    add("dinov2_vits14", tmp_path / "model.safetensors", replace=True)
    try:
        reader.load()
        np.testing.assert_allclose(reader.look(pictures)["features"], first, atol=1e-5)
    finally:
        add("dinov2_vits14", store / "given.pth", replace=True)


def test_a_backbone_of_another_size_is_refused(store):
    from medbench.registry import Registry

    with pytest.raises(MedbenchError, match="2 blocks 64 wide, not 12 blocks 384 wide"):
        Registry("evaluators").get("diagnosis_dinov2_vits14")().load()
    with pytest.raises(Unavailable, match="medbench weights fetch dinov2_vitg14"):
        Registry("evaluators").get("diagnosis_dinov2_vitg14")().load()


def test_a_suite_without_the_splits_is_refused(tmp_path, store):
    class Lone(MiniSuite):
        card = MiniSuite.card.model_copy(update={"splits": {"val": "the only one"}})

    with pytest.raises(MedbenchError, match="no train split"):
        TinyDiagnosis.fit(Lone(), Wishes(limit=8), tmp_path)
