"""How a backbone is fine-tuned."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    """AdamW with a warm-up and a cosine; ``smallest`` is the least share of the picture in a crop."""

    backbone_rate: float
    head_rate: float
    decay: float
    batch: int
    steps: int
    smallest: float = 0.3


#: MeMa says "fine-tuned" and no more; this is medbench's choice: 20 epochs of MeMa's 34,000 images.
DINOV2 = Tuning(backbone_rate=1e-5, head_rate=1e-3, decay=0.05, batch=64, steps=10_625)
#: ROFI, section 4.5.
ROFI_RESNET50 = Tuning(backbone_rate=1e-4, head_rate=1e-4, decay=1e-4, batch=256, steps=3000)
ROFI_VIT = Tuning(backbone_rate=1e-4, head_rate=1e-4, decay=1e-2, batch=256, steps=3000)
