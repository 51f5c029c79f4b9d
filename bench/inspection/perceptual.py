"""A perceptual hash: pictures that look alike have hashes that differ in few bits."""

from __future__ import annotations

import numpy as np

SIDE = 16
#: Numbers compared at once, which bounds the memory: 2,048 x N float32.
_BLOCK = 2048


def difference_hash(grey: np.ndarray) -> np.ndarray:
    """Is each cell brighter than its right neighbour? Grey (H, W) -> bool (256,).

    The picture is averaged to 16 rows of 17 cells, so that size, light compression and brightness
    hardly matter. Source: dHash (Krawetz 2013), with 256 bits in place of 64, since faces in one
    alignment share most of 64.
    """
    import cv2

    small = cv2.resize(grey.astype(np.float32), (SIDE + 1, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(small[:, 1:] < small[:, :-1]).ravel()


def alike(bits: np.ndarray, most: int) -> list[tuple[int, int, int]]:
    """Pairs of rows of bool (N, K) that differ in at most ``most`` bits: (first, second, difference).

    Every pair is compared, as a product of matrices of +1 and -1.
    """
    signs = np.where(bits, 1.0, -1.0).astype(np.float32)
    width = signs.shape[1]
    found: list[tuple[int, int, int]] = []
    for start in range(0, len(signs), _BLOCK):
        apart = (width - signs[start : start + _BLOCK] @ signs[start:].T) / 2
        first, second = np.nonzero(apart <= most + 0.5)
        later = second > first
        for i, j in zip(first[later], second[later], strict=True):
            found.append((start + int(i), start + int(j), round(float(apart[i, j]))))
    return found
