"""Train DeepPrivacy's generator on mema-mini's train split."""

from __future__ import annotations

from functools import partial

from medbench.methods.deepprivacy.model import SIGHT, generator
from medbench.methods.training.noise_inpainting import train_from_noise

train = partial(train_from_noise, "deepprivacy", generator, SIGHT)
