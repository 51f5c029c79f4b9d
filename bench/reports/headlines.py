"""The columns of the board, as data: which figures stand in front, and in which part."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Headline:
    """One column: an estimate (metric, group) under a short title; ``percent`` shows shares as %."""

    part: str
    title: str
    metric: str
    group: str = "all"
    percent: bool = True
    digits: int = 1


HEADLINES = (
    Headline("Kept", "diagnosis %", "diagnosis_accuracy"),
    Headline("Kept", "of untouched %", "diagnosis_retention"),
    Headline("Kept", "tumour Dice", "tumour_dice", percent=False, digits=2),
    Headline("Kept", "landmarks px", "landmark_error", percent=False, digits=2),
    Headline("Kept", "gaze °", "gaze_error", percent=False),
    Headline("Kept", "face found %", "detection_hog"),
    Headline("Hidden", "matches %", "face_matching_rate"),
    Headline("Hidden", "rank-1 %", "rank1_identification"),
    Headline("Hidden", "ID-Dis", "id_dis", percent=False, digits=2),
    Headline("Hidden", "AUC naive", "verification_auc", "attacker=naive", percent=False, digits=3),
    Headline("Hidden", "AUC parrot", "verification_auc", "attacker=parrot", percent=False, digits=3),
    Headline("Back with the key", "AUC one key", "verification_auc", "attacker=same_key", False, 3),
    Headline("Back with the key", "PSNR dB", "psnr_restored", percent=False),
    Headline("Back with the key", "PSNR dB, before rounding", "psnr_restored_unrounded", percent=False),
    Headline("Back with the key", "matches %", "face_matching_rate_restored"),
    Headline("Back with the key", "diagnosis %", "diagnosis_accuracy_restored"),
    Headline("Back with the key", "wrong keys open %", "wrong_password_opens"),
)
PARTS = tuple(dict.fromkeys(headline.part for headline in HEADLINES))
ARROWS = {"higher": "↑", "lower": "↓"}
#: Which way is better; kept here so that a table is printed without importing the metrics.
BETTER = {
    "diagnosis_accuracy": "higher",
    "diagnosis_retention": "higher",
    "tumour_dice": "higher",
    "landmark_error": "lower",
    "gaze_error": "lower",
    "detection_hog": "higher",
    "face_matching_rate": "lower",
    "rank1_identification": "lower",
    "id_dis": "higher",
    "verification_auc": "lower",
    "psnr_restored": "higher",
    "psnr_restored_unrounded": "higher",
    "face_matching_rate_restored": "higher",
    "diagnosis_accuracy_restored": "higher",
    "wrong_password_opens": "lower",
}
ANCHORS = ("untouched", "mean-face", "random-face")
