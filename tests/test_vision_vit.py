"""The vision transformer reads every publisher's file and answers as the publisher's network does."""

import numpy as np
import pytest
import torch
from vision_cases import drawn, pixels

from medbench.core import MedbenchError
from medbench.metrics.evaluators.vision.state_file import read_state
from medbench.metrics.evaluators.vision.vit import VisionTransformer, build_vit
from medbench.metrics.evaluators.vision.vit_names import in_our_names
from medbench.metrics.evaluators.vision.vit_shape import VitShape

TINY = {"width": 128, "depth": 2, "patch": 14, "grid": 5, "hidden": 512, "scaled": True}
WANTED = [0, 1, 64, 128, 200, 255]

#: Features WANTED of the first of ``pixels(...)``, given by the DINOv2 repository at commit b8931f7
#: (dinov2/models/vision_transformer.py; SwiGLU inside is 344 wide) with the weights of vision_cases.
UPSTREAM = {
    ("plain", (2, 3, 70, 70)): [1.81769, -1.16031, -1.14554, 1.3119, -0.18511, -0.76002],
    ("plain", (2, 3, 56, 56)): [-0.1601, 0.88499, 0.80602, -0.09365, -0.01443, -0.61019],
    ("plain", (2, 3, 98, 98)): [1.70945, -1.15742, -0.29395, 0.80451, -0.19515, -0.86874],
    ("plain", (1, 3, 56, 84)): [0.28587, 0.04091, -0.22595, 0.45957, -0.18069, -0.759],
    ("gated", (2, 3, 56, 56)): [0.30583, 0.76257, -0.44016, -0.26927, -0.08118, -0.38769],
    ("registers", (2, 3, 56, 56)): [-0.17956, 0.82259, 1.21362, -0.02032, -0.03154, -0.61739],
    ("registers", (1, 3, 56, 84)): [-0.05263, 0.25235, -0.35872, 0.39698, -0.11293, -0.63876],
}
KINDS = {"plain": {}, "gated": {"gated": True, "hidden": 344}, "registers": {"registers": 4}}


def official_state(kind):
    """The names and shapes of the DINOv2 repository's file, with drawn numbers."""
    state = VisionTransformer(VitShape(**(TINY | KINDS[kind]))).state_dict()
    if kind == "gated":
        renamed = {"mlp.fc1.": "mlp.w12.", "mlp.fc2.": "mlp.w3."}
        for ours, theirs in renamed.items():
            state = {name.replace(ours, theirs): tensor for name, tensor in state.items()}
    return drawn({**state, "mask_token": torch.zeros(1, 128)})


@pytest.mark.parametrize(("kind", "shape"), UPSTREAM, ids=str)
def test_equals_the_dinov2_repository_at_every_size(kind, shape):
    network = build_vit(in_our_names(official_state(kind))).eval()
    with torch.no_grad():
        found = network(pixels(*shape))[0, WANTED]
    np.testing.assert_allclose(found, UPSTREAM[kind, shape], atol=1e-4)


def test_the_shape_is_read_off_the_weights():
    for kind, more in KINDS.items():
        assert VitShape.read(in_our_names(official_state(kind))) == VitShape(**(TINY | more))


def test_blocks_saved_in_chunks_are_the_same_network():
    state = official_state("plain")
    chunked = {name.replace("blocks.", f"blocks.{name[7]}.") if "blocks" in name else name: t
               for name, t in state.items()}  # fmt: skip
    assert "blocks.1.1.norm1.weight" in chunked
    whole, parts = in_our_names(state), in_our_names(chunked)
    assert whole.keys() == parts.keys()


def test_weights_of_another_network_are_refused():
    with pytest.raises(MedbenchError, match="no weights of a vision transformer"):
        build_vit(in_our_names({"conv1.weight": torch.zeros(3, 3)}))
    broken = in_our_names(official_state("plain"))
    del broken["norm.weight"]
    with pytest.raises(MedbenchError, match=r"norm\.weight"):
        build_vit(broken)


