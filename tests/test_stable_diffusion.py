"""Enc_med of the paper preset against diffusers' own UNet, on a narrow model in Stable Diffusion's layout."""

import json

import pytest
import torch

from medbench.metrics.evaluators.torchvision_shim import import_torchvision

pytestmark = pytest.mark.slow


def write_tokenizer(folder):
    """The 256 byte signs and the two ends of a text: all that an empty prompt needs."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    signs = [chr(c) for c in plain] + [chr(256 + n) for n in range(256 - len(plain))]
    words = [*signs, *(f"{sign}</w>" for sign in signs), "<|startoftext|>", "<|endoftext|>"]
    folder.mkdir()
    (folder / "vocab.json").write_text(json.dumps({word: i for i, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    ends = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>"}
    ends |= {"pad_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}
    settings = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, **ends}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))


def test_features_are_those_of_the_unets_first_block(tmp_path):
    import_torchvision()
    diffusers = pytest.importorskip("diffusers")
    transformers = pytest.importorskip("transformers")
    from medbench.methods.networks.stable_diffusion import StableDiffusionEncoder

    torch.manual_seed(0)
    vae = diffusers.AutoencoderKL(
        down_block_types=["DownEncoderBlock2D"] * 4, up_block_types=["UpDecoderBlock2D"] * 4,
        block_out_channels=[32, 32, 64, 64], layers_per_block=2, latent_channels=4, scaling_factor=0.18215,
    ).eval()  # fmt: skip
    unet = diffusers.UNet2DConditionModel(
        in_channels=4, out_channels=4, block_out_channels=[320, 64, 64, 64], cross_attention_dim=768,
        down_block_types=["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
        up_block_types=["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3,
    ).eval()  # fmt: skip
    config = transformers.CLIPTextConfig(
        vocab_size=600, hidden_size=768, intermediate_size=512, num_hidden_layers=2
    )
    text = transformers.CLIPTextModel(config).eval()
    for name, part in {"vae": vae, "unet": unet, "text_encoder": text}.items():
        part.save_pretrained(tmp_path / name)
    write_tokenizer(tmp_path / "tokenizer")

    images = (torch.rand(2, 3, 128, 128) * 2 - 1).requires_grad_()
    features = StableDiffusionEncoder(tmp_path)(images)
    features.square().mean().backward()
    seen = []
    unet.down_blocks[0].register_forward_hook(lambda module, given, found: seen.append(found[0]))
    words = transformers.CLIPTokenizer.from_pretrained(tmp_path / "tokenizer")(
        "", padding="max_length", max_length=77, return_tensors="pt"
    )
    with torch.no_grad():
        latent = vae.encode(images).latent_dist.mean * 0.18215
        prompt = text(words.input_ids)[0].expand(2, -1, -1)
        unet(latent, torch.zeros(2, dtype=torch.long), encoder_hidden_states=prompt)
    assert features.shape == (2, 320, 8, 8)
    assert torch.allclose(features, seen[0], atol=1e-4)
    assert images.grad.abs().sum() > 0
