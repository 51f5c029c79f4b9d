"""The attackers on the key of a method, one function each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medbench.attacks.gather import CLEAR
from medbench.attacks.opening import GRADIENT
from medbench.attacks.treatments import RIGHT_KEY, SAME_KEY, guess
from medbench.metrics.attacks.guesses import likeliest, universal

if TYPE_CHECKING:
    from medbench.attacks.scene import Scene
    from medbench.core import Estimate


def same_key(scene: Scene) -> list[Estimate]:
    """Both sides protected under one key: what it costs to use a key for everybody."""
    probes = scene.identity("evaluated", SAME_KEY)
    return scene.figures("same_key", probes, probes, SAME_KEY)


def leaked_pairs(scene: Scene) -> list[Estimate]:
    """One key for everybody, and the attacker holds clear and protected pairs made with it."""
    head = scene.informed(SAME_KEY)
    gallery = head.gallery(scene.identity("evaluated", CLEAR))
    probes = head.probes(scene.evaluated.crops[SAME_KEY], scene.identity("evaluated", SAME_KEY))
    return scene.figures("leaked_pairs", gallery, probes, SAME_KEY)


def wrong_key(scene: Scene) -> list[Estimate]:
    """Opened with a key that is not the picture's, then recognised."""
    role = guess(0)
    gallery = scene.identity("evaluated", CLEAR)
    return scene.figures("wrong_key", gallery, scene.identity("evaluated", role), role)


def guessed_keys(scene: Scene) -> list[Estimate]:
    """Opened with several guessed keys; the attacker believes the face most like a known one."""
    gallery = scene.identity("evaluated", CLEAR)
    opened = [scene.identity("evaluated", guess(n)) for n in range(scene.treatments.guesses)]
    return scene.figures("guessed_keys", gallery, likeliest(opened, gallery), guess(0))


def universal_key(scene: Scene) -> list[Estimate]:
    """Of the guessed keys, the one that opens a few of the attacker's own pictures best, for all."""
    clear = scene.identity("few", CLEAR)
    opened = [scene.identity("few", guess(n)) for n in range(scene.treatments.guesses)]
    role = guess(universal(opened, clear))
    gallery = scene.identity("evaluated", CLEAR)
    return scene.figures("universal_key", gallery, scene.identity("evaluated", role), role)


def right_key(scene: Scene) -> list[Estimate]:
    """No attack: what the holder of the key gets, to compare with."""
    gallery = scene.identity("evaluated", CLEAR)
    return scene.figures("right_key", gallery, scene.identity("evaluated", RIGHT_KEY), RIGHT_KEY)


def gradient_key(scene: Scene) -> list[Estimate]:
    """One key for everybody; its numbers found by gradient descent on a few leaked pairs."""
    gallery = scene.identity("evaluated", CLEAR)
    return scene.figures("gradient_key", gallery, scene.identity("evaluated", GRADIENT), GRADIENT)
