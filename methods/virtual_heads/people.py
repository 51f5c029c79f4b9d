"""Who the virtual persons are, and their charts: what a renderer knows of a head's surface."""

from __future__ import annotations

import numpy as np

from medbench.suites.mini.atlas import neutral_face
from medbench.suites.mini.identity import identity

#: The virtual persons: subject numbers that no split uses, of all skin tones, with short hair, since
#: hair that falls behind the neck is not on the head's surface and would have to be painted.
_SHORT_HAIRED = (9, 25, 34, 62, 90, 97, 104, 120, 133, 160, 166, 177, 183, 205, 228, 245)
PERSONS = tuple(900_000 + n for n in _SHORT_HAIRED)
PEOPLE = len(PERSONS)


def charts(size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """The virtual persons' surfaces.

    Returns:
        Albedo (PEOPLE, 3, *size), gamma 1/2, in [0, 1]; unit normal and open sky at half that size
        (PEOPLE, 4, size[0] / 2, size[1] / 2).
    """
    import cv2

    def shrunk(chart: np.ndarray, by: int) -> np.ndarray:
        small = cv2.resize(chart, (size[1] // by, size[0] // by), interpolation=cv2.INTER_AREA)
        return small.transpose(2, 0, 1)

    albedos, surfaces = [], []
    for number in PERSONS:
        face = neutral_face(identity(number))
        albedos.append(shrunk(np.sqrt(np.clip(face.colour, 0, 1)), 1))
        normal = face.normals / np.linalg.norm(face.normals, axis=-1, keepdims=True)
        surfaces.append(shrunk(np.dstack([normal, face.sky]), 2))
    return np.stack(albedos).astype(np.float32), np.stack(surfaces).astype(np.float32)
