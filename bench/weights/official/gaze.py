"""Weights of the papers' gaze network."""

from __future__ import annotations

from medbench.weights.weight_file import official

FILES = (
    official(
        "l2cs_gaze360",
        "L2CSNet_gaze360.pkl",
        licence="MIT (L2CS-Net); trained on Gaze360, research only",
        citation="Abdelrahman et al., L2CS-Net, 2022; github.com/Ahmednull/L2CS-Net",
        page="the Google Drive folder that github.com/Ahmednull/L2CS-Net links",
        note="the ResNet-50 of Gaze360",
    ),
)
