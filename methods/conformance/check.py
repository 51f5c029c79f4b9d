"""The list of rules, and trying all of them on one method."""

from __future__ import annotations

from medbench.methods.conformance import output, restoring, sameness
from medbench.methods.conformance.rule import Rule, RuleResult
from medbench.methods.method import Method

RULES: tuple[Rule, ...] = (
    Rule("card", "the card is valid and keeps its word", output.card),
    Rule("image", "shape, dtype, device kept; values in [0, 1]; no NaN", output.image),
    Rule("input-untouched", "the batch is not changed, and a new tensor returned", output.input_untouched),
    Rule("sizes", "any height and width from 64 pixels on", output.sizes),
    Rule("empty-batch", "a batch of nothing gives nothing", output.empty),
    Rule("non-face", "a picture without a face gives an image or FaceNotFound", output.non_face),
    Rule("repeatable", "same picture and key, same image; no global random state", sameness.repeatable),
    Rule("batch-size", "the result does not depend on the size of the batch", sameness.batch_size),
    Rule("batch-order", "the result does not depend on the order in the batch", sameness.batch_order),
    Rule("fingerprint", "'' or the sha256 of weights and preset, steady", sameness.fingerprint),
    Rule("devices", "CPU and GPU agree", sameness.devices),
    Rule("other-key", "another key gives another image", sameness.other_key, "keyed"),
    Rule(
        "restore", "the right key brings the picture nearer to the original", restoring.restore, "reversible"
    ),
    Rule("wrong-key", "a wrong key gives another image and no error", restoring.wrong_key, "reversible"),
    Rule("restore-untouched", "restore leaves its input alone", restoring.restore_untouched, "reversible"),
)


def check(method: Method, device: str = "cpu", preset: str | None = None) -> list[RuleResult]:
    """Load ``method`` and try every rule; what ``load`` raises (missing weights …) goes through.

    Args:
        method: an instance, loaded or not.
        device: where it is loaded; pictures are handed over on the CPU, as the runner does.
        preset: a preset of the card, or None for the default.

    """
    method.load(device, preset)
    return [rule(method, preset) for rule in RULES]
