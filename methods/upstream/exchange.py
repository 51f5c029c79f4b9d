"""Pictures out to a folder, results back in: each is checked against what was given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medbench.methods.upstream.card import CommandCard

UNCHANGED = "the program gave the picture back unchanged"
#: Two pictures this near (dB) are one and the same but for a codec's noise.
_SAME = 40.0


def hand_out(pictures: Sequence[np.ndarray], folder: Path, card: CommandCard) -> None:
    """Write uint8 RGB (H, W, 3) as PNG under the names of the card, the last one again to fill a group."""
    short = -len(pictures) % card.multiple
    for index, picture in enumerate([*pictures, *[pictures[-1]] * short]):
        write_picture(folder / card.file_name.format(index=index), picture)


def write_picture(file: Path, picture: np.ndarray) -> None:
    """Write uint8 RGB (H, W, 3) as PNG: pixels alone, no name of a patient, no date, no place."""
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
        result = _panel(read_result(folder / card.result_name.format(index=index)), card)
        fault = fault_of(result, picture.shape)
        if not fault and not card.may_pass_through and np.array_equal(result, picture):  # type: ignore[arg-type]
            fault = UNCHANGED
        if fault:
            wrong[index] = fault
        results.append(picture if fault or result is None else result)
    return results, wrong


def read_result(file: Path) -> np.ndarray | None:
    """Uint8 RGB; None where there is no file, nothing (0, 0, 3) where it is no picture."""
    if not file.is_file():
        return None
    sheet = cv2.imread(str(file), cv2.IMREAD_COLOR)
    if sheet is None:
        return np.zeros((0, 0, 3), np.uint8)
    return np.ascontiguousarray(cv2.cvtColor(sheet, cv2.COLOR_BGR2RGB))


def fault_of(result: np.ndarray | None, shape: tuple[int, ...]) -> str | None:
    """Say what is wrong with a result that should have ``shape`` (H, W, 3); None where nothing is."""
    if result is None:
        return "the program gave no result for it"
    if not result.size:
        return "the program's result is not a picture"
    if result.shape != shape:
        size, wanted = (f"{a[1]} x {a[0]}" for a in (result.shape, shape))
        return f"the program's result is {size} pixels, not {wanted}"
    return None


def hardly_differ(one: np.ndarray, other: np.ndarray) -> bool:
    """Say whether two uint8 pictures of one shape are the same but for a codec's noise: 40 dB or more."""
    error = np.mean((one.astype(np.float64) - other) ** 2)
    return bool(10 * np.log10(255**2 / max(error, 1e-9)) >= _SAME)


def _panel(sheet: np.ndarray | None, card: CommandCard) -> np.ndarray | None:
    if sheet is None or card.panel is None:
        return sheet
    width = sheet.shape[1] // card.panels
    return np.ascontiguousarray(sheet[:, card.panel * width : (card.panel + 1) * width])
