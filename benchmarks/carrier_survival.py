"""What `ours` restores after the protected picture was saved again: python benchmarks/carrier_survival.py."""

from __future__ import annotations

import io
from collections.abc import Callable

import click
import cv2
import numpy as np
import torch
from PIL import Image

from medbench.core import Batch
from medbench.keys import Key
from medbench.methods.medsem.method import MedSemDeID
from medbench.suites.mini.suite import MiniSuite


def _png(picture: np.ndarray) -> np.ndarray:
    return _again(picture, "PNG")


def _jpeg(quality: int) -> Callable[[np.ndarray], np.ndarray]:
    return lambda picture: _again(picture, "JPEG", quality=quality, subsampling=0)


def _again(picture: np.ndarray, kind: str, **options: int) -> np.ndarray:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, kind, **options)
    return np.asarray(Image.open(buffer))


def _resized(factor: float) -> Callable[[np.ndarray], np.ndarray]:
    def change(picture: np.ndarray) -> np.ndarray:
        small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        return cv2.resize(small, picture.shape[1::-1], interpolation=cv2.INTER_CUBIC)

    return change


def _brighter(picture: np.ndarray) -> np.ndarray:
    return np.clip(picture.astype(np.int16) + 2, 0, 255).astype(np.uint8)


CHANGES = {
    "untouched, 8 bit": lambda picture: picture,
    "PNG": _png,
    "JPEG 100": _jpeg(100),
    "JPEG 95": _jpeg(95),
    "JPEG 75": _jpeg(75),
    "resized to 200 % and back": _resized(2.0),
    "resized to 50 % and back": _resized(0.5),
    "2 grey levels brighter": _brighter,
    "blurred, sigma 0.5": lambda picture: cv2.GaussianBlur(picture, (0, 0), 0.5),
}


@click.command()
@click.option("--images", default=24, help="How many images of the val split.")
def main(images: int) -> None:
    """Print PSNR (dB) to the original of what the right password restores, per way of saving again."""
    method, suite = MedSemDeID(), MiniSuite()
    method.load()
    index = suite.index("val").iloc[:: max(1, 1600 // images)][:images]
    suite.prepare("val", list(index["id"]))
    pixels = np.stack([suite.read("val", name).image for name in index["id"]])
    originals = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
    keys = [Key.from_names("survival", name) for name in index["id"]]
    protected = method.anonymize(Batch(originals, tuple(index["id"]), index), keys)
    held = (protected * 255).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()
    click.echo("| saved again as | restored, dB: median | lowest |\n|---|---|---|")
    for name, change in CHANGES.items():
        again = torch.from_numpy(np.stack([change(picture) for picture in held])).permute(0, 3, 1, 2).float()
        back = (method.restore(again / 255, keys) * 255).round() / 255
        psnr = -10 * torch.log10((back - originals).square().mean((1, 2, 3)))
        click.echo(f"| {name} | {psnr.median():.1f} | {psnr.min():.1f} |")


if __name__ == "__main__":
    main()
