"""Cases of statistics: kappas of two and of many, intervals, tests, variances."""

from __future__ import annotations

import numpy as np

from benchmarks.compared.case import Case
from benchmarks.compared.world import generator
from medbench.metrics.statistics.agreement import kappa
from medbench.metrics.statistics.clusters import Clusters
from medbench.metrics.statistics.delong import delong, delong_test
from medbench.metrics.statistics.intervals import clopper_pearson, wilson
from medbench.metrics.statistics.jackknife import jackknife_interval
from medbench.metrics.statistics.paired import holm, mcnemar
from medbench.metrics.statistics.raters import alpha, coincidences, fleiss_kappa, votes

N, K = 200, 5


def cases() -> list[Case]:
    """See the module."""
    return [*_two(), *_many(), *_shares(), *_areas(), *_tests()]


def readings(graders: int, missing: float = 0.0) -> np.ndarray:
    """Codes (N, graders) of classes in order, -1 where a reading is missing."""
    rng = generator("readings", str(graders), str(missing))
    truth = rng.integers(0, K, N)
    found = np.clip(truth[:, None] + rng.integers(-1, 2, (N, graders)), 0, K - 1)
    return np.where(rng.random(found.shape) < missing, -1, found)


def _two() -> list[Case]:
    def ours(weights: str | None) -> float:
        first, second = readings(2).T
        return float(kappa(np.bincount(first * K + second, minlength=K * K).reshape(K, K), weights))  # type: ignore[arg-type]

    def sklearn(weights: str | None) -> float:
        from sklearn.metrics import cohen_kappa_score

        return cohen_kappa_score(*readings(2).T, weights=weights)

    def statsmodels(weights: str | None) -> float:
        from statsmodels.stats.inter_rater import cohens_kappa

        first, second = readings(2).T
        table = np.bincount(first * K + second, minlength=K * K).reshape(K, K)
        wt = {"linear": "linear", "quadratic": "quadratic"}.get(weights or "")
        return cohens_kappa(table, wt=wt, return_results=False)

    found = []
    for weights in (None, "linear", "quadratic"):
        figure = f"Cohen's kappa, {weights or 'plain'}"
        found += [
            Case(
                figure,
                "scikit-learn",
                "cohen_kappa_score",
                lambda w=weights: ours(w),
                lambda w=weights: sklearn(w),
            ),
            Case(
                figure,
                "statsmodels",
                "cohens_kappa",
                lambda w=weights: ours(w),
                lambda w=weights: statsmodels(w),
            ),
        ]
    return found


def _many() -> list[Case]:
    def fleiss() -> float:
        from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

        return fleiss_kappa(aggregate_raters(readings(4), n_cat=K)[0])

    def ours(level: str) -> float:
        return float(alpha(coincidences(votes(readings(4, 0.2), K)).sum(axis=0), level))  # type: ignore[arg-type]

    def theirs(level: str) -> float:
        import krippendorff

        given = readings(4, 0.2).T.astype(float)
        given[given < 0] = np.nan
        return krippendorff.alpha(given, level_of_measurement=level, value_domain=list(range(K)))

    levels = ("nominal", "ordinal", "interval")
    return [
        Case(
            "Fleiss' kappa",
            "statsmodels",
            "fleiss_kappa",
            lambda: fleiss_kappa(votes(readings(4), K)),
            fleiss,
        ),
        *(
            Case(
                f"Krippendorff's alpha, {x}",
                "krippendorff",
                "alpha",
                lambda x=x: ours(x),
                lambda x=x: theirs(x),
            )
            for x in levels
        ),
    ]


def _shares() -> list[Case]:
    def theirs(method: str, end: int) -> float:
        from statsmodels.stats.proportion import proportion_confint

        return proportion_confint(117, 129, method=method)[end]

    kinds = {"wilson": ("Wilson", wilson), "beta": ("Clopper–Pearson", clopper_pearson)}
    return [
        Case(
            f"{title} interval of 117/129, {('low', 'high')[end]}",
            "statsmodels",
            "proportion_confint",
            lambda f=function, end=end: f(117, 129)[end],
            lambda method=method, end=end: theirs(method, end),
        )
        for method, (title, function) in kinds.items()
        for end in range(2)
    ]


