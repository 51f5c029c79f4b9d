"""How far apart two 8-bit pictures are, pixel by pixel."""

from __future__ import annotations

import numpy as np

#: Side of SSIM's window, and rows of a picture handled at once, which stay in a core's cache.
WINDOW, _ROWS = 7, 16


def psnr(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """PSNR in dB of uint8 (B, H, W, 3) pictures, infinite where they are equal: (B,)."""
    apart = left.astype(np.float32) - right.astype(np.float32)
    mean = np.square(apart).mean(axis=(1, 2, 3), dtype=np.float64)
    with np.errstate(divide="ignore"):
        return 10 * np.log10(255.0**2 / mean)


def ssim(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """SSIM (Wang et al. 2004; 7 x 7 window, mean of the channels) of uint8 (B, H, W, 3): (B,).

    The same figure as scikit-image's ``structural_similarity``, from sums of whole numbers.
    """
    return np.array([_ssim(a, b) for a, b in zip(left, right, strict=True)], dtype=np.float64)


def _ssim(left: np.ndarray, right: np.ndarray) -> float:
    """Means, variances and covariance stand here times powers of the window's size: all whole."""
    a, b = left.astype(np.int32), right.astype(np.int32)
    sums = [_window_sums(values) for values in (a, b, a * a + b * b, a * b)]
    size = WINDOW**2
    steady = (0.01 * 255 * size) ** 2, (0.03 * 255) ** 2 * size * (size - 1)
    total = 0.0
    for start in range(0, len(sums[0]), _ROWS):
        sum_a, sum_b, squares, products = (one[start : start + _ROWS] for one in sums)
        both, own = sum_a * sum_b, sum_a**2 + sum_b**2
        above = (2.0 * both + steady[0]) * (2.0 * (size * products - both) + steady[1])
        total += float((above / ((own + steady[0]) * (size * squares - own + steady[1]))).sum())
    return total / sums[0].size


def _window_sums(values: np.ndarray) -> np.ndarray:
    import cv2

    inside = slice(WINDOW // 2, -(WINDOW // 2))
    return cv2.boxFilter(values, cv2.CV_32S, (WINDOW, WINDOW), normalize=False)[inside, inside]


MEASURES = {"psnr": psnr, "ssim": ssim}


def differences(left: np.ndarray, right: np.ndarray, wanted: set[str]) -> dict[str, np.ndarray]:
    """Those of the columns ``psnr`` and ``ssim`` that are wanted."""
    return {name: measure(left, right) for name, measure in MEASURES.items() if name in wanted}
