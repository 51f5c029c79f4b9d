"""Pictures out to a folder, results back in: each is checked against what was given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medbench.methods.upstream.card import CommandCard


def hand_out(pictures: Sequence[np.ndarray], folder: Path, card: CommandCard) -> None:
    """Write uint8 RGB (H, W, 3) as PNG under the names of the card, the last one again to fill a group.

    PNG files hold pixels alone: no name of a patient, no date, no place.
    """
    short = -len(pictures) % card.multiple
    for index, picture in enumerate([*pictures, *[pictures[-1]] * short]):
        file = folder / card.file_name.format(index=index)
        if not cv2.imwrite(str(file), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)):
            raise OSError(f"{file.name} could not be written")


def take_back(
    given: Sequence[np.ndarray], folder: Path, card: CommandCard
) -> tuple[list[np.ndarray], dict[int, str]]:
    """Read one result for each picture that was given.

    Returns:
        Results, uint8 RGB of the sizes given (the picture itself where there is none), and what is
        wrong, by index: no result, not a picture, wrong size, unchanged.

    """
    results, wrong = [], {}
    for index, picture in enumerate(given):
        result = _read(folder / card.result_name.format(index=index), card)
        fault = _fault(result, picture, card)
        if fault:
            wrong[index] = fault
        results.append(picture if fault or result is None else result)
    return results, wrong


def _read(file: Path, card: CommandCard) -> np.ndarray | None:
    if not file.is_file():
        return None
    sheet = cv2.imread(str(file), cv2.IMREAD_COLOR)
    if sheet is None:
        return np.zeros((0, 0, 3), np.uint8)
    if card.panel is not None:
        width = sheet.shape[1] // card.panels
        sheet = sheet[:, card.panel * width : (card.panel + 1) * width]
    return np.ascontiguousarray(cv2.cvtColor(sheet, cv2.COLOR_BGR2RGB)) if sheet.size else sheet


def _fault(result: np.ndarray | None, given: np.ndarray, card: CommandCard) -> str | None:
    if result is None:
        return "the program gave no result for it"
    if not result.size:
        return "the program's result is not a picture"
    if result.shape != given.shape:
        size, wanted = (f"{a.shape[1]} x {a.shape[0]}" for a in (result, given))
        return f"the program's result is {size} pixels, not {wanted}"
    if np.array_equal(result, given) and not card.may_pass_through:
        return "the program gave the picture back unchanged"
    return None
