"""Cases of the diagnosis: accuracy, agreement of two, ranking."""

from __future__ import annotations

import numpy as np

from benchmarks.compared.case import Case
from benchmarks.compared.world import column, told, truth_codes, value, world
from medbench.core import DISEASES
from medbench.metrics.agreement import DiagnosisKappa
from medbench.metrics.diagnosis import (
    DiagnosisAccuracy,
    DiagnosisRetention,
    RestoredDiagnosisAccuracy,
    UntouchedDiagnosisAccuracy,
)
from medbench.metrics.discrimination import DiagnosisAuroc
from medbench.metrics.discrimination_delong import DiagnosisAurocDelong
from medbench.metrics.non_inferiority import DiagnosisNonInferiority
from medbench.metrics.sign_agreement import SIGNS, SignKappa, shows
from medbench.metrics.subgroups import WorstDiagnosis


def cases() -> list[Case]:
    """See the module."""
    return [*_accuracies(), *_agreement(), *_ranking()]


def _balanced(role: str) -> float:
    from sklearn.metrics import balanced_accuracy_score

    return balanced_accuracy_score(truth_codes(), told(role))


def _accuracies() -> list[Case]:
    def micro() -> float:
        from sklearn.metrics import accuracy_score

        return accuracy_score(truth_codes(), told("protected"))

    def macro_torch() -> float:
        import torch
        from torchmetrics.functional.classification import multiclass_accuracy

        given = torch.tensor(told("protected")), torch.tensor(truth_codes())
        return multiclass_accuracy(*given, num_classes=8, average="macro").item()

    name = "balanced_accuracy_score"
    return [
        Case(
            "diagnosis_accuracy",
            "scikit-learn",
            name,
            lambda: value(DiagnosisAccuracy),
            lambda: _balanced("protected"),
        ),
        Case(
            "diagnosis_accuracy",
            "torchmetrics",
            "multiclass_accuracy",
            lambda: value(DiagnosisAccuracy),
            macro_torch,
        ),
        Case(
            "diagnosis_accuracy, micro",
            "scikit-learn",
            "accuracy_score",
            lambda: value(DiagnosisAccuracy, "micro"),
            micro,
        ),
        Case(
            "diagnosis_accuracy_untouched",
            "scikit-learn",
            name,
            lambda: value(UntouchedDiagnosisAccuracy),
            lambda: _balanced("original"),
        ),
        Case(
            "diagnosis_accuracy_restored",
            "scikit-learn",
            name,
            lambda: value(RestoredDiagnosisAccuracy),
            lambda: _balanced("restored"),
        ),
        Case(
            "diagnosis_retention",
            "scikit-learn",
            f"ratio of two {name}",
            lambda: value(DiagnosisRetention),
            lambda: _balanced("protected") / _balanced("original"),
        ),
        Case(
            "diagnosis_non_inferiority",
            "scikit-learn",
            f"difference of two {name}",
            lambda: value(DiagnosisNonInferiority),
            lambda: _balanced("protected") - _balanced("original"),
        ),
        Case(
            "worst_subgroup_diagnosis",
            "pandas",
            "groupby().mean().min()",
            lambda: value(WorstDiagnosis),
            _worst,
        ),
    ]


def _worst() -> float:
    import pandas as pd

    frame = world().truth.assign(
        hit=told("protected") == truth_codes(),
        years=lambda f: pd.cut(f["age"], [-np.inf, 40, 60, np.inf], right=False),
    )
    groups = ("years", "sex", "tone_group", "disease")
    means = [
        frame.groupby(g, observed=True).agg(hit=("hit", "mean"), n=("subject", "nunique")) for g in groups
    ]
    return pd.concat(means).query("n >= 10")["hit"].min()


def _agreement() -> list[Case]:
    def kappa(code: int | None = None) -> float:
        from sklearn.metrics import cohen_kappa_score

        first, second = told("original"), told("protected")
        return (
            cohen_kappa_score(first, second)
            if code is None
            else cohen_kappa_score(first == code, second == code)
        )

    def sign(name: str) -> float:
        from sklearn.metrics import cohen_kappa_score

        return cohen_kappa_score(shows(name, told("original")), shows(name, told("protected")))

    def signs() -> float:
        return float(np.mean([sign(name) for name in SIGNS]))

    return [
        Case("diagnosis_kappa", "scikit-learn", "cohen_kappa_score", lambda: value(DiagnosisKappa), kappa),
        Case(
            "diagnosis_kappa, class=TAO",
            "scikit-learn",
            "cohen_kappa_score",
            lambda: value(DiagnosisKappa, "class=TAO"),
            lambda: kappa(DISEASES.index("TAO")),
        ),
        Case("sign_kappa", "scikit-learn", "mean of cohen_kappa_score", lambda: value(SignKappa), signs),
        Case(
            "sign_kappa, eyelid",
            "scikit-learn",
            "cohen_kappa_score",
            lambda: value(SignKappa, "sign=eyelid"),
            lambda: sign("eyelid"),
        ),
    ]


def _ranking() -> list[Case]:
    def auroc() -> float:
        from sklearn.metrics import roc_auc_score

        return roc_auc_score(truth_codes(), column("protected.diagnosis"), multi_class="ovr", average="macro")

    def of_bcc() -> float:
        import torch
        from torchmetrics.functional.classification import binary_auroc

        scores = torch.tensor(column("protected.diagnosis")[:, 0])
        return binary_auroc(scores, torch.tensor(truth_codes() == 0)).item()

    return [
        Case("diagnosis_auroc", "scikit-learn", "roc_auc_score", lambda: value(DiagnosisAuroc), auroc),
        Case(
            "diagnosis_auroc_delong, class=BCC",
            "torchmetrics",
            "binary_auroc",
            lambda: value(DiagnosisAurocDelong, "class=BCC"),
            of_bcc,
        ),
    ]
