"""Where the person looks: a small network on both eyes."""

from __future__ import annotations

from medbench.metrics.evaluators.eye_evaluator import EyeEvaluator
from medbench.metrics.evaluators.eye_networks import GazeNetwork


class MiniGaze(EyeEvaluator):
    """``gaze`` (B, 2) float32: pitch and yaw in degrees, camera axes; NaN where there is no box.

    Pitch > 0 looks up, yaw > 0 to the image's right.
    """

    name = "gaze_mini"
    produces = ("gaze",)
    network = GazeNetwork
    outputs = 2


EVALUATOR = MiniGaze
