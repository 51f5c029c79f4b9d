"""Read one photograph safely: a defined rule turns it into uint8 RGB, or an error says why not."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from medbench.core import MedbenchError

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

#: What a folder suite takes for a photograph, by its ending (the content decides).
SUFFIXES = frozenset({
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".tif", ".tiff", ".webp", ".gif",
    ".heic", ".heif", ".avif", ".jp2", ".dcm",
})  # fmt: skip
SMALLEST, LARGEST, MOST_PIXELS = 64, 20_000, 120_000_000

_MAGIC = (
    (b"%PDF", 0, "a PDF", "export the picture as PNG or JPEG"),
    (b"ftyphei", 4, "HEIC", "export it as PNG or JPEG"),
    (b"ftypmif1", 4, "HEIC", "export it as PNG or JPEG"),
    (b"DICM", 128, "DICOM", "export it as PNG"),
    (b"version https://git-lfs", 0, "a Git LFS pointer", "run git lfs pull"),
)


class BrokenImage(MedbenchError):
    """A picture that cannot be used. ``reason`` names no file, so that it may be published."""

    def __init__(self, path: Path, reason: str, remedy: str, detail: str = "") -> None:
        super().__init__(f"{path}: {reason}{f' ({detail})' if detail else ''}; {remedy}")
        self.reason = reason


def read_photograph(path: Path) -> np.ndarray:
    """Read ``path`` as uint8 RGB (H, W, 3), upright, without any metadata.

    Rules: EXIF rotation is applied; an embedded colour profile is converted to sRGB; CMYK, grey,
    palette and 1-bit pictures become RGB; transparency lies on white; 16-bit values are divided
    by 257; floats must be finite and in [0, 1] or [0, 255].

    Raises:
        BrokenImage: the file cannot be used; the message names it and the remedy.

    """
    return decode_photograph(_bytes_of(path), path)


def decode_photograph(data: bytes, path: Path) -> np.ndarray:
    """Decode the bytes of a photograph as :func:`read_photograph` does; ``path`` is for messages."""
    import numpy as np
    from PIL import Image, ImageOps

    for magic, offset, what, remedy in _MAGIC:
        if data[offset : offset + len(magic)] == magic:
            raise BrokenImage(path, what, remedy)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as picture:
                _check_size(picture, path)
                if getattr(picture, "n_frames", 1) > 1:
                    raise BrokenImage(path, "a moving picture", "export the frame you mean")
                picture.load()
                upright = ImageOps.exif_transpose(picture)
                array = np.array(_to_rgb(upright, path), dtype=np.uint8)
    except BrokenImage:
        raise
    except Image.DecompressionBombError:
        raise BrokenImage(path, "too large", "scale it down") from None
    except Image.UnidentifiedImageError:
        raise BrokenImage(path, "not a picture", "export it as PNG or JPEG") from None
    except MemoryError:
        raise BrokenImage(path, "does not fit in memory", "scale it down") from None
    except Exception as error:  # decoders raise whatever they like on damaged bytes
        raise BrokenImage(path, "damaged", "copy or export it again", str(error)) from None
    return array


def _bytes_of(path: Path) -> bytes:
    if path.is_dir():
        raise BrokenImage(path, "a folder", "rename it or list its files")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise BrokenImage(path, "no such file", "correct the list or put it back") from None
    except PermissionError:
        raise BrokenImage(path, "may not be read", "chmod u+r it") from None
    except OSError as error:
        raise BrokenImage(path, "cannot be read", "copy it again", str(error.strerror)) from None
    if not data:
        raise BrokenImage(path, "empty", "copy it again", "0 bytes")
    return data


def _check_size(picture: Image.Image, path: Path) -> None:
    width, height = picture.size
    shape = f"{width} x {height} px"
    if min(width, height) < SMALLEST:
        raise BrokenImage(path, "too small", f"give at least {SMALLEST} px each way", shape)
    if max(width, height) > LARGEST or width * height > MOST_PIXELS:
        raise BrokenImage(path, "too large", "scale it down", shape)


def _to_rgb(picture: Image.Image, path: Path) -> Image.Image:
    from PIL import Image

    if picture.mode.startswith(("I", "F")):
        return Image.fromarray(_eight_bit(picture, path)).convert("RGB")
    picture = _to_srgb(picture)
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(white, picture)
    return picture.convert("RGB")


def _to_srgb(picture: Image.Image) -> Image.Image:
    from PIL import ImageCms

    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return picture
    try:
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        found = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return found or picture


def _eight_bit(picture: Image.Image, path: Path) -> np.ndarray:
    import numpy as np

    values = np.asarray(picture, dtype=np.float64)
    if not np.isfinite(values).all():
        raise BrokenImage(path, "holds values that are not numbers", "export it as 8-bit PNG")
    low, high = values.min(), values.max()
    if picture.mode.startswith("I") and low >= 0 and high <= 65535:
        return np.rint(values / 257).astype(np.uint8)
    if picture.mode == "F" and low >= 0 and high <= 255:
        return np.rint(values * (255 if high <= 1 else 1)).astype(np.uint8)
    raise BrokenImage(path, "values out of range", "export it as 8-bit PNG", f"{low:g} to {high:g}")
