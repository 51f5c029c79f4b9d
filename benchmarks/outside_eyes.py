"""How networks and detectors trained on photographs see mema-mini: python benchmarks/outside_eyes.py.

Prints the table of docs/mema-mini.md. With --control it also trains the diagnosis network on faces
whose eyes are hidden: it has to stay near chance (12.5 %), or signs would lie elsewhere too.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
import numpy as np
import pandas as pd
import torch
from scipy.spatial.distance import pdist
from sklearn.metrics import roc_auc_score

from medbench.cli.progress import console_progress
from medbench.metrics.evaluators.training.control import face_without_eyes_accuracy
from medbench.metrics.landmarks import REGIONS
from medbench.registry import Registry
from medbench.suites.mini.suite import MiniSuite

_EYES = ("detector_hog", "detector_mtcnn", "landmarks_dlib", "identity_dlib")
_BATCH = 16
_OUTER_CORNERS = [36, 45]


def look(suite: MiniSuite, split: str, ids: list[str]) -> pd.DataFrame:
    """One row an image: found by HOG, found by MTCNN, landmark error by region, descriptor."""
    hog, mtcnn, landmarks, identity = (Registry("evaluators").get(name)() for name in _EYES)
    for eye in (hog, mtcnn, landmarks, identity):
        eye.load()
    rows = []
    with console_progress() as progress:
        progress.phase("outside eyes", len(ids))
        for first in range(0, len(ids), _BATCH):
            samples = list(suite.iterate(split, ids[first : first + _BATCH]))
            images = torch.from_numpy(np.stack([s.image for s in samples])).permute(0, 3, 1, 2).float() / 255
            found = hog.look(images) | mtcnn.look(images)
            found |= landmarks.look(images, found["boxes"]) | identity.look(images, found["boxes"])
            truth = np.stack([s.truth["landmarks68"] for s in samples])
            unit = np.linalg.norm(np.diff(truth[:, _OUTER_CORNERS], axis=1)[:, 0], axis=1)
            off = np.linalg.norm(found["landmarks"] - truth, axis=2) / unit[:, None]
            for row, sample in enumerate(samples):
                seen = {"subject": sample.truth["subject"], "face": found["identity"][row]}
                seen |= {"hog": found["detected"][row], "mtcnn": found["mtcnn_detected"][row]}
                rows.append(seen | {name: off[row, part].mean() for name, part in REGIONS.items()})
            progress.advance(len(samples))
    return pd.DataFrame(rows)


def separation(faces: np.ndarray, subjects: np.ndarray, far: float = 1e-3) -> tuple[float, float]:
    """AUC over all pairs of faces (n, d), and the share of same pairs nearer than ``far`` of the others."""
    apart = pdist(faces)
    same = pdist(pd.factorize(subjects)[0][:, None], "hamming") == 0
    threshold = np.quantile(apart[~same], far)
    return float(roc_auc_score(same, -apart)), float((apart[same] <= threshold).mean())


@click.command()
@click.option("--split", default="val", show_default=True)
@click.option("--limit", type=int, help="Images; all where not given.")
@click.option("--control", type=float, metavar="MINUTES", help="Train the control for so long.")
def main(split: str, limit: int | None, control: float | None) -> None:
    """Print the table as markdown."""
    torch.set_num_threads(1)
    suite = MiniSuite()
    ids = [str(name) for name in suite.index(split)["id"][:limit]]
    suite.prepare(split, ids)
    seen = look(suite, split, ids)
    known = seen[seen.hog]
    auc, tar = separation(np.stack(list(known.face)), known.subject.to_numpy())
    regions = ", ".join(f"{name} {known[name].mean():.3f}" for name in REGIONS if name != "all")
    on = f"{len(seen):,} {split} images of {seen.subject.nunique()} subjects"
    lines = [
        ("dlib HOG finds the face, no upsampling", f"{100 * seen.hog.mean():.1f} %"),
        ("MTCNN finds the face", f"{100 * seen.mtcnn.mean():.1f} %"),
        (
            "dlib's 68 landmarks against truth, in outer-eye-corner distances",
            f"{known['all'].mean():.3f} ({regions})",
        ),
        ("dlib descriptor, same or different subject: AUC", f"{auc:.4f}"),
        ("the same: TAR at FAR 1e-3", f"{tar:.3f}"),
    ]
    if control is not None:
        suite.prepare("train")
        with tempfile.TemporaryDirectory() as out:
            share = face_without_eyes_accuracy(suite, Path(out), control, split=split)
        lines.append(
            ("diagnosis network trained on faces with hidden eyes (chance 12.5 %)", f"{100 * share:.1f} %")
        )
    click.echo("| question | figure | on |\n|---|---|---|")
    for question, figure in lines:
        click.echo(f"| {question} | {figure} | {on} |")


if __name__ == "__main__":
    main()
