"""The eyeball: sclera with vessels, iris, pupil, catchlight, and the signs on its surface."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from medbench.suites.mini.camera import SIZE, Camera, Hit
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.lids import EYEBALL, Lids
from medbench.suites.mini.light import Light
from medbench.suites.mini.numeric import F, noise, smoothstep
from medbench.suites.mini.scene import Scene
from medbench.suites.mini.signs import CONJ_SIZE


def gaze_direction(yaw: float, pitch: float) -> np.ndarray:
    """Unit vector in the head frame; yaw > 0 to the image's right, pitch > 0 down."""
    return np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)])


@dataclass(frozen=True)
class Ball:
    """Per pixel of an eye's box: normal, angles from the gaze, iris radii q, vessel noise."""

    normal: np.ndarray
    gaze: np.ndarray
    angle: np.ndarray
    phi: np.ndarray
    q: np.ndarray
    vein: np.ndarray


def draw_eye(
    who: Identity, scene: Scene, lids: Lids, camera: Camera, hit: Hit, rays: np.ndarray, light: Light,
    rng: np.random.Generator, image: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Draw an eye into the linear image in place; return the conjunctival tumour's mask (SIZE, SIZE)."""
    tumour = np.zeros((SIZE, SIZE), bool)
    middle = camera.project(lids.centre + np.array([0, 0, EYEBALL]))[0]
    reach = int(24 * camera.pixels_per_mm)
    low = np.clip(middle - np.array([reach, reach * 0.75]), 0, SIZE).astype(int)
    high = np.clip(middle + np.array([reach, reach * 0.75]), 0, SIZE).astype(int)
    if (high - low).min() < 4:
        return tumour
    box = (slice(low[1], high[1]), slice(low[0], high[0]))
    x, y = hit.x[box], hit.y[box]
    t, upper, lower = lids.curves(x)
    near = (np.abs(hit.z[box] - lids.depth) < 30) & (hit.share[box] > 0.5) & (t > 0) & (t < 1)
    size = F(camera.pixels_per_mm)
    aperture = np.clip((y - upper) * size + 0.5, 0, 1) * np.clip((lower - y) * size + 0.5, 0, 1) * near
    ball, missed = _meet(who, lids, camera.origin, rays[box], noise(rng, x.shape[1], x.shape[0], 5, 3))
    ill = lids.index == scene.eye
    colour = _sclera(who, scene, lids, ball, x, ill)
    inside = smoothstep(1.05, 0.94, ball.q)[..., None]
    colour = colour * (1 - inside) + _iris(who, scene, ball, ill) * inside
    colour = _pupil(who, scene, ball, ill, colour)
    if ill and scene.disease == "Conj":
        colour, patch = _patch(scene, lids, ball, colour)
        tumour[box] = (patch > 0.4) & (aperture > 0.5)
    shine = _shine(ball, light)
    lid_shadow = (0.42 + 0.58 * smoothstep(0, 3.6, y - upper)) * (0.75 + 0.25 * smoothstep(0, 2, lower - y))
    corner = 1 - 0.35 * np.clip((np.abs(x - lids.x) - 8) / 8, 0, 1)
    flat = light.shade(
        ball.normal.reshape(-1, 3), (lid_shadow * corner).astype(F).ravel(), colour.astype(F).reshape(-1, 3),
        np.full(x.size, 0.02, F), np.ones(x.size, F),
    )  # fmt: skip
    shaded = flat.reshape(*x.shape, 3) + shine
    shaded[near & missed] *= 0.4
    wet = np.exp(-(((lower - y - 0.3) / 0.5) ** 2))[..., None] * 0.4
    shaded = shaded * (1 - wet) + wet * who.skin * np.array([0.9, 0.56, 0.52], F)
    part = image[box] * (1 - aperture[..., None]) + shaded * aperture[..., None]
    female = float(not who.male)
    lash = np.exp(-(((y - upper + 0.15) / (0.65 + 0.25 * female)) ** 2)) * near * (0.55 + 0.3 * female)
    rim = np.exp(-(((y - lower - 0.2) / 0.55) ** 2)) * near * (t > 0.05) * 0.28
    image[box] = part * (1 - np.clip(lash + rim, 0, 0.92)[..., None]) + 0.01 * lash[..., None]
    return tumour


def aperture_mask(lids: Lids, hit: Hit) -> np.ndarray:
    """Pixels (SIZE, SIZE) that show the eyeball of ``lids``."""
    t, upper, lower = lids.curves(hit.x)
    near = (np.abs(hit.z - lids.depth) < 30) & (t > 0) & (t < 1)
    return near & (hit.y > upper) & (hit.y < lower)


def _meet(
    who: Identity, lids: Lids, origin: np.ndarray, rays: np.ndarray, vein: np.ndarray
) -> tuple[Ball, np.ndarray]:
    centre = lids.centre.astype(F)
    start = origin - centre
    square = (rays * rays).sum(2)
    b = (rays @ start) / square
    root = b * b - (start @ start - F(EYEBALL**2)) / square
    t = -b - np.sqrt(np.maximum(root, 0))
    normal = (start + rays * t[..., None]) / F(EYEBALL)
    gaze = gaze_direction(*lids.gaze)
    across = np.cross([0, 1.0, 0], gaze)
    across /= np.linalg.norm(across)
    along = np.cross(gaze, across)
    angle = np.arccos(np.clip(normal @ gaze.astype(F), -1, 1))
    phi = np.arctan2(normal @ along.astype(F), normal @ across.astype(F))
    q = angle / F(np.arcsin(who.iris_r / EYEBALL))
    return Ball(normal, gaze.astype(F), angle, phi, q, np.clip(vein, -2, 2)), root < 0


def _sclera(who: Identity, scene: Scene, lids: Lids, ball: Ball, x: np.ndarray, ill: bool) -> np.ndarray:
    vessel = smoothstep(0.28, 0.02, np.abs(ball.vein))
    corner = np.clip(np.abs(x - lids.x) / 15, 0, 1)
    red = (scene.redness + 0.10 * corner) * (0.5 + 0.8 * vessel)
    if scene.disease == "TAO" and scene.signs.upper[lids.index] > 0:
        red = red + (0.06 + 0.06 * scene.grade) * corner * (0.4 + vessel)
    if scene.disease == "Uveitis" and ill:
        ring = np.exp(-(((ball.q - 1.08) / 0.45) ** 2)) * (0.8 + 0.35 * vessel)
        red = red + (0.5, 0.72, 0.95)[scene.grade] * (ring + 0.30 + 0.25 * vessel)
    red = np.clip(red, 0, 0.95)[..., None]
    white = np.array([0.72, 0.67, 0.63], F) * (1 - red * np.array([0.12, 0.78, 0.72], F))
    caruncle = 0.75 * np.exp(-(((x - lids.xm) / 2.6) ** 2))[..., None]
    return white * (1 - caruncle) + caruncle * np.array([0.55, 0.25, 0.22], F)


def _iris(who: Identity, scene: Scene, ball: Ball, ill: bool) -> np.ndarray:
    phase = who.iris_phase
    spokes = (
        0.75
        + 0.15 * np.sin(ball.phi * 23 + 3 * np.sin(ball.phi * 7 + phase))
        + 0.25 * np.cos(ball.phi * 11 + phase)
    )
    fade = (spokes * (0.55 + 0.75 * smoothstep(0.35, 0.8, ball.q)))[..., None]
    colour = who.iris * fade * (1 - 0.6 * smoothstep(0.82, 1.0, ball.q))[..., None]
    if ill and scene.disease == "Uveitis":
        k = scene.grade
        colour = colour * (0.8 - 0.1 * k) + np.array([0.022, 0.02, 0.018], F) * (k + 1)
    return colour


def _pupil(who: Identity, scene: Scene, ball: Ball, ill: bool, colour: np.ndarray) -> np.ndarray:
    radius: float | np.ndarray = who.pupil_r * scene.pupil
    haze = 0.0
    if ill and scene.disease == "Uveitis":
        k, draw = scene.grade, scene.signs.lesion
        lobes = 0.6 * np.sin(2 * ball.phi + 6 * draw[0]) + np.sin(3 * ball.phi + 6 * draw[1])
        lobes = lobes + 0.7 * np.sin(5 * ball.phi + 6 * draw[2])
        radius = radius * (0.95, 0.8, 0.7)[k] * (1 + (0.10 + 0.13 * k) * lobes)
        haze = 0.012 * (k + 1)
    limit = np.arcsin(np.clip(np.asarray(radius) / EYEBALL, 0.01, 0.9))
    dark = smoothstep(1.08, 0.90, ball.angle / limit)[..., None]
    return colour * (1 - dark) + dark * F(0.004 + haze)


def _patch(scene: Scene, lids: Lids, ball: Ball, colour: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pigmented conjunctival tumour beside the limbus, on the side that the eye looks away from."""
    draw, k = scene.signs.lesion, scene.grade
    way = (0.0 if lids.gaze[0] < 0 else np.pi) + (draw[1] - 0.5) * 0.8
    size = CONJ_SIZE[k] * (0.9 + 0.25 * draw[2])
    turn = np.angle(np.exp(1j * (ball.phi - way))) * 1.15 / size
    off = np.hypot((ball.q - 1.42 - 0.2 * draw[3]) / (size * 0.85), turn) + 0.18 * ball.vein
    share = smoothstep(1.1, 0.75, off) * (0.80 + 0.07 * k) * np.clip(0.92 + 0.15 * ball.vein, 0.5, 1.1)
    share = np.clip(share, 0, 0.95)
    brown = np.array([0.055, 0.026, 0.013], F) * F(0.7 + 0.6 * draw[4])
    return colour * (1 - share[..., None]) + share[..., None] * brown, share


def _shine(ball: Ball, light: Light) -> np.ndarray:
    """Catchlight on the cornea."""
    lifted = ball.normal + F(0.25) * np.where(ball.q[..., None] < 1.15, ball.normal - ball.gaze, 0)
    lifted /= np.linalg.norm(lifted, axis=2, keepdims=True)
    return (smoothstep(0.988, 0.997, lifted @ light.half) * 0.75)[..., None] * light.colour
