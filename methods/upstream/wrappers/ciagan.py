"""CIAGAN: its own test.py, with the network in eval mode and pictures that no JPEG has been at.

test.py reads three folders (face, landmark drawing, mask), one inner folder for each identity that
is asked for, files called by numbers; it takes the identity behind the folder's number, and writes
running numbers in the order of folders and files.
"""

import os
import runpy
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import cv2
import kit
import numpy as np
import torch
from PIL import Image

IDENTITIES = 1200
WIDTH, HEIGHT = 178, 218


def main() -> None:
    """Do the job."""
    job = kit.read_job()
    source = Path(job["repo"], "source")
    sys.path.insert(0, str(source))
    from arch.arch_unet_flex import Generator

    if job["mode"] == "random":
        return torch.save(Generator().state_dict(), Path(job["out"], "generator.pth"))

    network = torch.load(job["weights"]["generator"])
    kit.fill(Generator(), network, "generator")
    with tempfile.TemporaryDirectory() as place:
        room = Path(place)
        order = hand_out(list(kit.pictures(job)), room)
        results = room / "results"
        results.mkdir()
        ids = len(list((room / "lndm").iterdir()))
        torch.save(network, room / "model.pth")
        words = ["--data", place + os.sep, "--ids", ids, "--model", room / "model", "--out", results]
        run(source / "test.py", [str(word) for word in words])
        for number, entry in enumerate(order):
            result = results / f"{number:06d}.jpg"
            if result.is_file():
                shutil.move(str(result), entry["output"])


def hand_out(pictures: list, room: Path) -> list:
    """Lay the three folders out; returns the pictures in the order in which results will come."""
    places = [((entry["identity"] - 1) % IDENTITIES, number) for number, entry in enumerate(pictures)]
    # It goes through the folders of drawings from the first, and looks elsewhere only by their files.
    for number in range(max(places)[0] + 1):
        (room / "lndm" / str(number)).mkdir(parents=True)
    for folder, number in places:
        entry = pictures[number]
        points = np.array(entry["landmarks"]).astype(int)
        with Image.open(entry["input"]) as face:
            drawings = {"clr": face.convert("RGB"), "lndm": lines(points), "msk": mask(points)}
        for kind, drawing in drawings.items():
            # Called .jpg, as test.py wants, but PNG inside: Pillow goes by what a file holds.
            inner = room / kind / str(folder)
            inner.mkdir(parents=True, exist_ok=True)
            drawing.save(inner / f"{number:06d}.jpg", "PNG")
    return [pictures[number] for _, number in sorted(places)]


def lines(points: np.ndarray) -> Image.Image:
    """Jaw, bridge of the nose and inner lips: blue lines of one pixel on white."""
    image = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    parts = [(points[0:17], False), (points[27:31], False), (points[60:68], True)]
    for part, closed in parts:
        cv2.polylines(image, [part.reshape(-1, 1, 2).astype(np.int32)], closed, (0, 0, 255), 1)
    return Image.fromarray(image)


def mask(points: np.ndarray) -> Image.Image:
    """The jaw, closed at the height of the brows: black on white."""
    first, last = (points[0][0], points[19][1]), (points[16][0], points[24][1])
    outline = np.array([first, *map(tuple, points[0:17]), last], np.int32)
    image = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    cv2.fillPoly(image, [outline.reshape(-1, 1, 2)], (0, 0, 0))
    return Image.fromarray(image)


def run(script: Path, words: list) -> None:
    """Run the script as shipped but for two things: eval mode once loaded, PNG where it writes JPEG."""
    load, save = torch.nn.Module.load_state_dict, Image.Image.save

    def load_and_eval(self: torch.nn.Module, *inner: Any, **more: Any) -> object:
        done = load(self, *inner, **more)
        self.eval()
        return done

    def save_whole(self: Image.Image, path: str, *inner: Any, **more: Any) -> None:
        save(self, path, "PNG")

    kit.patch(torch.nn.Module, load_state_dict=load_and_eval)
    kit.patch(Image.Image, save=save_whole)
    sys.argv = [str(script), *words]
    os.chdir(script.parent)
    try:
        runpy.run_path(str(script), run_name="__main__")
    finally:
        kit.patch(torch.nn.Module, load_state_dict=load)
        kit.patch(Image.Image, save=save)


if __name__ == "__main__":
    main()
