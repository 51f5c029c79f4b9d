"""How far apart two 8-bit pictures are, pixel by pixel."""

from __future__ import annotations

import numpy as np


def psnr(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """PSNR in dB of uint8 (B, H, W, 3) pictures, infinite where they are equal: (B,)."""
    apart = left.astype(np.float32) - right.astype(np.float32)
    mean = np.square(apart).mean(axis=(1, 2, 3), dtype=np.float64)
    with np.errstate(divide="ignore"):
        return 10 * np.log10(255.0**2 / mean)


def ssim(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """SSIM (Wang et al. 2004; 7 x 7 window, mean of the channels) of uint8 (B, H, W, 3): (B,)."""
    from skimage.metrics import structural_similarity

    pairs = zip(left, right, strict=True)
    found = [structural_similarity(a, b, channel_axis=2, data_range=255) for a, b in pairs]
    return np.array(found, dtype=np.float64)


MEASURES = {"psnr": psnr, "ssim": ssim}


def differences(left: np.ndarray, right: np.ndarray, wanted: set[str]) -> dict[str, np.ndarray]:
    """Those of the columns ``psnr`` and ``ssim`` that are wanted."""
    return {name: measure(left, right) for name, measure in MEASURES.items() if name in wanted}
