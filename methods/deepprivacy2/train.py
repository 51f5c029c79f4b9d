"""Train DeepPrivacy2's generator on mema-mini's train split."""

from __future__ import annotations

from functools import partial

from medbench.methods.deepprivacy2.model import SIGHT, generator
from medbench.methods.training.noise_inpainting import train_from_noise

train = partial(train_from_noise, "deepprivacy2", generator, SIGHT)
