"""Cases of the diagnosis: what is missed, named, drawn and wiped away."""

from __future__ import annotations

from benchmarks.compared.case import Case
from benchmarks.compared.world import column, told, truth_codes, value
from medbench.core import DISEASES
from medbench.metrics.class_rates import (
    DiagnosisNpv,
    DiagnosisPpv,
    DiagnosisSensitivity,
    DiagnosisSpecificity,
)
from medbench.metrics.confusion import DiagnosisConfusion
from medbench.metrics.hallucination import ErasedDisease, HallucinatedDisease
from medbench.metrics.matthews_correlation import DiagnosisMcc
from medbench.metrics.sides import SideSwap

NORMAL = DISEASES.index("Normal")


def cases() -> list[Case]:
    """See the module."""
    return [*_rates(), *_lost()]


def _rates() -> list[Case]:
    def mean_of(score: str) -> float:
        from sklearn import metrics

        return getattr(metrics, score)(truth_codes(), told("protected"), average="macro")

    def of_torch(score: str) -> float:
        import torch
        from torchmetrics.functional import classification

        given = torch.tensor(told("protected")), torch.tensor(truth_codes())
        return getattr(classification, score)(*given, num_classes=8, average="macro").item()

    def screening(score: str) -> float:
        from sklearn import metrics

        return getattr(metrics, score)(truth_codes() != NORMAL, told("protected") != NORMAL)

    def cell() -> float:
        from sklearn.metrics import confusion_matrix

        return confusion_matrix(truth_codes(), told("protected"), normalize="true")[0, 0]

    def mcc(binary: bool = False) -> float:
        from sklearn.metrics import matthews_corrcoef

        truth, answer = truth_codes(), told("protected")
        return matthews_corrcoef(truth == 0, answer == 0) if binary else matthews_corrcoef(truth, answer)

    sensitivity, specificity = DiagnosisSensitivity, DiagnosisSpecificity
    return [
        Case(
            "diagnosis_sensitivity",
            "scikit-learn",
            "recall_score",
            lambda: value(sensitivity),
            lambda: mean_of("recall_score"),
        ),
        Case(
            "diagnosis_sensitivity, any_disease",
            "scikit-learn",
            "recall_score",
            lambda: value(sensitivity, "any_disease"),
            lambda: screening("recall_score"),
        ),
        Case(
            "diagnosis_specificity",
            "torchmetrics",
            "multiclass_specificity",
            lambda: value(specificity),
            lambda: of_torch("multiclass_specificity"),
        ),
        Case(
            "diagnosis_ppv",
            "scikit-learn",
            "precision_score",
            lambda: value(DiagnosisPpv),
            lambda: mean_of("precision_score"),
        ),
        Case(
            "diagnosis_npv",
            "torchmetrics",
            "multiclass_negative_predictive_value",
            lambda: value(DiagnosisNpv),
            lambda: of_torch("multiclass_negative_predictive_value"),
        ),
        Case("diagnosis_mcc", "scikit-learn", "matthews_corrcoef", lambda: value(DiagnosisMcc), mcc),
        Case(
            "diagnosis_mcc, class=BCC",
            "scikit-learn",
            "matthews_corrcoef",
            lambda: value(DiagnosisMcc, "class=BCC"),
            lambda: mcc(True),
        ),
        Case(
            "diagnosis_confusion, BCC told BCC",
            "scikit-learn",
            "confusion_matrix",
            lambda: value(DiagnosisConfusion, "truth=BCC,told=BCC"),
            cell,
        ),
    ]


def _lost() -> list[Case]:
    def hallucinated() -> float:
        import pandas as pd

        clean = (truth_codes() == NORMAL) & (told("original") == NORMAL)
        return pd.Series(told("protected")[clean]).ne(NORMAL).mean()

    def erased() -> float:
        import pandas as pd

        known = (truth_codes() != NORMAL) & (told("original") == truth_codes())
        return pd.Series(told("protected")[known]).eq(NORMAL).mean()

    def swapped() -> float:
        from sklearn.metrics import zero_one_loss

        right = column("truth.side") == "R"
        before, after = (column(f"{role}.side")[:, 0] > 0.5 for role in ("original", "protected"))
        known = (truth_codes() != NORMAL) & (before == right)
        return zero_one_loss(right[known], after[known])

    return [
        Case(
            "hallucinated_disease",
            "pandas",
            "Series.ne().mean()",
            lambda: value(HallucinatedDisease),
            hallucinated,
        ),
        Case("erased_disease", "pandas", "Series.eq().mean()", lambda: value(ErasedDisease), erased),
        Case("side_swap", "scikit-learn", "zero_one_loss", lambda: value(SideSwap), swapped),
    ]
