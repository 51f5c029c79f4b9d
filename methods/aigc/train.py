"""Train the denoiser, then the network that enlarges what it draws, on faces of a train split."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from medbench.methods.aigc.frame import Frame
from medbench.methods.aigc.model import COARSE, FINE, Denoiser, Enlarger, Filler, hidden, shrunk
from medbench.methods.classical.alignment import warped
from medbench.methods.networks.diffusion import noised
from medbench.methods.networks.eigenfaces import small_pictures
from medbench.methods.networks.frozen import write_weights
from medbench.methods.training.data import IndexStream, TrainingImages, mirrored
from medbench.methods.training.job import Job
from medbench.methods.training.loop import Budget, train_stage
from medbench.methods.training.seeds import generator, seeded
from medbench.methods.training.sheet import tile
from medbench.suites.mini import draw

BATCH = 16
LEARNING_RATE = 1e-3
#: Steps of the two stages: about a minute on one core. More make the face sharper.
STEPS = {"denoiser": 150, "enlarger": 40}
#: The hole grows by a factor between these.
GROWTH = (0.95, 1.3)
#: dlib finds a face's points a little off the truth: standard deviation in pixels.
_UNSURE = 1.0
#: Less than any time at which a face is drawn; bounds the weight of the last steps.
_LATE = 0.1
#: The denoiser's faces are noisier than true ones; the enlarger learns on true ones with noise.
_GRAIN = 0.06


class Faces:
    """Crops of the train split, and holes of several sizes: batches of a step."""

    def __init__(self, crops: np.ndarray, frame: Frame, device: str, seeds: tuple[str, ...]) -> None:
        self.crops, self.device = crops, device
        self.stream = IndexStream(len(crops), BATCH, seeds)
        self.holes = np.stack([frame.hole(growth) for growth in np.linspace(*GROWTH, 16)])

    def __call__(self, step: int) -> tuple[Tensor, Tensor]:
        """Faces (B, 3, 128, 128) in [-1, 1] and one hole for all of them (B, 1, 128, 128)."""
        faces = torch.from_numpy(self.crops[self.stream(step)]).permute(0, 3, 1, 2).float() / 127.5 - 1
        hole = torch.from_numpy(self.holes[self.stream.rng(step).integers(len(self.holes))])
        hole = hole.float().expand(BATCH, 1, FINE, FINE)
        return mirrored(faces, self.stream.flips(step)).to(self.device), hole.to(self.device)


def train(job: Job) -> Path:
    """Train on the train split of mema-mini; writes and returns ``out/mini.safetensors``.

    One file serves all presets. The job's ``minutes`` end each stage early.
    """
    job.require_renderer("aigc is trained on aligned faces with known landmarks")
    crops, frame = aligned(TrainingImages(job.suite, "train"), job.out)
    faces = Faces(crops, frame, job.device, ("aigc", job.seed))
    stages: dict[str, nn.Module]
    stages = {
        "denoiser": seeded(Denoiser, "aigc", job.seed),
        "enlarger": seeded(Enlarger, "aigc", job.seed),
    }
    steps: dict[str, Callable[..., Mapping[str, Tensor]]] = {
        "denoiser": denoise_step,
        "enlarger": enlarge_step,
    }
    filler = Filler()
    cast("Denoiser", stages["denoiser"]).coarse.fit(small_pictures(crops))
    filler.template.copy_(torch.from_numpy(frame.template))
    for name in STEPS:
        net, step = stages[name], steps[name]
        result = train_stage(
            name,
            models={name: net},
            optimisers={"total": torch.optim.AdamW(net.parameters(), LEARNING_RATE, (0.9, 0.99))},
            step_fn=lambda batch, _step, _progress, net=net, step=step: step(net, *batch),  # type: ignore[misc]
            batches=faces,
            budget=Budget(STEPS[name], job.minutes),
            seeds=("aigc", name, job.seed),
            ema=0.995,
            sheet_fn=_sheet(filler, faces) if name == "denoiser" else None,
            **job.stage,
        )
        getattr(filler, name).load_state_dict(cast("nn.Module", result.averaged[name]).state_dict())
    notes = {"network": "Filler", "images": str(len(crops))}
    return write_weights(filler, job.out / "mini.safetensors", notes)


def denoise_step(net: Denoiser, faces: Tensor, hole: Tensor) -> dict[str, Tensor]:
    """Error of the clean face, above all in the hole; later steps, which draw what is fine, count more."""
    around, inside = shrunk(hidden(faces, hole), hole)
    clean = torch.nn.functional.avg_pool2d(faces, 2)
    time = torch.rand(len(clean), device=clean.device)
    dirty, _ = noised(clean, torch.randn_like(clean), time)
    importance = 1 / (time.view(-1, 1, 1, 1) + _LATE)
    gram = net.coarse.gram(inside[:1])
    error = (net(dirty, time, around, inside, gram) - clean).square() * importance * (0.1 + inside)
    return {"total": error.mean() / (0.1 + inside).mean()}


def enlarge_step(net: Enlarger, faces: Tensor, hole: Tensor) -> dict[str, Tensor]:
    """Absolute error in the hole, from a face of half the size with some noise."""
    small = torch.nn.functional.avg_pool2d(faces, 2)
    grain = _GRAIN * torch.rand(len(small), 1, 1, 1, device=small.device)
    larger = net((small + grain * torch.randn_like(small)).clamp(-1, 1), hidden(faces, hole), hole)
    return {"total": ((larger - faces).abs() * hole).sum() / (3 * hole.sum())}


def aligned(images: TrainingImages, out: Path) -> tuple[np.ndarray, Frame]:
    """Every other face of the split in the frame, uint8 (N, 128, 128, 3), cut once into ``out``."""
    rows = np.arange(0, len(images), 2)
    files = out / "faces.npy", out / "template.npy"
    if not all(file.is_file() for file in files):
        out.mkdir(parents=True, exist_ok=True)
        shapes = np.stack([draw.load(images.truth["id"][row])[2] for row in rows])
        frame = Frame.of(shapes[:: max(1, len(shapes) // 500)])
        unsure = generator("aigc", "points").normal(0, _UNSURE, shapes.shape)
        parts = zip(rows, shapes + unsure, strict=True)
        np.save(files[0], np.stack([warped(images.pixels[row], frame.matrix(s), FINE) for row, s in parts]))
        np.save(files[1], frame.template)
    return np.load(files[0], mmap_mode="r"), Frame(np.load(files[1]))


def _sheet(filler: Filler, faces: Faces) -> Callable[[Mapping[str, nn.Module]], Tensor]:
    """Rows: picture, hole, two drawn faces."""

    def drawn(models: Mapping[str, nn.Module]) -> Tensor:
        filler.denoiser.load_state_dict(models["denoiser"].state_dict())
        pictures, hole = (part[:8] for part in faces(10_000_019))
        noise = torch.from_numpy(generator("aigc", "sheet").normal(size=(2, 8, 3, COARSE, COARSE))).float()
        rows = [pictures / 2 + 0.5, hidden(pictures, hole) / 2 + 0.5]
        rows += [filler.to(pictures.device).fill(rows[0], hole, n.to(pictures.device), 12) for n in noise]
        return tile([row.cpu() for row in rows])

    return drawn
