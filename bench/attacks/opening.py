"""Open protected pictures with keys, or with the numbers that a gradient found in place of a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch

from medbench.stages.protect import Treated, as_tensor, restore

if TYPE_CHECKING:
    from medbench.keys import Key
    from medbench.methods.method import Method
    from medbench.metrics.attacks.gradient_key import OpensByNumbers

GRADIENT = "gradient_key"


def opened(method: Method, protected: Treated, keys: Sequence[Key]) -> Treated:
    """Restore the valid ones of some protected pictures; what was not protected has failed here too."""
    done = Treated(np.zeros_like(protected.images), dict(protected.failures))
    rows = protected.good
    back = restore(method, protected.images[rows], [keys[row] for row in rows])
    done.images[rows] = back.images
    done.failures |= {int(rows[at]): reason for at, reason in back.failures.items()}
    return done


def opened_by(method: OpensByNumbers, protected: Treated, numbers: torch.Tensor) -> Treated:
    """Restore pictures with key numbers; those that were not protected have failed here too."""
    done = Treated(np.zeros_like(protected.images), dict(protected.failures))
    rows = protected.good
    if len(rows):
        with torch.no_grad():
            back = method.restore_with(as_tensor(protected.images[rows]), numbers)
        eight_bit = (back.nan_to_num(0).clamp(0, 1) * 255).round().to(torch.uint8)
        done.images[rows] = eight_bit.permute(0, 2, 3, 1).cpu().numpy()
    return done
