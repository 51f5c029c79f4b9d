"""Twenty-four kinds of broken picture, each made by a function of its path."""

from __future__ import annotations

import io
import os
import struct
import zlib

import numpy as np
from PIL import Image

GOOD = np.random.default_rng(5).integers(0, 256, (96, 96, 3), dtype=np.uint8)


def encoded(form, picture=None, **options):
    held = io.BytesIO()
    (Image.fromarray(GOOD) if picture is None else picture).save(held, format=form, **options)
    return held.getvalue()


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(width, height):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def flipped(data):
    middle = len(data) // 2
    return data[:middle] + bytes(255 - b for b in data[middle : middle + 40]) + data[middle + 40 :]


def frames(form):
    first, second = (Image.fromarray(np.full((96, 96, 3), level, np.uint8)) for level in (10, 200))
    return encoded(form, first, save_all=True, append_images=[second])


def float_tiff(values):
    return encoded("TIFF", Image.fromarray(values.astype(np.float32)))


NAN = np.where(np.eye(96) > 0, np.nan, 0.5)
#: name of the file -> its bytes; None: made below.
BROKEN = {
    "text.jpg": b"this is a letter, not a picture\n" * 20,
    "html.png": b"<!DOCTYPE html><html><body>404 not found</body></html>",
    "zero.png": b"",
    "truncated.png": encoded("PNG")[:-4000],
    "truncated.jpg": encoded("JPEG", quality=95)[:-3000],
    "flipped.png": flipped(encoded("PNG")),
    "header_only.jpg": encoded("JPEG")[:30],
    "one_pixel.png": encoded("PNG", Image.new("RGB", (1, 1))),
    "too_small.png": encoded("PNG", Image.new("RGB", (63, 400))),
    "too_wide.png": png_header(20_001, 64),
    "bomb.png": png_header(19_999, 19_999),
    "moving.gif": frames("GIF"),
    "pages.tif": frames("TIFF"),
    "moving.webp": frames("WEBP"),
    "photo.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200,
    "scan.dcm": b"\0" * 128 + b"DICM" + b"\0" * 400,
    "paper.jpg": b"%PDF-1.7\n" + b"0" * 300,
    "pointer.png": b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
    "nan.tif": float_tiff(NAN),
    "range.tif": float_tiff(np.full((96, 96), 5000.0)),
    "noise.jpg": bytes(np.random.default_rng(1).integers(0, 256, 5000, dtype=np.uint8)),
    "folder.png": None,
    "dangling.png": None,
    "locked.png": None,
}


def write_broken(folder, kind):
    """Write one kind into ``folder``; returns its path."""
    path = folder / kind
    content = BROKEN[kind]
    if content is not None:
        path.write_bytes(content)
    elif kind == "folder.png":
        path.mkdir()
    elif kind == "dangling.png":
        path.symlink_to(folder / "was_never_here.png")
    else:
        path.write_bytes(encoded("PNG"))
        path.chmod(0)
        if os.access(path, os.R_OK):  # root may read everything: a bare signature stands in
            path.chmod(0o644)
            path.write_bytes(b"\x89PNG\r\n\x1a\n")
    return path
