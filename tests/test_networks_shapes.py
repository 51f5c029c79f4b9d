"""Shared networks: shapes, ranges, and gradients that reach the images through frozen weights."""

import numpy as np
import pytest
import torch

from medbench.core import Unavailable
from medbench.methods.networks.blocks import Down, ResBlock, Up
from medbench.methods.networks.denoising_unet import DenoisingUNet, denoise, eye_band
from medbench.methods.networks.diffusion import noised
from medbench.methods.networks.discriminator import PatchDiscriminator, hinge_d, hinge_g
from medbench.methods.networks.fill import fill
from medbench.methods.networks.frozen import write_weights
from medbench.methods.networks.medical_encoder import MedicalEncoder
from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.networks.strided_coder import StridedEncoder
from medbench.methods.networks.transformer import TransformerBlock


@pytest.fixture(scope="module")
def images():
    return torch.rand(3, 3, 256, 256, generator=torch.Generator().manual_seed(1))


def test_unet_keeps_the_shape_and_hears_time_and_label():
    torch.manual_seed(0)
    unet = DenoisingUNet()
    for parameter in unet.parameters():
        parameter.data += 0.02 * torch.randn_like(parameter)
    band = torch.rand(2, 3, 80, 160)
    zero, label = torch.zeros(2), torch.tensor([0, 8])
    out = unet(band, zero, label)
    assert out.shape == band.shape
    assert not torch.allclose(out, unet(band, zero + 0.5, label))
    assert not torch.allclose(out[0], unet(band, zero, torch.tensor([1, 8]))[0])


def test_velocity_and_noised_band_give_the_clean_band_back():
    clean, noise = torch.randn(2, 3, 80, 160), torch.randn(2, 3, 80, 160)
    time = torch.tensor([0.2, 0.9])
    dirty, velocity = noised(clean, noise, time)
    angle = time.view(-1, 1, 1, 1) * np.pi / 2
    assert torch.allclose(angle.cos() * dirty - angle.sin() * velocity, clean, atol=1e-5)
    at_start, _ = noised(clean, noise, torch.zeros(2))
    assert torch.allclose(at_start, clean)


def test_denoising_with_a_perfect_network_gives_its_image():
    wanted = torch.rand(1, 3, 80, 160) * 1.8 - 0.9

    def oracle(image, time, label):
        angle = time.view(-1, 1, 1, 1) * np.pi / 2
        if torch.all(angle.sin() == 0):
            return torch.zeros_like(image)
        noise = (image - angle.cos() * wanted) / angle.sin()
        return angle.cos() * noise - angle.sin() * wanted

    drawn = denoise(oracle, torch.randn(1, 3, 80, 160), torch.tensor([0]))
    assert torch.allclose(drawn, wanted, atol=1e-4)


def test_eye_band_is_cut_where_it_says(images):
    band = eye_band(images)
    assert torch.equal(band, images[:, :, 88:168, 48:208])
    with pytest.raises(ValueError, match="256"):
        eye_band(images[..., :128, :128])


def test_medical_encoder_is_frozen_but_lets_gradients_reach_the_images(images, tmp_path):
    file = write_weights(DenoisingUNet().first, tmp_path / "enc_med.safetensors")
    encoder = MedicalEncoder.from_file(file)
    asked = images.clone().requires_grad_()
    features = encoder.features(asked)
    assert features.shape == (3, 64, 20, 40)
    features.square().mean().backward()
    inside = eye_band(asked.grad)
    assert (inside.abs().amax(dim=1) > 0).float().mean() > 0.9
    assert asked.grad.abs().sum() == pytest.approx(inside.abs().sum().item(), rel=1e-5)
    assert not any(p.requires_grad for p in encoder.parameters())
    alone = encoder.features(images[1:2])
    assert torch.allclose(alone[0], features[1], atol=1e-5)


