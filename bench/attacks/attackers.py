"""The attackers who have no key, one function each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medbench.attacks.gather import CLEAR
from medbench.attacks.treatments import PROTECTED

if TYPE_CHECKING:
    from medbench.attacks.scene import Scene
    from medbench.core import Estimate


def naive(scene: Scene) -> list[Estimate]:
    """Clear gallery, protected probes, a recogniser that was told nothing: the papers' metrics."""
    gallery, probes = scene.identity("evaluated", CLEAR), scene.identity("evaluated", PROTECTED)
    return scene.figures("naive", gallery, probes, PROTECTED)


def parrot(scene: Scene) -> list[Estimate]:
    """Both sides protected, each picture with its own key: can one person's pictures be linked?"""
    probes = scene.identity("evaluated", PROTECTED)
    return scene.figures("parrot", probes, probes, PROTECTED)


def informed(scene: Scene) -> list[Estimate]:
    """A recogniser's head fitted anew on protected pictures of the attacker's own people."""
    head = scene.informed(PROTECTED)
    gallery = head.gallery(scene.identity("evaluated", CLEAR))
    probes = head.probes(scene.evaluated.crops[PROTECTED], scene.identity("evaluated", PROTECTED))
    return scene.figures("informed", gallery, probes, PROTECTED)


def reconstructing(scene: Scene) -> list[Estimate]:
    """The protection undone by what was learnt on the attacker's own people, then the judging recogniser."""
    faces = scene.undo(PROTECTED).draw(scene.evaluated.crops[PROTECTED])
    gallery = scene.identity("evaluated", CLEAR)
    return scene.figures("reconstructing", gallery, scene.drawn(PROTECTED, faces), PROTECTED)
