"""The bare head as a relief: skull, face, jaw, neck, ears, folds of age."""

from __future__ import annotations

import cv2
import numpy as np

from medbench.suites.mini.chart import CAP_Y, COS, COSP, SIN, SINP, THETAS, VS, T, V, bump
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.nose import add_nose
from medbench.suites.mini.numeric import F, monotone, smoothstep

_CAP_POWER = 2.15


def jaw_line(who: Identity) -> np.ndarray:
    """Height v (mm) below which the face turns to the neck, per column of the chart, (1, NU)."""
    lateral = np.clip(np.abs(np.sin(THETAS)), 0, 1)[None]
    start = float(np.clip(who.chin_w / who.jaw_w, 0.25, 0.75)) * 0.55
    rise = np.clip((lateral - start) / (1.02 - start), 0, 1) ** 1.25
    return (who.chin_y - (who.chin_y - who.gonion_y - 8) * rise).astype(F)


def bare_head(who: Identity, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Relief (NV, NU) without hair, and the front coordinate x of its smooth skull (NV, NU)."""
    skull = _skull(who)
    front = (skull * SIN * COSP).astype(F)
    relief = skull.copy()
    half = who.eye_distance / 2
    for s in (-1, 1):
        bump(relief, front, s * 45, 24, 16, 13, who.cheek_d)
        bump(relief, front, s * (half - 1), 1, 15, 11, -who.socket_d)
        bump(relief, front, s * (half - 16), 0, 6, 9, -2.2)
        bump(relief, front, s * 24, -15, 17, 7, who.ridge_d * 0.8)
        bump(relief, front, s * 38, 62, 14, 17, -1.4 - 0.03 * (who.age - 40))
    add_nose(relief, front, who)
    bump(relief, front, 0, who.mouth_y + 19, 14, 4, -2.4)
    bump(relief, front, 0, who.chin_y - 11, 13, 8, 3 + 0.5 * who.chin_d)
    _folds(relief, front, who, rng)
    _ears(relief, who)
    return relief.astype(F), front


def _skull(who: Identity) -> np.ndarray:
    chin = who.chin_y
    v = np.maximum(VS, CAP_Y)
    width = monotone(
        [CAP_Y, -12, 12, 36, who.gonion_y, chin - 9, chin + 12, 260],
        [
            who.temple_w + 3, who.temple_w + 4, who.cheek_w, who.cheek_w - 2.5,
            who.jaw_w, who.jaw_w * 0.8, who.jaw_w * 0.7, who.jaw_w * 0.7,
        ],
        v,
    )[:, None]  # fmt: skip
    depth = monotone(
        [CAP_Y, -22, -4, 20, 50, 68, 90, chin - 7, chin + 6, 260],
        [
            91 + who.forehead_d,
            92 + who.ridge_d,
            88.5,
            88.5,
            91,
            93,
            90 + who.chin_d * 0.6,
            90 + who.chin_d,
            78,
            60,
        ],
        v,
    )[:, None]
    depth = cv2.GaussianBlur(depth, (1, 19), 3.0, borderType=cv2.BORDER_REPLICATE)
    p = who.squareness
    around = 1 / ((np.abs(SIN) / width) ** p + (np.abs(COS) / depth) ** p) ** (1 / p)
    crown = CAP_Y - who.top_y
    head = 1 / ((COSP / around) ** _CAP_POWER + (SINP / crown) ** _CAP_POWER) ** (1 / _CAP_POWER)
    male = float(who.male)
    neck_w, neck_d = 46 + 6 * male + 0.2 * (who.cheek_w - 70), 47 + 4 * male
    neck = 1 / np.sqrt((SIN / neck_w) ** 2 + (COS / neck_d) ** 2) + np.clip(V - 140, 0, 60) ** 2 * 0.010
    head = head + (neck - head) * smoothstep(-3, 13, V - jaw_line(who))
    return cv2.GaussianBlur(head.astype(F), (0, 0), 1.5)


def _folds(relief: np.ndarray, front: np.ndarray, who: Identity, rng: np.random.Generator) -> None:
    old, drop = who.ageing, who.mouth_y - who.nose_y + 8
    depth = rng.uniform(0.6, 1.2, (2, 7))
    for side, s in enumerate((-1, 1)):
        for q, x in enumerate(np.linspace(who.nose_w + 2, who.mouth_w + 8, 7)):
            bump(relief, front, s * x, who.nose_y - 8 + q * drop / 6, 2.2, 4, -1.4 * old * depth[side, q])
    wander, waves, deep = rng.standard_normal(3), rng.standard_normal((3, 9)), rng.uniform(0, 1, (3, 9))
    for q in range(3):
        for j, x in enumerate(np.linspace(-32, 32, 9)):
            bump(
                relief,
                front,
                x,
                -38 - q * 10 + 2 * wander[q] + 0.7 * waves[q, j],
                6,
                1.3,
                -0.8 * old * deep[q, j],
            )


def _ears(relief: np.ndarray, who: Identity) -> None:
    height = monotone([-24, -15, -4, 14, 30, 42, 50], [0, 0.7, 1, 0.86, 0.55, 0.42, 0], VS)[:, None]
    for s in (-1, 1):
        angle = s * np.rad2deg(T)
        rim = np.exp(-np.square(np.square((angle - 99) / 7.5)))
        hollow = np.exp(-(((angle - 91) / 3.2) ** 2)) * smoothstep(-14, 0, V) * smoothstep(34, 20, V)
        relief += (height * (who.ear_d * rim - 3.0 * hollow)).astype(F)
