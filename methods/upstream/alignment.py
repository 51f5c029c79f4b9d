"""How each repository's face pictures are framed, from 68 landmarks in iBUG's order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from medbench.methods.face_region import Face
from medbench.methods.face_window import around
from medbench.methods.upstream.placement import Placement


def five_points(landmarks: np.ndarray) -> np.ndarray:
    """Eyes (the picture's left one first), tip of the nose, corners of the mouth: (5, 2)."""
    eyes = [landmarks[36:42].mean(0), landmarks[42:48].mean(0)]
    return np.stack([*eyes, landmarks[30], landmarks[48], landmarks[54]]).astype(np.float64)


def similarity(points: np.ndarray, template: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the turned, scaled and moved map (2, 3) that brings ``points`` nearest ``template``.

    Least squares over (n, 2) points; also the mean distance that is left, in pixels of the template.
    """
    x, y = points.T
    one, none = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate([np.stack([x, -y, one, none], 1), np.stack([y, x, none, one], 1)])
    a, b, c, d = np.linalg.lstsq(rows, np.concatenate([template[:, 0], template[:, 1]]), rcond=None)[0]
    matrix = np.array([[a, -b, c], [b, a, d]])
    left = np.linalg.norm(points @ matrix[:, :2].T + matrix[:, 2] - template, axis=1)
    return matrix, float(left.mean())


def by_template(face: Face, templates: Sequence[np.ndarray], side: int) -> Placement:
    """Bring the five points to that one of the ``templates`` (5, 2) that they fit best."""
    points = five_points(face.landmarks)
    matrix = min((similarity(points, template) for template in templates), key=lambda found: found[1])[0]
    return Placement.of(matrix, (side, side), face.landmarks)


def ffhq(face: Face, side: int) -> Placement:
    """The framing of FFHQ and CelebA-HQ: a square turned with the eyes (Karras et al. 2019, appendix)."""
    left, right, _, mouth_left, mouth_right = five_points(face.landmarks)
    eyes, across = (left + right) / 2, right - left
    down = (mouth_left + mouth_right) / 2 - eyes
    x = across - np.array([-down[1], down[0]])
    x *= max(2.0 * np.linalg.norm(across), 1.8 * np.linalg.norm(down)) / np.linalg.norm(x)
    y = np.array([-x[1], x[0]])
    centre = eyes + 0.1 * down
    # Edges of the square lie at -1/2 and side - 1/2 of pixel centres.
    corners = np.stack([centre - x - y, centre + x - y, centre - x + y])
    target = np.array([[0, 0], [side, 0], [0, side]]) - 0.5
    matrix = similarity(corners, target)[0]
    return Placement.of(matrix, (side, side), face.landmarks)


def upright(face: Face, height: int, width: int, frame: float, side: int) -> Placement:
    """An upright square inside the picture, ``frame`` widths of the face box wide."""
    left, top, right, bottom = face.box
    window = around((left, top, right, bottom), height, width, frame)
    scale = side / window.side
    matrix = np.array(
        [
            [scale, 0, (0.5 - window.left) * scale - 0.5],
            [0, scale, (0.5 - window.top) * scale - 0.5],
        ]
    )
    return Placement.of(matrix, (side, side), face.landmarks)
