"""Train the style prior and its encoder from nothing.

``python -m medbench.methods.training.train_style_prior --out runs/style-prior`` draws the heads, trains
generator and encoder, and writes ``style_prior.safetensors``. A killed call goes on where it stopped.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.networks.style_file import write_parts
from medbench.methods.training import style_encoder, style_prior
from medbench.methods.training.data import TrainingImages
from medbench.methods.training.heads import Heads, draw_heads, further_heads, train_heads
from medbench.methods.training.recogniser import train_recogniser

#: People whom no split holds, drawn beside the train split's.
FURTHER = 1000
RECOGNISER_MINUTES = 10.0


def train(out: Path, device: str = "cpu", seed: str = "0", minutes: float | None = None) -> Path:
    """Train on mema-mini's train split and further people; returns ``out/style_prior.safetensors``.

    ``minutes`` is shared out between generator and encoder as their own budgets are.
    """
    from medbench.suites.mini.suite import MiniSuite

    share = minutes / (style_prior.MINUTES + style_encoder.MINUTES) if minutes else 1.0
    phi = out / "recogniser.safetensors"
    if not phi.is_file():
        images = TrainingImages(MiniSuite(), "train")
        phi = train_recogniser(images, out, RECOGNISER_MINUTES, device=device, seed=seed)
    recogniser = Recogniser.from_file(phi)
    heads = together(
        draw_heads(out / "heads" / "train", train_heads()),
        draw_heads(out / "heads" / "further", further_heads(FURTHER)),
    )
    prior = style_prior.train_prior(heads, recogniser, out, share * style_prior.MINUTES, device, seed)
    encoder = style_encoder.train_encoder(prior, heads, out, share * style_encoder.MINUTES, device, seed)
    notes = {"pictures": str(len(heads)), "seed": seed}
    return write_parts({"prior": prior, "encoder": encoder}, out / "style_prior.safetensors", notes)


def together(*parts: Heads) -> Heads:
    """Several sets of heads as one, in memory."""
    names = ("layers", "positions", "landmarks", "people", "scenes")
    return Heads(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Train the style prior and its encoder.")
    parser.add_argument("--out", type=Path, default=Path("runs/style-prior"))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--minutes", type=float)
    asked = parser.parse_args()
    print(train(asked.out, asked.device, asked.seed, asked.minutes))
