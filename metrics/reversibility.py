"""Does the right password bring the picture back, and does a wrong one not?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import MedbenchError
from medbench.metrics.matching import FALSE_MATCH_RATE
from medbench.metrics.metric import Metric
from medbench.metrics.readings import restored
from medbench.metrics.statistics.estimating import mean_estimate, ratio_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler

#: A wrong password whose picture is this near to the right one's has opened it, whoever it shows.
OPEN_PSNR = 30.0


class RestoredPsnr(Metric):
    """Mean PSNR of the image restored with the right password against the original.

    A bit-exact restore has no finite PSNR and is left out of the mean; ``n`` says so.
    """

    name = "psnr_restored"
    title = "PSNR after restore"
    task = "reversibility"
    needs = ("restored.psnr",)
    direction = "higher"
    unit = "dB"
    range = (0.0, float("inf"))
    source = "MeMa Table 8"

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """The metric's name -> its value for each restored image."""
        role, column = self.needs[0].split(".")
        return {self.name: restored(seen, column, role)}

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Mean over the restored images."""
        return [mean_estimate(self, "all", self.samples(seen)[self.name], seen, resampler)]


class RestoredSsim(RestoredPsnr):
    """Mean SSIM of the image restored with the right password against the original."""

    name = "ssim_restored"
    title = "SSIM after restore"
    needs = ("restored.ssim",)
    unit = "ssim"
    range = (-1.0, 1.0)


class UnroundedPsnr(RestoredPsnr):
    """Mean PSNR of what the right password restores from the picture before it was rounded to 8 bit.

    The papers restore from what the network still holds; a clinic cannot. Never compare it with
    ``psnr_restored``. On the few samples that wrong passwords are tried on.
    """

    name = "psnr_restored_unrounded"
    title = "PSNR after restore, before rounding"
    needs = ("restored_unrounded.psnr",)


class WrongPasswordOpens(Metric):
    """Share of wrong passwords that open an image.

    A wrong password opens if its restoration matches the original face at the frozen threshold,
    or if it comes within 30 dB PSNR of the right password's restoration. Strangers match at FMR
    1e-3, which is the chance level. ``n`` counts passwords; the samples' subjects are resampled.
    """

    name = "wrong_password_opens"
    title = "Wrong passwords that open"
    task = "reversibility"
    needs = ("wrong_keys", "calibration.identity_threshold")
    direction = "lower"
    unit = "share"
    range = (0.0, 1.0)
    source = "medbench"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` (either way), and each way by itself: ``by_identity``, ``by_picture``."""
        assert seen.wrong_keys is not None
        tried = seen.wrong_keys
        rows = {name: row for row, name in enumerate(seen.ids)}
        strange = [name for name in tried["id"] if name not in rows]
        if strange:
            raise MedbenchError(
                f"wrong_keys names the sample {strange[0]}, which the run lacks; run it again"
            )
        at = np.array([rows[name] for name in tried["id"]], dtype=int)
        identity = tried["distance"].to_numpy(dtype=float) <= seen.calibration["identity_threshold"]
        picture = tried["psnr_right"].to_numpy(dtype=float) > OPEN_PSNR
        ways = {"all": identity | picture, "by_identity": identity, "by_picture": picture}
        attempts = np.bincount(at, minlength=len(seen.ids)).astype(float)
        return [
            ratio_estimate(
                self,
                group,
                np.bincount(at, opened, minlength=len(seen.ids)),
                attempts,
                seen,
                resampler,
                n=len(at),
                chance=None if group == "by_picture" else FALSE_MATCH_RATE,
                share=True,
            )
            for group, opened in ways.items()
        ]


METRICS: tuple[type[Metric], ...] = (RestoredPsnr, RestoredSsim, UnroundedPsnr, WrongPasswordOpens)
