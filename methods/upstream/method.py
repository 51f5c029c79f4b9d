"""A method that is its authors' repository: faces go in as it wants them, and come back into the picture."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import torch

from medbench.core import FaceNotFound, SomeFailed
from medbench.methods.method import Backend, Method, MethodCard
from medbench.methods.upstream.adapters import adapter_named
from medbench.methods.upstream.casting import cast
from medbench.methods.upstream.entry import Entry, entries_of
from medbench.methods.upstream.exchange import write_picture
from medbench.methods.upstream.registration import PREFIX, Registration
from medbench.methods.upstream.session import run_wrapper
from medbench.methods.upstream.unaltered import check_unaltered

if TYPE_CHECKING:
    from medbench.core import Batch
    from medbench.keys import Key

Mode = Literal["protect", "restore"]


class UpstreamCard(MethodCard):
    """A method card with what the user added: repository, commit, weights."""

    backend: Backend = "upstream"
    repository: str
    commit: str
    source: str
    weights: dict[str, str]
    environment: dict[str, str]
    random_weights: bool


class UpstreamMethod(Method):
    """Runs the wrapper of an adapter in the repository's own interpreter, once for each batch."""

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self.adapter = adapter_named(registration.name)
        self.card = _card(registration)
        self._device = "cpu"
        self._casts: dict[str, list[np.ndarray]] = {}

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Check that nothing has changed since it was added, and frame the faces that it needs."""
        check_unaltered(self.registration)
        self._device = device
        for need in self.adapter.needs:
            if need.faces and self.adapter.place:
                folder = self.registration.weights[need.name].path
                self._casts[need.name] = cast(need, folder, self.adapter.place)

    def fingerprint(self) -> str:
        """sha256 over the repository's source and all that was brought."""
        parts = {name: file.sha256 for name, file in self.registration.weights.items()}
        text = json.dumps({"source": self.registration.source, "weights": parts}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def anonymize(self, batch: Batch, keys: Sequence[Key] | None = None) -> torch.Tensor:
        """Protect every face; SomeFailed names the pictures that did not come back as they should."""
        return self._through(batch.images, keys if self.card.keyed else None, "protect")

    def restore(self, images: torch.Tensor, keys: Sequence[Key]) -> torch.Tensor:
        """Restore every face, from the pictures and the keys alone."""
        return self._through(images, keys if self.card.keyed else None, "restore")

    def _through(self, images: torch.Tensor, keys: Sequence[Key] | None, mode: Mode) -> torch.Tensor:
        out, failed, entries = images.clone(), dict[int, str](), list[Entry]()
        for row, image in enumerate(images):
            try:
                entries += entries_of(self.adapter, row, image, keys[row] if keys is not None else None)
            except FaceNotFound as error:
                if len(images) == 1:
                    raise
                failed[row] = f"no face found: {error}"
        for entry, result, fault in self._send(entries, mode) if entries else ():
            if fault or result is None:
                failed[entry.row] = str(fault)
            else:
                out[entry.row] = entry.paste(out[entry.row], result)
        for row in failed:
            out[row] = images[row]
        if failed:
            raise SomeFailed(out, failed)
        return out

    def _send(
        self, entries: Sequence[Entry], mode: Mode
    ) -> list[tuple[Entry, np.ndarray | None, str | None]]:
        with tempfile.TemporaryDirectory(prefix="medbench-") as place:
            room = Path(place)
            names = [f"{index:06d}.png" for index in range(len(entries))]
            for name in ("input", "output", "casts"):
                (room / name).mkdir()
            notes = [
                entry.hand_out(room / "input" / name, room / "output" / name)
                for entry, name in zip(entries, names, strict=True)
            ]
            job = {"mode": mode, "pictures": notes, "casts": self._write_casts(room / "casts")}
            run_wrapper(self.adapter, self.registration, job, room, self._device)
            return [
                (entry, *entry.take_back(room / "output" / name, mode == "restore"))
                for entry, name in zip(entries, names, strict=True)
            ]

    def _write_casts(self, folder: Path) -> dict[str, list[str]]:
        files: dict[str, list[str]] = {}
        for name, pictures in self._casts.items():
            files[name] = [str(folder / f"{name}-{index:04d}.png") for index in range(len(pictures))]
            for file, picture in zip(files[name], pictures, strict=True):
                write_picture(Path(file), picture)
        return files


def _card(registration: Registration) -> UpstreamCard:
    adapter = adapter_named(registration.name)
    random = ", RANDOM WEIGHTS" if registration.random_weights else ""
    return UpstreamCard(
        name=PREFIX + registration.name,
        entry=f"{UpstreamMethod.__module__}:{UpstreamMethod.__name__}",
        title=f"{adapter.title} (authors' code{random})",
        summary=adapter.summary,
        paper=adapter.paper,
        licence=adapter.licence,
        keyed=adapter.keyed,
        reversible=adapter.reversible,
        deviations=adapter.differs,
        repository=adapter.repository,
        commit=registration.commit,
        source=registration.source,
        weights={name: file.sha256 for name, file in registration.weights.items()},
        environment=registration.environment,
        random_weights=registration.random_weights,
    )
