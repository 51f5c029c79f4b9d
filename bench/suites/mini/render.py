"""Draw one image: a pure function of an identity and a scene."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from medbench.suites.mini import backdrop
from medbench.suites.mini.base import Base, base_of
from medbench.suites.mini.camera import SIZE, Camera, Hit, chart_uv
from medbench.suites.mini.eye import aperture_mask, draw_eye
from medbench.suites.mini.face import Face, make_face
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.landmarks import landmarks
from medbench.suites.mini.light import Light
from medbench.suites.mini.numeric import F, generator
from medbench.suites.mini.scene import Scene
from medbench.suites.mini.truth import scalar_truth


@dataclass(frozen=True)
class Rendered:
    """An image with its truth.

    ``image`` uint8 RGB (256, 256, 3); ``mask`` bool (256, 256), the tumour (all False without one);
    ``landmarks`` float32 (68, 2) in pixels (x, y); ``truth`` the scalar columns of the suite.
    ``uv`` float32 (256, 256, 2), chart position of the head's surface in [-1, 1], NaN off the head,
    and ``alpha`` float32 (256, 256), the head's share of each pixel: only on request.
    """

    image: np.ndarray
    mask: np.ndarray
    landmarks: np.ndarray
    truth: dict[str, float | str]
    uv: np.ndarray | None = None
    alpha: np.ndarray | None = None


def render(who: Identity, scene: Scene, correspondence: bool = False) -> Rendered:
    """Draw ``who`` in ``scene``.

    The same scene with another identity gives another person in the same pose, light, expression,
    gaze and with the same signs.

    Args:
        who: from :func:`medbench.suites.mini.identity.identity`.
        scene: from :func:`medbench.suites.mini.scene.scene`.
        correspondence: also give ``uv`` and ``alpha``.
    """
    base = base_of(who.subject)
    camera = Camera(scene)
    light = Light(scene, camera)
    face = make_face(who, scene, base, generator(scene.seed, 2))
    hit, rays = camera.trace(face.relief)
    linear = _skin(face, base, hit, light, camera)
    lesion = (
        cv2.remap(face.lesion, hit.column, hit.row, cv2.INTER_LINEAR) if face.lesion is not None else None
    )
    mask = (lesion > 0.5) & (hit.share > 0.5) if lesion is not None else np.zeros((SIZE, SIZE), bool)
    for lids in face.eyes:
        rng = generator(scene.seed, 3 + lids.index)
        conjunctival = draw_eye(who, scene, lids, camera, hit, rays, light, rng, linear)
        # a tumour of the skin does not lie on the eyeball
        mask = (
            (mask & ~aperture_mask(lids, hit)) | conjunctival if lesion is not None else mask | conjunctival
        )
    behind = backdrop.wall(scene)
    backdrop.add_long_hair(who, scene, camera, behind)
    backdrop.add_clothes(who, scene, camera, behind, front=False)
    alpha = hit.share
    linear = behind + (linear - behind) * alpha[..., None]
    backdrop.add_clothes(who, scene, camera, linear, front=True)
    points = landmarks(who, scene, base.bare, face.relief, face.eyes, face.mouth, camera)
    return Rendered(
        image=_develop(linear, scene), mask=mask, landmarks=points, truth=scalar_truth(who, scene),
        uv=chart_uv(hit) if correspondence else None, alpha=alpha if correspondence else None,
    )  # fmt: skip


def _skin(face: Face, base: Base, hit: Hit, light: Light, camera: Camera) -> np.ndarray:
    """Shaded head surface, linear (SIZE, SIZE, 3), black off the head."""
    at = (hit.column, hit.row, cv2.INTER_LINEAR)
    where = np.flatnonzero(hit.share > 0)
    albedo = cv2.remap(face.colour, *at, borderMode=cv2.BORDER_REPLICATE).reshape(-1, 3)[where]
    normal = cv2.remap(face.normals, *at, borderMode=cv2.BORDER_REPLICATE).reshape(-1, 3)[where]
    rest = cv2.merge([face.sky, face.gloss, base.hair])
    rest = cv2.remap(rest, *at, borderMode=cv2.BORDER_REPLICATE).reshape(-1, 3)[where]
    sky, gloss, hair = rest.T
    normal *= (1 / np.sqrt(np.einsum("ij,ij->i", normal, normal) + F(1e-6)))[:, None]
    shadow = light.shadow(hit, camera).ravel()[where]
    flat = np.zeros((SIZE * SIZE, 3), F)
    flat[where] = light.shade(normal, sky, albedo, gloss * (1 - F(0.5) * hair), shadow)
    sheen = hair * F(0.05) * np.abs(normal[:, 1]) * np.maximum(normal @ light.key, 0) * shadow
    flat[where] += sheen[:, None]
    return flat.reshape(SIZE, SIZE, 3)


def _tone_curve() -> np.ndarray:
    light = np.arange(4096) / 2048.0 * 1.08
    light = np.where(light > 0.7, 1 - 0.09 / (np.maximum(light, 0.7) - 0.4), light)
    return (np.sqrt(np.clip(light, 0, 1)) * 1.03).astype(F)


_TONE = _tone_curve()


def _develop(linear: np.ndarray, scene: Scene) -> np.ndarray:
    """Lens blur, film curve, sensor noise, 8 bits."""
    soft = cv2.GaussianBlur(linear, (0, 0), scene.blur) if scene.blur > 0.3 else linear
    image = _TONE[np.clip(soft * F(2048), 0, 4095).astype(np.uint16)]
    image += generator(scene.seed, 5).standard_normal((SIZE, SIZE, 1), dtype=F) * F(scene.grain)
    return (np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)
