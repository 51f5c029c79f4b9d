"""MeMa-Seg: tumours of MeMa with a mask each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np

from medbench.core import Sample
from medbench.images import BrokenImage
from medbench.suites.folder import Photo, by_split
from medbench.suites.layout_suite import LayoutSuite
from medbench.suites.mema_layout import class_of, split_of
from medbench.suites.tumour_mask import mask_file, read_mask


class MemaSegSuite(LayoutSuite):
    """Images with the truth ``mask``: bool (H, W), True on the tumour."""

    data_set, short, card_name = "mema-seg", "MeMa-Seg", "mema-seg"
    published: ClassVar[Mapping[str, int]] = {"train": 600, "val": 150}
    expected = """\
  MeMa-Seg/
    train/   val/                    600 and 150 images
      images/BCC/ images/SCC/ …      *.png or *.jpg, one folder per class
      masks/BCC/  masks/SCC/  …      the same names as .png; every value but 0 is tumour"""

    def __init__(self) -> None:
        """As the base; the masks are a column too."""
        super().__init__()
        columns = {**self.card.columns, "mask": "bool (H, W), True on the tumour"}
        self.card = self.card.model_copy(update={"columns": columns})

    @classmethod
    def arrange(cls, root: Path) -> dict[str, list[Photo]]:
        """Splits from the first folder, classes from the third; an image without a mask is set aside."""
        photos = by_split(root, None, split_of, lambda place: {"disease": class_of(_below_images(place))})
        found = {
            split: [_checked(photo) for photo in photos[split] if _is_image(photo.place)]
            for split in ("train", "val")
            if split in photos
        }
        if not any(found.values()):
            raise cls.wrong_layout(root, "no images with masks are here")
        return {split: some for split, some in found.items() if some}

    def read(self, split: str, sample_id: str) -> Sample:
        """One image with its mask.

        Raises:
            BrokenImage: image or mask cannot be used, or they differ in size.

        """
        sample = super().read(split, sample_id)
        file = mask_file(self.file_of(split, sample_id))
        mask = read_mask(file)
        if mask.shape != sample.image.shape[:2]:
            sizes = f"{mask.shape} for {sample.image.shape[:2]}"
            raise BrokenImage(file, "a mask of another size than its image", "draw it again", sizes)
        return Sample(sample.id, sample.image, {**sample.truth, "mask": np.asarray(mask)})


def _is_image(place: str) -> bool:
    return place.split("/")[1:2] == ["images"]


def _below_images(place: str) -> str:
    parts = place.split("/")
    return "/".join([parts[0], *parts[2:]])


def _checked(photo: Photo) -> Photo:
    if not photo.truth.get("disease"):
        return replace(photo, trouble=("in no class folder", "move it into one, as images/BCC"))
    if not mask_file(photo.path).is_file():
        return replace(photo, trouble=("has no mask", "put one of the same name under masks/"))
    return photo


LAYOUT = MemaSegSuite
