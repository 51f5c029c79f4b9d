"""Who it is: the parameters that stay the same in all images of a subject."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from medbench.suites.mini.numeric import F, generator, smoothstep

VERSION = 1
_STREAM = 101
_SKIN = np.array(
    [
        [0.74, 0.49, 0.385],
        [0.62, 0.385, 0.28],
        [0.43, 0.245, 0.155],
        [0.23, 0.118, 0.070],
        [0.115, 0.058, 0.038],
    ]
)
_HAIR = np.array(
    [
        [0.012, 0.009, 0.008],
        [0.045, 0.022, 0.012],
        [0.12, 0.06, 0.028],
        [0.34, 0.21, 0.09],
        [0.21, 0.065, 0.02],
    ]
)
_IRIS = np.array(
    [[0.06, 0.025, 0.01], [0.12, 0.06, 0.02], [0.10, 0.11, 0.05], [0.09, 0.16, 0.24], [0.16, 0.2, 0.22]]
)


@dataclass(frozen=True)
class Identity:
    """Shape in mm (offsets where the name says ``_d``), colours in linear RGB, style, texture seed."""

    subject: int
    male: bool
    age: float
    melanin: float
    shape: dict[str, float]
    skin: np.ndarray
    hair: np.ndarray
    brow: np.ndarray
    iris: np.ndarray
    long_hair: bool
    fringe: bool
    moles: int
    texture_seed: int

    def __getattr__(self, name: str) -> float:
        """Shape parameters read as attributes."""
        try:
            return self.__dict__["shape"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def ageing(self) -> float:
        """0.06 (young) to 1.1 (old): strength of folds and spots."""
        return float(np.clip((self.age - 25) / 50, 0.06, 1.1))


def _pick(draw: float, weights: tuple[float, ...]) -> int:
    return min(int(np.searchsorted(np.cumsum(weights), draw * sum(weights))), len(weights) - 1)


def _melanin(draw: float, where: float) -> float:
    low, high = ((0.0, 0.3), (0.2, 0.6), (0.55, 1.0))[_pick(draw, (0.5, 0.3, 0.2))]
    return low + (high - low) * where


@functools.lru_cache(maxsize=4096)
def identity(subject: int) -> Identity:
    """Draw the identity of a subject number; a pure function of (suite version, subject)."""
    r = generator(VERSION, _STREAM, subject)

    def n(sd: float = 1.0) -> float:
        return float(np.clip(r.standard_normal(), -2.1, 2.1) * sd)

    def u(low: float = 0.0, high: float = 1.0) -> float:
        return float(r.uniform(low, high))

    male = u() < 0.5
    m = 1 if male else -1
    age = u(18, 85)
    mel = _melanin(u(), u())
    old = age - 50
    s = dict(
        cheek_w=70 + n(3.6) + m * 1.6, jaw_w=57 + n(4.6) + m * 3, gonion_y=76 + n(5.5),
        chin_y=111 + n(5.2) + m * 2.5, chin_w=23 + n(5) + m * 2, temple_w=67 + n(3), top_y=-118 + n(4),
        chin_d=n(3.4) + m, forehead_d=n(3), cheek_d=4 + n(3) - old * 0.03, ridge_d=2.2 + n(1.4) + m * 1.2,
        squareness=2.25 + n(0.16), eye_distance=63 + n(4.2) + m, eye_length=30 + n(2.2),
        eye_tilt=1.6 + n(1.9), upper_lid=5.1 + n(0.48) - old * 0.006, lower_lid=4.7 + n(0.45),
        lid_power=0.82 + n(0.12), socket_d=7 + n(2.2), crease=4.0 + n(1.8), nose_y=46 + n(4) + m,
        nose_d=20 + n(3.4) + m, nose_w=15.5 + n(2.8) + m * 0.8 + 2.5 * mel, bridge_w=6.6 + n(1.6),
        bridge_d=n(2.1), tip_d=n(2.2), bulb=2.0 + n(0.9), mouth_y=71 + n(3) + m * 0.6,
        mouth_w=24.5 + n(3.2), upper_lip=6.4 + n(2.2) + 1.8 * mel - old * 0.03,
        lower_lip=8.8 + n(2.2) + 1.6 * mel - old * 0.03, brow_y=-18.5 + n(3) + m * 1.4,
        brow_t=3.7 + n(1.2) + m, brow_arch=3.6 + n(2) - m * 0.8, brow_tilt=n(2.4), brow_l=20.5 + n(2.2),
        brow_density=float(np.clip(0.8 + n(0.2) + m * 0.08, 0.35, 1)), brow_in=9.8 + n(2.6),
        hairline=-76 + n(8) - (male * max(0.0, age - 35) * u(0, 0.7)), peak=n(6),
        recess=abs(n(9)) + 4 * male, side=1.14 + n(0.07), sweep=n(0.5), hair_end=u(95, 170),
        hair_volume=n(1), curl=u(), hair_sides=u(2.0, 6.0), beard=male * max(0.0, u(-0.5, 1)),
        moustache=male * max(0.0, u(-0.5, 1)), lip_red=n(0.6) - m * 0.4,
        freckles=max(0.0, n(0.6)) * (mel < 0.35), iris_r=5.9 + n(0.2), pupil_r=1.75 + n(0.25),
        iris_phase=u(0, 6.28), ear_d=9 + n(3), flush=0.30 + n(0.16),
    )  # fmt: skip
    s["upper_lip"], s["lower_lip"] = max(s["upper_lip"], 2.5), max(s["lower_lip"], 4.5)
    s["brow_t"], s["ear_d"] = max(s["brow_t"], 1.9), max(s["ear_d"], 3.5)
    s["hairline"] = max(s["hairline"], -112.0)
    long_hair, fringe, moles = (
        (not male) and u() < 0.7,
        u() < (0.12 if male else 0.3),
        _pick(u(), (0.1, 0.2, 0.25, 0.2, 0.15, 0.1)),
    )
    colour = _HAIR[_pick(u(), (0.35, 0.3, 0.2, 0.1, 0.05)) if mel < 0.45 else 0]
    grey = float(smoothstep(42, 75, age + n(8)))
    hair = colour * (1 - grey) + grey * np.array([0.42, 0.41, 0.40]) * u(0.5, 1.1)
    brow = (colour * (1 - 0.6 * grey) + 0.6 * grey * np.array([0.3, 0.29, 0.28])) * 0.8
    hue = u()
    iris = _IRIS[_pick(hue, (0.3, 0.25, 0.15, 0.2, 0.1)) if mel < 0.4 else _pick(hue, (0.8, 0.2))] * u(
        0.8, 1.3
    )
    k = mel * 4
    j = min(3, int(k))
    red, yellow = n(0.5), n(0.5)
    tint = np.array([1 + 0.06 * red, 1 - 0.07 * red, 1 - 0.07 * red - 0.10 * yellow])
    skin = (_SKIN[j] * (1 - (k - j)) + _SKIN[j + 1] * (k - j)) * tint * (1 + n(0.07))
    return Identity(
        subject=subject, male=male, age=age, melanin=mel, shape=s, skin=skin.astype(F), hair=hair.astype(F),
        brow=brow.astype(F), iris=iris.astype(F), long_hair=long_hair, fringe=fringe, moles=moles,
        texture_seed=int(r.integers(1 << 31)),
    )  # fmt: skip