def test_recogniser_gives_unit_vectors_and_gradients(images, tmp_path):
    file = write_weights(Recogniser(), tmp_path / "recogniser.safetensors")
    recogniser = Recogniser.from_file(file)
    asked = images.clone().requires_grad_()
    codes = recogniser.embed(asked)
    assert codes.shape == (3, 128)
    assert torch.allclose(codes.norm(dim=1), torch.ones(3), atol=1e-5)
    codes[:, 0].sum().backward()
    assert asked.grad[:, :, 60:200, 60:200].abs().mean() > 0
    assert torch.allclose(recogniser.embed(images[:1]), codes[:1], atol=1e-5)


def test_missing_or_foreign_weights_name_the_file_and_the_remedy(tmp_path):
    with pytest.raises(Unavailable, match="medbench train"):
        Recogniser.from_file(tmp_path / "none.safetensors")
    other = write_weights(torch.nn.Linear(2, 2), tmp_path / "other.safetensors")
    with pytest.raises(Unavailable, match="Recogniser"):
        Recogniser.from_file(other)
    (tmp_path / "broken.safetensors").write_bytes(b"not a weight file")
    with pytest.raises(Unavailable, match="broken"):
        Recogniser.from_file(tmp_path / "broken.safetensors")


def test_blocks_shapes_and_untrained_residuals_are_the_identity():
    x = torch.randn(2, 16, 12, 10)
    assert torch.equal(ResBlock(16)(x), x)
    assert ResBlock(16, 24, norm=True, cond=8)(x, torch.randn(2, 8)).shape == (2, 24, 12, 10)
    assert Down(16, 8)(x).shape == (2, 8, 6, 5)
    assert Up(16, 8)(x).shape == (2, 8, 24, 20)
    with pytest.raises(ValueError, match="condition"):
        ResBlock(16, cond=8)(x)


def test_transformer_block_knows_no_order_and_hears_its_condition():
    torch.manual_seed(0)
    block = TransformerBlock(32, heads=4, cond=6)
    tokens, cond = torch.randn(2, 9, 32), torch.randn(2, 6)
    out = block(tokens, cond)
    order = torch.randperm(9)
    assert torch.allclose(block(tokens[:, order], cond), out[:, order], atol=1e-5)
    assert torch.allclose(out, block(tokens, -cond))
    torch.nn.init.normal_(block.film.weight)
    assert not torch.allclose(block(tokens, cond), block(tokens, -cond))
    with pytest.raises(ValueError, match="heads"):
        TransformerBlock(30, heads=4)


def test_discriminator_scores_patches_and_image():
    net = PatchDiscriminator(widths=(8, 16, 16, 16, 16))
    local, pooled = net(torch.rand(2, 3, 128, 96))
    assert local.shape == (2, 1, 4, 3)
    assert pooled.shape == (2, 1)


def test_hinge_losses_by_hand():
    real = (torch.tensor([[[[2.0, 0.5]]]]), torch.tensor([[-1.0]]))
    fake = (torch.tensor([[[[-3.0, 0.0]]]]), torch.tensor([[1.0]]))
    assert hinge_d(real, fake).item() == pytest.approx((0.25 + 0.5) + (2.0 + 2.0))
    assert hinge_g(fake).item() == pytest.approx(1.5 - 1.0)


def test_five_strided_stages_shrink_any_multiple_of_32():
    with torch.device("meta"):
        assert StridedEncoder((64, 128, 256, 512, 512))(torch.empty(1, 3, 512, 512)).shape == (1, 512, 16, 16)


def test_stable_diffusion_folder_is_asked_for(tmp_path):
    from medbench.methods.networks.stable_diffusion import StableDiffusionEncoder

    with pytest.raises(Unavailable, match="diffusers"):
        StableDiffusionEncoder(tmp_path)


def test_what_is_taken_away_is_filled_from_around():
    images = torch.full((1, 3, 32, 32), 0.2)
    images[..., 16:] = 0.8
    keep = torch.ones(1, 1, 32, 32)
    keep[..., 4:12, 2:8] = keep[..., 20:28, 22:30] = 0
    hole = torch.where(keep > 0, images, torch.full_like(images, 9.0))
    filled = fill(hole, keep)
    assert filled[0, 0, 8, 5] == pytest.approx(0.2, abs=0.05)
    assert filled[0, 0, 24, 26] == pytest.approx(0.8, abs=0.05)
    assert (filled - images).abs().max() < 0.2
