"""Try wrong passwords on a protected picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.shards import WRONG_KEY_COLUMNS
from medbench.stages.pixels import psnr
from medbench.stages.protect import restore

if TYPE_CHECKING:
    from medbench.methods.method import Method
    from medbench.shards import Columns
    from medbench.stages.keyring import Keyring
    from medbench.stages.panel import Panel

#: Pictures restored at a time.
AT_ONCE = 20


def try_wrong_keys(
    method: Method,
    panel: Panel,
    keyring: Keyring,
    sample_id: str,
    attempts: int,
    pictures: tuple[np.ndarray, np.ndarray, np.ndarray],
    original: Columns,
) -> Columns:
    """Restore one picture with ``attempts`` wrong keys and compare each with the original.

    Args:
        method: Reversible and keyed.
        panel: Judges; their ``identity`` column gives the distance.
        keyring: Where the wrong keys come from.
        sample_id: Whose picture it is.
        attempts: How many keys.
        pictures: original, protected, rightly restored, each uint8 (H, W, 3).
        original: The original's columns, each with one row.

    Returns:
        WRONG_KEY_COLUMNS, (attempts,) each: ``distance`` to the original's identity (infinite
        where no face was left), ``psnr`` against the original, ``psnr_right`` against the right
        key's restoration; both 0 where the method refused the key.
    """
    clear, protected, right = pictures
    found: Columns = {name: np.zeros(attempts) for name in WRONG_KEY_COLUMNS}
    found["attempt"] = np.arange(attempts, dtype=float)
    found["distance"][:] = np.inf
    for start in range(0, attempts, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, attempts))
        keys = [keyring.wrong(sample_id, number) for number in numbers]
        opened = restore(method, np.repeat(protected[None], len(keys), axis=0), keys)
        rows = opened.good
        if not len(rows):
            continue
        seen = panel.again("wrong_keys", opened.images[rows], original, np.zeros(len(rows), dtype=int))
        at = rows + start
        if "identity" in seen and "identity" in original:
            distance = np.linalg.norm(seen["identity"].astype(float) - original["identity"], axis=1)
            found["distance"][at] = np.where(np.isfinite(distance), distance, np.inf)
        found["psnr"][at] = psnr(opened.images[rows], np.broadcast_to(clear, opened.images[rows].shape))
        found["psnr_right"][at] = psnr(opened.images[rows], np.broadcast_to(right, opened.images[rows].shape))
    return found
