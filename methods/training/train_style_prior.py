"""Train the style prior and its encoder from nothing.

``python -m medbench.methods.training.train_style_prior --out runs/style-prior`` draws the heads, trains
generator and encoder, and writes ``style_prior.safetensors``. A killed call goes on where it stopped.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.networks.style_file import write_parts
from medbench.methods.training import style_encoder, style_prior
from medbench.methods.training.data import TrainingImages
from medbench.methods.training.heads import draw_heads, train_heads
from medbench.methods.training.recogniser import train_recogniser

RECOGNISER_MINUTES = 10.0


def train(out: Path, device: str = "cpu", seed: str = "0", minutes: float = style_prior.MINUTES) -> Path:
    """Train on mema-mini's train split; returns ``out/style_prior.safetensors``.

    ``minutes`` are the generator's; the encoder is fitted in closed form.
    """
    from medbench.suites.mini.suite import MiniSuite

    phi = out / "recogniser.safetensors"
    if not phi.is_file():
        images = TrainingImages(MiniSuite(), "train")
        phi = train_recogniser(images, out, RECOGNISER_MINUTES, device=device, seed=seed)
    recogniser = Recogniser.from_file(phi)
    heads = draw_heads(out / "heads", train_heads())
    prior = style_prior.train_prior(heads, recogniser, out, minutes, device, seed)
    encoder = style_encoder.fit_encoder(prior, heads, device)
    notes = {"pictures": str(len(heads)), "seed": seed}
    return write_parts({"prior": prior, "encoder": encoder}, out / "style_prior.safetensors", notes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Train the style prior and its encoder.")
    parser.add_argument("--out", type=Path, default=Path("runs/style-prior"))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--minutes", type=float, default=style_prior.MINUTES)
    asked = parser.parse_args()
    print(train(asked.out, asked.device, asked.seed, asked.minutes))