def ours_of(model, shape):
    """Our features of ``pixels(*shape)`` with the model's own state, filled with drawn numbers."""
    state = drawn(model.state_dict())
    model.load_state_dict(state)
    with torch.no_grad():
        return build_vit(in_our_names(state)).eval()(pixels(*shape))


def features(tokens, registers=0):
    return torch.cat([tokens[:, 0], tokens[:, 1 + registers :].mean(dim=1)], dim=1)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["dinov2", "dinov2_registers", "dinov2_gated", "vit"])
def test_equals_timm(kind):
    pytest.importorskip("medbench.metrics.evaluators.torchvision_shim").import_torchvision()
    timm = pytest.importorskip("timm")
    from timm.layers import SwiGLUPacked

    settings = {"img_size": 70, "patch_size": 14, "embed_dim": 128, "depth": 2, "num_heads": 2}
    more = {
        "dinov2": {"init_values": 1e-5},
        "dinov2_registers": {"init_values": 1e-5, "reg_tokens": 4, "no_embed_class": True},
        "dinov2_gated": {"init_values": 1e-5, "mlp_layer": SwiGLUPacked, "act_layer": torch.nn.SiLU},
        "vit": {"num_classes": 10},
    }[kind]
    model = timm.models.vision_transformer.VisionTransformer(**settings, **more).eval()
    found = ours_of(model, (2, 3, 70, 70))
    with torch.no_grad():
        tokens = model.forward_features(pixels(2, 3, 70, 70))
    torch.testing.assert_close(found, features(tokens, more.get("reg_tokens", 0)), atol=1e-4, rtol=0)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["dinov2", "dinov2_gated", "dinov2_classifier", "vit"])
def test_equals_transformers(kind, tmp_path):
    pytest.importorskip("medbench.metrics.evaluators.torchvision_shim").import_torchvision()
    transformers = pytest.importorskip("transformers")
    sizes = {"hidden_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 70,
             "patch_size": 14}  # fmt: skip
    if kind == "vit":
        # The authors' own epsilon (their JAX code, timm): transformers' 1e-12 differs in the fourth digit.
        more = {"intermediate_size": 256, "layer_norm_eps": 1e-6}
        model = transformers.ViTModel(transformers.ViTConfig(**sizes, **more))
    else:
        config = transformers.Dinov2Config(**sizes, use_swiglu_ffn=kind == "dinov2_gated")
        classifier = kind == "dinov2_classifier"
        model = (transformers.Dinov2ForImageClassification if classifier else transformers.Dinov2Model)(
            config
        )
    found = ours_of(model.eval(), (2, 3, 70, 70))
    with torch.no_grad():
        tokens = getattr(model, "dinov2", model)(pixels(2, 3, 70, 70)).last_hidden_state
    torch.testing.assert_close(found, features(tokens), atol=1e-4, rtol=0)
    model.save_pretrained(tmp_path)
    written = in_our_names(read_state(tmp_path / "model.safetensors"))
    for name, tensor in in_our_names(model.state_dict()).items():
        torch.testing.assert_close(written.pop(name), tensor)
    assert not written


def test_equals_torchvision():
    from medbench.core import Unavailable
    from medbench.metrics.evaluators.torchvision_shim import import_torchvision

    try:
        torchvision = import_torchvision()
    except Unavailable as error:
        pytest.skip(str(error))
    sizes = {"image_size": 64, "patch_size": 16, "num_layers": 2, "num_heads": 2}
    model = torchvision.models.VisionTransformer(**sizes, hidden_dim=128, mlp_dim=256).eval()
    found = ours_of(model, (2, 3, 64, 64))
    with torch.no_grad():
        classes = model.heads(found[:, :128])
        wanted = model(pixels(2, 3, 64, 64))
    torch.testing.assert_close(classes, wanted, atol=1e-4, rtol=0)
