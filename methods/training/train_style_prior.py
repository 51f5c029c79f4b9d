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
from medbench.methods.training.heads import draw_heads, train_heads
from medbench.methods.training.job import Job
from medbench.methods.training.recogniser import recogniser_in
from medbench.suites.mini.suite import MiniSuite

RECOGNISER_MINUTES = 10.0


def train(job: Job) -> Path:
    """Train on mema-mini's train split; returns ``out/style_prior.safetensors``.

    The job's ``minutes`` are the generator's; the encoder is fitted in closed form.
    """
    job.require_renderer("the style prior draws mema-mini's heads")
    recogniser = Recogniser.from_file(recogniser_in(job.part(RECOGNISER_MINUTES)))
    heads = draw_heads(job.out / "heads", train_heads())
    prior = style_prior.train_prior(heads, recogniser, job)
    encoder = style_encoder.fit_encoder(prior, heads, job.device)
    notes = {"pictures": str(len(heads)), "seed": job.seed}
    return write_parts({"prior": prior, "encoder": encoder}, job.out / "style_prior.safetensors", notes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Train the style prior and its encoder.")
    parser.add_argument("--out", type=Path, default=Path("runs/style-prior"))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--minutes", type=float, default=style_prior.MINUTES)
    asked = parser.parse_args()
    print(train(Job(MiniSuite(), asked.out, device=asked.device, minutes=asked.minutes, seed=asked.seed)))
