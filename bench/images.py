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
SUFFIXES = frozenset(
    ".jpg .jpeg .jpe .jfif .png .bmp .tif .tiff .webp .gif .heic .heif .avif .jp2 .dcm".split()
)
SMALLEST, LARGEST, MOST_PIXELS = 64, 20_000, 120_000_000

_MAGIC = (
    (b"%PDF", 0, "is a PDF"),
    (b"ftyphei", 4, "is HEIC"),
    (b"ftypmif1", 4, "is HEIC"),
    (b"DICM", 128, "is DICOM"),
    (b"version https://git-lfs", 0, "is a Git LFS pointer, not the picture: run git lfs pull"),
)


def read_photograph(path: Path) -> np.ndarray:
    """Read ``path`` as uint8 RGB (H, W, 3), upright, without any metadata.

    Rules: EXIF rotation is applied; an embedded colour profile is converted to sRGB; CMYK, grey,
    palette and 1-bit pictures become RGB; transparency lies on white; 16-bit values are divided
    by 257; floats must be finite and in [0, 1] or [0, 255].

    Raises:
        MedbenchError: the file cannot be used; the message names it and the remedy.

    """
    return decode_photograph(_bytes_of(path), path)


def decode_photograph(data: bytes, path: Path) -> np.ndarray:
    """Decode the bytes of a photograph as :func:`read_photograph` does; ``path`` is for messages."""
    import numpy as np
    from PIL import Image, ImageOps

    for magic, offset, what in _MAGIC:
        if data[offset : offset + len(magic)] == magic:
            raise MedbenchError(f"{path}: {what}; export it as PNG or JPEG")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as picture:
                _check_size(picture, path)
                if getattr(picture, "n_frames", 1) > 1:
                    raise MedbenchError(f"{path}: {picture.n_frames} frames; export the one you mean")
                picture.load()
                upright = ImageOps.exif_transpose(picture)
                array = np.array(_to_rgb(upright, path), dtype=np.uint8)
    except MedbenchError:
        raise
    except Image.DecompressionBombError:
        raise MedbenchError(f"{path}: too many pixels to be a photograph; scale it down") from None
    except Image.UnidentifiedImageError:
        raise MedbenchError(f"{path}: not a picture that can be read; export it as PNG or JPEG") from None
    except MemoryError:
        raise MedbenchError(f"{path}: does not fit in memory; scale it down") from None
    except Exception as error:
        raise MedbenchError(f"{path}: damaged ({error}); copy or export it again") from None
    return array


def _bytes_of(path: Path) -> bytes:
    if path.is_dir():
        raise MedbenchError(f"{path}: a folder, not a picture; rename it")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise MedbenchError(f"{path}: no such file; correct the list or put it back") from None
    except PermissionError:
        raise MedbenchError(f"{path}: may not be read; chmod u+r it") from None
    except OSError as error:
        raise MedbenchError(f"{path}: cannot be read ({error.strerror}); copy it again") from None
    if not data:
        raise MedbenchError(f"{path}: empty (0 bytes); copy it again")
    return data


def _check_size(picture: Image.Image, path: Path) -> None:
    width, height = picture.size
    if min(width, height) < SMALLEST:
        raise MedbenchError(f"{path}: {width} x {height} px is less than {SMALLEST}; give a larger picture")
    if max(width, height) > LARGEST or width * height > MOST_PIXELS:
        raise MedbenchError(f"{path}: {width} x {height} px is too large; scale it down")


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
        raise MedbenchError(f"{path}: holds values that are not numbers; export it as 8-bit PNG")
    low, high = values.min(), values.max()
    if picture.mode.startswith("I") and low >= 0 and high <= 65535:
        return np.rint(values / 257).astype(np.uint8)
    if picture.mode == "F" and low >= 0 and high <= 255:
        return np.rint(values * (255 if high <= 1 else 1)).astype(np.uint8)
    raise MedbenchError(f"{path}: values from {low:g} to {high:g} are no picture; export it as 8-bit PNG")