def scores(subjects: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two readers' scores (2, N), truth, and whose each of N samples is."""
    rng = generator("scores", str(subjects))
    truth = rng.random(N) < 0.4
    given = np.round(rng.normal(truth * np.array([[1.0], [0.7]]), 1.0), 1)
    return given, truth, np.arange(N) % subjects


def _areas() -> list[Case]:
    def by_pairs(row: int, column: int) -> float:
        """DeLong's covariance by his definition: a kernel over all pairs, then two covariances."""
        given, truth, _ = scores(N)
        beats = [
            (np.sign(one[truth][:, None] - one[~truth][None, :]) + 1) / 2
            for one in (given[row], given[column])
        ]
        rows, columns = ([np.atleast_1d(b.mean(axis=axis)) for b in beats] for axis in (1, 0))
        return np.cov(*rows)[0, 1] / len(rows[0]) + np.cov(*columns)[0, 1] / len(columns[0])

    def area(row: int) -> float:
        from scipy.stats import mannwhitneyu

        given, truth, _ = scores(N)
        return mannwhitneyu(given[row][truth], given[row][~truth]).statistic / (truth.sum() * (~truth).sum())

    def p_value() -> float:
        from scipy.stats import norm

        variance = by_pairs(0, 0) + by_pairs(1, 1) - 2 * by_pairs(0, 1)
        return 2 * norm.sf(abs(area(0) - area(1)) / np.sqrt(variance))

    return [
        Case("AUROC (DeLong)", "scipy", "mannwhitneyu", lambda: delong(*scores(N))[0][0], lambda: area(0)),
        Case(
            "DeLong variance",
            "numpy",
            "cov over all pairs",
            lambda: delong(*scores(N))[1][0, 0],
            lambda: by_pairs(0, 0),
        ),
        Case(
            "DeLong covariance",
            "numpy",
            "cov over all pairs",
            lambda: delong(*scores(N))[1][0, 1],
            lambda: by_pairs(0, 1),
        ),
        Case("DeLong test, p", "scipy", "norm.sf", lambda: delong_test(*delong(*scores(N)))[1], p_value),
    ]


def _tests() -> list[Case]:
    def hits() -> tuple[np.ndarray, np.ndarray]:
        rng = generator("hits")
        return (rng.random(N) < 0.8).astype(float), (rng.random(N) < 0.7).astype(float)

    def exact() -> float:
        from statsmodels.stats.contingency_tables import mcnemar as theirs

        first, second = hits()
        table = np.bincount((first * 2 + second).astype(int), minlength=4).reshape(2, 2)
        return theirs(table, exact=True).pvalue

    def corrected() -> float:
        from statsmodels.stats.multitest import multipletests

        return multipletests([0.01, 0.04, 0.03, 0.2], method="holm")[1].sum()

    def low() -> float:
        values, clusters = generator("sem").normal(size=18), Clusters(np.arange(18), 18, "image")
        return jackknife_interval(
            values.mean(), lambda rows: values[rows].mean(), clusters, generator("shuffle")
        )[0]

    def student() -> float:
        from scipy.stats import sem, t

        values = generator("sem").normal(size=18)
        return t.interval(0.95, 17, values.mean(), sem(values))[0]

    return [
        Case("McNemar, exact p", "statsmodels", "mcnemar", lambda: mcnemar(*hits()), exact),
        Case(
            "Holm, sum of adjusted p",
            "statsmodels",
            "multipletests",
            lambda: holm(np.array([0.01, 0.04, 0.03, 0.2])).sum(),
            corrected,
        ),
        Case("Jackknife interval of a mean, low", "scipy", "stats.t, sem", low, student),
    ]
