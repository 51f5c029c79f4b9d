"""``medbench new-method NAME``: a folder with a method that works, to change into one's own."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from medbench.core import MedbenchError

_CARD = """\
name: {name}
entry: {module}:{cls}
title: {title}
summary: "What happens to a face, in one sentence."
licence: Apache-2.0
keyed: false
reversible: false
backend: {backend}
"""

_METHOD = '''\
"""{title}: the whole picture in 16 x 16 tiles. Change `anonymize` into your method."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F

from medbench.methods.method import Method, MethodCard

if TYPE_CHECKING:
    from medbench.core import Batch
    from medbench.keys import Key


class {cls}(Method):
    """Every picture in 16 x 16 tiles of one colour each."""

    card = MethodCard.read(Path(__file__).with_name("card.yaml"))

    def anonymize(self, batch: Batch, keys: Sequence[Key] | None = None) -> torch.Tensor:
        """Return protected images (B, 3, H, W) in [0, 1], shaped as ``batch.images``."""
        images = batch.images
        if not len(images):
            return images.clone()
        tiles = F.adaptive_avg_pool2d(images, 16)
        return F.interpolate(tiles, size=images.shape[-2:], mode="nearest").clamp(0, 1)
'''

_TEST = '''\
"""{title} keeps the rules that medbench asks of every method."""

from pathlib import Path

from medbench.methods.conformance.pytest_rules import conformance_of
from medbench.registry import Registry

FILE = Path(__file__).with_name("method.py")
test_conforms = conformance_of(Registry("methods").get(f"{{FILE}}:{cls}"))
'''


def new_method(name: str, folder: Path) -> list[Path]:
    """Write a method called ``name`` into ``folder / name_``; it passes the conformance rules as it is.

    Inside this repository's ``methods/`` it is found by its card, and tests/test_conformance.py
    tries it; anywhere else a test is written beside it, and it runs as ``path/method.py:Class``.

    Args:
        name: lower-case words joined by hyphens or underscores, e.g. ``my-method``.
        folder: where the method's own folder is made.

    Returns:
        The files written.

    Raises:
        MedbenchError: the name cannot name a method, or its folder holds files already.

    """
    package = name.replace("-", "_")
    if not re.fullmatch(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*", name) or keyword.iskeyword(package):
        raise MedbenchError(
            f"{name!r} cannot name a method; use lower-case words joined by hyphens, e.g. my-method"
        )
    home = folder / package
    if home.exists() and any(home.iterdir()):
        raise MedbenchError(f"{home} holds files already; choose another name or remove it")
    ours = folder.resolve() == Path(__file__).resolve().parent
    words = {
        "name": name,
        "cls": "".join(word.capitalize() for word in package.split("_")),
        "title": " ".join(package.split("_")).capitalize(),
        "module": f"medbench.methods.{package}.method" if ours else f"{package}.method",
        "backend": "classical",
    }
    texts = {"card.yaml": _CARD, "method.py": _METHOD, "__init__.py": '"""{title}."""\n'}
    if not ours:
        texts[f"test_{package}.py"] = _TEST
    home.mkdir(parents=True, exist_ok=True)
    for file, text in texts.items():
        (home / file).write_text(text.format(**words), encoding="utf-8")
    return [home / file for file in texts]
