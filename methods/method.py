"""Method: what changes images. MethodCard: what a reader must know about it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from medbench.core import MedbenchError

if TYPE_CHECKING:
    import torch

    from medbench.core import Batch
    from medbench.keys import Key

Backend = Literal["classical", "mini", "paper", "upstream", "anchor"]


class MethodCard(BaseModel):
    """``card*.yaml`` of a method folder, validated."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    entry: str = Field(description="module:Class that the registry imports")
    title: str
    summary: str
    paper: str | None = None
    licence: str
    keyed: bool = False
    reversible: bool = False
    backend: Backend
    presets: tuple[str, ...] = ("default",)
    default_preset: str = "default"
    training_data: tuple[str, ...] = ()
    deviations: tuple[str, ...] = Field(default=(), description="Where this differs from the paper.")

    @classmethod
    def read(cls, path: Path) -> MethodCard:
        """Read and validate a card; pydantic names the offending field."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))

    def preset(self, name: str | None) -> str:
        """Return ``name``, or the default for None; MedbenchError where the card lists no such preset."""
        name = name or self.default_preset
        if name not in self.presets:
            raise MedbenchError(
                f"{self.name} has no preset {name!r}; its card lists {', '.join(self.presets)}"
            )
        return name


class Method:
    """Base of all methods. Subclass, set ``card``, write ``anonymize``; ``restore`` if reversible.

    Images are float32 RGB (B, 3, H, W) in [0, 1], any H, W >= 64, and keep shape, dtype, range
    and device. A face that cannot be treated raises :class:`medbench.core.FaceNotFound`: the
    runner then tries the batch one by one and counts what still raises as *failed*.
    """

    card: MethodCard

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Get ready on ``device``; read weights here, not in ``__init__``."""

    def anonymize(self, batch: Batch, keys: Sequence[Key] | None = None) -> torch.Tensor:
        """Return protected images, shaped as ``batch.images``. ``keys``: one per sample if keyed."""
        raise NotImplementedError

    def restore(self, images: torch.Tensor, keys: Sequence[Key]) -> torch.Tensor:
        """Bring protected (8-bit) images back with the right key; another face with a wrong one."""
        raise NotImplementedError(f"{self.card.name} is not reversible")

    def fingerprint(self) -> str:
        """sha256 of what the output depends on besides code: weights and preset ('' if none)."""
        return ""
