"""Cases of pixels: PSNR, SSIM, overlap of masks; and means of what was measured on pictures."""

from __future__ import annotations

import numpy as np

from benchmarks.compared.case import Case
from benchmarks.compared.shape import masks
from benchmarks.compared.world import THRESHOLD, column, generator, value, world
from medbench.metrics.perception import (
    ProtectedLpips,
    ProtectedPerceptual,
    RestoredLpips,
    RestoredPerceptual,
)
from medbench.metrics.quality import ProtectedPsnr, ProtectedSsim
from medbench.metrics.reversibility import RestoredPsnr, RestoredSsim, UnroundedPsnr, WrongPasswordOpens
from medbench.metrics.segmentation import (
    TumourDice,
    TumourDiceRetention,
    TumourFalseAlarm,
    TumourHd95,
    TumourJaccard,
    UntouchedTumourDice,
    dice,
    jaccard,
)
from medbench.stages.overlap import hausdorff95, overlap
from medbench.stages.pixels import psnr, ssim


def cases() -> list[Case]:
    """See the module."""
    return [*_pixels(), *_masks(), *_tumours(), *_means()]


def _pictures() -> tuple[np.ndarray, np.ndarray]:
    rng = generator("pictures")
    clear = (128 + 90 * np.sin(np.linspace(0, 30, 96 * 80 * 3))).reshape(1, 96, 80, 3)
    other = clear + rng.normal(0, 12, clear.shape)
    return clear.astype(np.uint8), np.clip(other, 0, 255).astype(np.uint8)


def _pixels() -> list[Case]:
    def by_skimage(name: str) -> float:
        from skimage import metrics

        more = {"channel_axis": 2} if name == "structural_similarity" else {}
        left, right = _pictures()
        return getattr(metrics, name)(left[0], right[0], data_range=255, **more)

    name = "peak_signal_noise_ratio"
    return [
        Case(
            "PSNR of pictures", "scikit-image", name, lambda: psnr(*_pictures())[0], lambda: by_skimage(name)
        ),
        Case(
            "SSIM of pictures",
            "scikit-image",
            "structural_similarity",
            lambda: ssim(*_pictures())[0],
            lambda: by_skimage("structural_similarity"),
        ),
    ]


def _masks() -> list[Case]:
    def ours(kind: int) -> float:
        marked, truth = masks()
        counts = np.array([overlap(marked, truth)])
        return float((dice, jaccard)[kind](counts)[0]) if kind < 2 else hausdorff95(marked, truth)

    def by_medpy(name: str) -> float:
        from medpy.metric import binary

        return getattr(binary, name)(*masks())

    def by_sklearn(name: str) -> float:
        from sklearn import metrics

        marked, truth = masks()
        return getattr(metrics, name)(truth.ravel(), marked.ravel())

    return [
        Case("Dice of masks", "medpy", "dc", lambda: ours(0), lambda: by_medpy("dc")),
        Case("Dice of masks", "scikit-learn", "f1_score", lambda: ours(0), lambda: by_sklearn("f1_score")),
        Case("Jaccard of masks", "medpy", "jc", lambda: ours(1), lambda: by_medpy("jc")),
        Case(
            "Jaccard of masks",
            "scikit-learn",
            "jaccard_score",
            lambda: ours(1),
            lambda: by_sklearn("jaccard_score"),
        ),
        Case("HD95 of masks", "medpy", "hd95", lambda: ours(2), lambda: by_medpy("hd95")),
    ]


def _tumours() -> list[Case]:
    def mean(how: str, role: str = "protected", ill: bool = True) -> float:
        import pandas as pd

        names = ("marked", "truth", "both", "hd95")
        frame = pd.DataFrame(dict(zip(names, column(f"{role}.tumour_overlap").T, strict=True)))
        return frame.query("truth > 0" if ill else "truth == 0").eval(how).mean()

    overlap_of = "2 * both / (marked + truth)"
    asked = (
        (TumourDice, overlap_of, lambda: mean(overlap_of)),
        (TumourJaccard, "both / union", lambda: mean("both / (marked + truth - both)")),
        (TumourHd95, "mean", lambda: mean("hd95")),
        (TumourFalseAlarm, "(marked > 0).mean", lambda: mean("marked > 0", ill=False)),
        (UntouchedTumourDice, overlap_of, lambda: mean(overlap_of, "original")),
        (TumourDiceRetention, "ratio of two means", lambda: mean(overlap_of) / mean(overlap_of, "original")),
    )
    return [Case(m.name, "pandas", other, lambda m=m: value(m), theirs) for m, other, theirs in asked]


def _means() -> list[Case]:
    def mean(path: str) -> float:
        import pandas as pd

        return pd.Series(column(path)).mean()

    def opened() -> float:
        tried = world().wrong_keys
        assert tried is not None
        return tried.eval(f"distance <= {THRESHOLD} or psnr_right > 30").mean()

    return [
        Case(
            "psnr_protected", "pandas", "mean", lambda: value(ProtectedPsnr), lambda: mean("protected.psnr")
        ),
        Case(
            "ssim_protected", "pandas", "mean", lambda: value(ProtectedSsim), lambda: mean("protected.ssim")
        ),
        Case("psnr_restored", "pandas", "mean", lambda: value(RestoredPsnr), lambda: mean("restored.psnr")),
        Case(
            "psnr_restored_unrounded",
            "pandas",
            "mean",
            lambda: value(UnroundedPsnr),
            lambda: mean("restored_unrounded.psnr"),
        ),
        Case("ssim_restored", "pandas", "mean", lambda: value(RestoredSsim), lambda: mean("restored.ssim")),
        *(
            Case(m.name, "pandas", "mean", lambda m=m: value(m), lambda m=m: mean(m.needs[0]))
            for m in (ProtectedPerceptual, RestoredPerceptual, ProtectedLpips, RestoredLpips)
        ),
        Case("wrong_password_opens", "pandas", "eval().mean()", lambda: value(WrongPasswordOpens), opened),
    ]
