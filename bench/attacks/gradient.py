"""The gradient attack on the key: numbers found on leaked pairs, tried on everybody's pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medbench.attacks.opening import GRADIENT
from medbench.metrics.attacks.gradient_key import OpensByNumbers, descend
from medbench.seeds import seed_of
from medbench.stages.groups import groups, read
from medbench.stages.protect import as_tensor

if TYPE_CHECKING:
    import pandas as pd
    import torch

    from medbench.attacks.treatments import Treatments
    from medbench.suites.suite import Suite

#: Leaked pairs that the key is looked for on.
PAIRS = 8


def found_numbers(
    treatments: Treatments, suite: Suite, split: str, index: pd.DataFrame
) -> torch.Tensor | None:
    """Key numbers that open the attacker's own pictures, made with the key that victims share.

    None where the method gives no gradient, or protected none of the pictures.
    """
    method = treatments.method
    if not isinstance(method, OpensByNumbers):
        return None
    few = index.iloc[:PAIRS]
    suite.prepare(split, list(few["id"]))
    group = next(groups(read(suite, split, list(few["id"]), [])), None)
    if group is None:
        return None
    truth = few.set_index("id", drop=False).loc[list(group.ids)].reset_index(drop=True)
    made = treatments.under_one_key(group, truth)
    rows = made.good
    if not len(rows):
        return None
    pair = as_tensor(made.images[rows]), as_tensor(group.images[rows])
    seed = seed_of(treatments.keyring.seed, treatments.keyring.suite, GRADIENT)
    numbers, _ = descend(method.restore_with, *pair, method.key_numbers, seed)
    return numbers
