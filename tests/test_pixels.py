"""SSIM and PSNR from whole-number sums against scikit-image."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from medbench.stages.pixels import psnr, ssim


def pictures(shape):
    rng = np.random.default_rng(0)
    left = rng.integers(0, 256, (4, *shape, 3), dtype=np.uint8)
    near = np.clip(left[1].astype(int) + rng.integers(-9, 10, left[1].shape), 0, 255)
    right = np.stack([rng.permutation(left[0]), near, 255 - left[2], left[3]]).astype(np.uint8)
    left[3] = right[3] = 255
    right[3, :9] = 0
    return left, right


@pytest.mark.parametrize("shape", [(64, 64), (65, 90), (7, 7), (200, 64)])
def test_ssim_and_psnr_are_scikit_images(shape):
    left, right = pictures(shape)
    for ours, a, b in zip(ssim(left, right), left, right, strict=True):
        assert ours == pytest.approx(structural_similarity(a, b, channel_axis=2, data_range=255), abs=1e-12)
    for ours, a, b in zip(psnr(left, right), left, right, strict=True):
        assert ours == pytest.approx(peak_signal_noise_ratio(a, b, data_range=255), abs=1e-4)


def test_equal_pictures_have_ssim_one():
    left, _ = pictures((64, 64))
    assert (ssim(left, left) == 1).all() and np.isinf(psnr(left, left)).all()
