"""A method that is a program: pictures go into a folder, results come out of another."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from medbench.core import FaceNotFound, MedbenchError, SomeFailed
from medbench.methods.face_region import find_face
from medbench.methods.face_window import Window, around
from medbench.methods.method import Method
from medbench.methods.upstream.exchange import hand_out, take_back
from medbench.methods.upstream.process import run_program

if TYPE_CHECKING:
    from medbench.core import Batch
    from medbench.keys import Key
    from medbench.methods.upstream.card import CommandCard


class CommandMethod(Method):
    """Runs the command of its card, once for each batch, in a folder that is removed afterwards."""

    def __init__(self, card: CommandCard) -> None:
        self.command: CommandCard = card
        self.card = card

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Nothing to load; the program brings its own weights."""
        folder = self.command.folder
        if folder is not None and not folder.is_dir():
            raise MedbenchError(f"{folder}, where {self.card.name} runs, is not a folder; mend its card")

    def fingerprint(self) -> str:
        """sha256 of the card; what the program itself holds is for its author to say."""
        return hashlib.sha256(self.command.model_dump_json().encode()).hexdigest()

    def anonymize(self, batch: Batch, keys: Sequence[Key] | None = None) -> torch.Tensor:
        """Protect a batch; SomeFailed names the pictures that the program did not answer for."""
        return self._call(self.command.command, batch.images, keys if self.card.keyed else None)

    def restore(self, images: torch.Tensor, keys: Sequence[Key]) -> torch.Tensor:
        """Restore a batch with the card's ``restore_command``."""
        return self._call(self.command.restore_command, images, keys)

    def _call(self, words: Sequence[str], images: torch.Tensor, keys: Sequence[Key] | None) -> torch.Tensor:
        out, failed = images.clone(), dict[int, str]()
        windows: dict[int, Window | None] = {}
        for row, image in enumerate(images):
            try:
                windows[row] = self._window(image)
            except FaceNotFound as error:
                if len(images) == 1:
                    raise
                failed[row] = f"no face found: {error}"
        if windows:
            given = [
                _eight_bit(_cut(images[row], window, self.command.size)) for row, window in windows.items()
            ]
            chosen = None if keys is None else [keys[row] for row in windows]
            results, wrong = self._run(words, given, chosen)
            for (row, window), index in zip(windows.items(), range(len(given)), strict=True):
                if index in wrong:
                    failed[row] = wrong[index]
                drawn = torch.from_numpy(results[index]).permute(2, 0, 1).float().div(255).to(images)
                out[row] = window.paste(images[row], drawn) if window else drawn
        if failed:
            raise SomeFailed(out, failed)
        return out

    def _window(self, image: torch.Tensor) -> Window | None:
        if self.command.size is None:
            return None
        return around(find_face(image), image.shape[1], image.shape[2], self.command.frame)

    def _run(
        self, words: Sequence[str], given: Sequence[np.ndarray], keys: Sequence[Key] | None
    ) -> tuple[list[np.ndarray], dict[int, str]]:
        with tempfile.TemporaryDirectory(prefix="medbench-") as place:
            room = Path(place)
            for name in ("input", "output", "work"):
                (room / name).mkdir()
            hand_out(given, room / "input", self.command)
            values = {"{input}": str(room / "input"), "{output}": str(room / "output")}
            values |= {"{keys}": str(_keys_file(room, keys, self.command)), "{seed}": str(_seed(given))}
            run_program(
                [_filled(word, values) for word in words],
                self.command.folder or room / "work",
                room / "log.txt",
                self.command.time_limit,
                self.command.environment,
            )
            return take_back(given, room / "output", self.command)


def _cut(image: torch.Tensor, window: Window | None, size: int | None) -> torch.Tensor:
    return image if window is None or size is None else window.cut(image, size)


def _eight_bit(image: torch.Tensor) -> np.ndarray:
    rounded = (image.detach().cpu() * 255).round().clamp(0, 255).to(torch.uint8)
    return np.ascontiguousarray(rounded.permute(1, 2, 0).numpy())


def _filled(word: str, values: dict[str, str]) -> str:
    """The word with its places filled in; ``python`` is this interpreter."""
    if word == "python":
        return sys.executable
    for place, value in values.items():
        word = word.replace(place, value)
    return word


def _seed(given: Sequence[np.ndarray]) -> int:
    """A seed that the pictures alone decide: neither their order in the run nor the batch before."""
    digest = hashlib.sha256(b"".join(picture.tobytes() for picture in given)).digest()
    return int.from_bytes(digest[:4], "little")


def _keys_file(room: Path, keys: Sequence[Key] | None, card: CommandCard) -> Path:
    """One line a picture: its name, and 64 hex digits drawn from its key; gone with the folder."""
    file = room / "keys.csv"
    lines = ["name,key"]
    for index, key in enumerate(keys or ()):
        lines.append(f"{card.file_name.format(index=index)},{key.bytes(32, 'command').hex()}")
    file.touch(0o600)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file
