"""The face of a scene: the neutral head plus mouth, brows, lids and tumour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from medbench.suites.mini.base import Base, normals, open_sky
from medbench.suites.mini.brows import add_brows
from medbench.suites.mini.chart import Window, window
from medbench.suites.mini.identity import Identity
from medbench.suites.mini.lids import Lids, add_lids
from medbench.suites.mini.mouth import Mouth, add_mouth
from medbench.suites.mini.numeric import F
from medbench.suites.mini.scene import Scene
from medbench.suites.mini.tumours import add_tumour

#: what expression and signs can change; only here normals and open sky are computed again
_MOBILE = window(0, 35, 72, 82)


@dataclass(frozen=True)
class Face:
    """Charts (NV, NU) of the face in a scene, and the curves of eyes and mouth."""

    relief: np.ndarray
    colour: np.ndarray
    gloss: np.ndarray
    normals: np.ndarray
    sky: np.ndarray
    lesion: np.ndarray | None
    eyes: tuple[Lids, Lids]
    mouth: Mouth


def make_face(who: Identity, scene: Scene, base: Base, rng: np.random.Generator) -> Face:
    """Put a scene's expression and signs on a subject's neutral head."""
    relief, colour = base.relief.copy(), base.colour.copy()
    gloss = np.full(relief.shape, 0.10, F)
    mouth = Mouth.of(who, scene)
    add_mouth(who, mouth, scene.smile, base.front, base.grain.pore, relief, colour, gloss)
    add_brows(who, scene.brow_raise, base.front, base.grain.blotch, base.grain.pore, relief, colour, gloss)
    eyes = (Lids.of(who, scene, 0), Lids.of(who, scene, 1))
    for lids in eyes:
        add_lids(who, lids, scene, base.front, relief, colour)
    lesion = None
    if scene.disease in ("BCC", "SCC"):
        lesion = add_tumour(who, eyes[scene.eye], scene, rng, base.front, relief, colour, gloss)
    normal, sky = base.normals.copy(), base.sky.copy()
    rows, columns = _MOBILE
    inner = (slice(8, -8), slice(8, -8))
    target: Window = (slice(rows.start + 8, rows.stop - 8), slice(columns.start + 8, columns.stop - 8))
    normal[target] = normals(relief, _MOBILE)[inner]
    sky[target] = open_sky(np.ascontiguousarray(relief[_MOBILE]))[inner]
    return Face(relief, colour, gloss, normal, sky, lesion, eyes, mouth)
