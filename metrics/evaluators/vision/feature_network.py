"""A network that turns pictures into features."""

from __future__ import annotations

from torch import nn


class FeatureNetwork(nn.Module):
    """From pixels (B, 3, H, W), normalised, to features (B, ``features``)."""

    features: int
