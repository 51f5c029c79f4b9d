"""How much faster are the intervals than scipy.stats.bootstrap, or a loop, with scikit-learn inside?

    python benchmarks/statistics.py [--draws 10000] [--theirs 200] [--json]

Ours makes all draws. Theirs is timed over fewer of the same kind and scaled to as many, since it
is a loop without set-up cost to speak of; the output says over how many. Both run in this process
on one thread, one after the other; each of ours is the best of three. Seconds are the
processor's, so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import numpy as np
from scipy import stats
from sklearn.metrics import balanced_accuracy_score, cohen_kappa_score, roc_auc_score

from medbench.metrics.accuracy import macro
from medbench.metrics.pairs import pairs_of
from medbench.metrics.statistics.agreement import kappa
from medbench.metrics.statistics.auroc import auroc_draws
from medbench.metrics.statistics.clusters import Clusters
from medbench.metrics.statistics.pair_bootstrap import bin_edges, roc_draws
from medbench.metrics.statistics.ratio_of_sums import ratio_of_sums
from medbench.metrics.statistics.resample import Resampler
from medbench.metrics.statistics.roc import eer
from medbench.metrics.statistics.tables import table_draws

N, CLASSES, SUBJECTS = 4578, 8, 900
#: How many times faster each case is asked to be.
ASKED = {
    "kappa, images": 200,
    "kappa, subjects": 100,
    "macro accuracy, images": 300,
    "AUROC, images": 50,
    "AUROC, subjects": 50,
}


def seconds(call: Callable[[], object], times: int = 1) -> float:
    """Shortest of ``times`` runs, in seconds of processor time."""
    found = []
    for _ in range(times):
        start = time.process_time()
        call()
        found.append(time.process_time() - start)
    return min(found)


def scipys(statistic: Callable[..., float], columns: tuple[np.ndarray, ...], draws: int) -> float:
    """Seconds of one draw of scipy.stats.bootstrap over images."""
    run = lambda: stats.bootstrap(  # noqa: E731
        columns, statistic, paired=True, vectorized=False, n_resamples=draws, method="percentile", rng=0
    )
    return seconds(run) / draws


def loop(statistic: Callable[[np.ndarray], float], owner: np.ndarray, draws: int) -> float:
    """Seconds of one draw of a plain loop that puts the rows of drawn subjects together."""
    rows = [np.flatnonzero(owner == s) for s in range(owner.max() + 1)]
    rng = np.random.default_rng(0)

    def run() -> None:
        for _ in range(draws):
            statistic(np.concatenate([rows[s] for s in rng.integers(0, len(rows), len(rows))]))

    return seconds(run) / draws


def cases(draws: int, theirs: int) -> dict[str, tuple[float, float]]:
    """Map each case to our seconds and theirs, both for ``draws``."""
    rng = np.random.default_rng(0)
    first = rng.integers(0, CLASSES, N)
    second = np.where(rng.random(N) < 0.8, first, rng.integers(0, CLASSES, N))
    owner = np.sort(np.concatenate([np.arange(SUBJECTS), rng.integers(0, SUBJECTS, N - SUBJECTS)]))
    images, people = Clusters(np.arange(N), N, "image"), Clusters(owner, SUBJECTS, "subject")
    hits = (first == second).astype(int)
    values = rng.gamma(2, size=N)

    def our_kappa(clusters: Clusters) -> None:
        _, tables = table_draws(first * CLASSES + second, CLASSES**2, clusters, fresh())
        kappa(tables.reshape(-1, CLASSES, CLASSES))

    def our_macro(clusters: Clusters) -> None:
        _, tables = table_draws(first * 2 + hits, CLASSES * 2, clusters, fresh())
        macro(tables.reshape(-1, CLASSES, 2))

    def fresh() -> Resampler:
        return Resampler(("benchmark",), draws=draws)

    def scale(one: float) -> float:
        return one * draws

    return {
        "kappa, images": (
            seconds(lambda: our_kappa(images), 3),
            scale(scipys(cohen_kappa_score, (first, second), theirs)),
        ),
        "kappa, subjects": (
            seconds(lambda: our_kappa(people), 3),
            scale(loop(lambda i: cohen_kappa_score(first[i], second[i]), owner, theirs)),
        ),
        "macro accuracy, images": (
            seconds(lambda: our_macro(images), 3),
            scale(scipys(balanced_accuracy_score, (first, second), theirs)),
        ),
        "macro accuracy, subjects": (
            seconds(lambda: our_macro(people), 3),
            scale(loop(lambda i: balanced_accuracy_score(first[i], second[i]), owner, theirs)),
        ),
        "AUROC, images": (
            seconds(lambda: auroc_draws(values, hits == 0, images, fresh()), 3),
            scale(scipys(roc_auc_score, (hits == 0, values), theirs)),
        ),
        "AUROC, subjects": (
            seconds(lambda: auroc_draws(values, hits == 0, people, fresh()), 3),
            scale(loop(lambda i: roc_auc_score(hits[i] == 0, values[i]), owner, theirs)),
        ),
        "mean, subjects": (
            seconds(lambda: ratio_of_sums(values[:, None], np.ones((N, 1)), people, fresh()), 3),
            scale(loop(lambda i: float(values[i].mean()), owner, theirs)),
        ),
        "verification AUC, EER, TAR; 1,600 images, 200 subjects": verification(rng, draws),
    }


def verification(rng: np.random.Generator, draws: int) -> tuple[float, float]:
    """Our seconds for three figures of 1.28 million pairs; theirs for roc_auc_score alone, weighted."""
    owner = np.repeat(np.arange(200), 8)
    faces = (rng.normal(size=(200, 128)) * 0.03)[owner] + rng.normal(size=(1600, 128)) * 0.06
    rows, columns = np.triu_indices(1600, k=1)
    same = owner[rows] == owner[columns]

    def ours() -> None:
        pairs = pairs_of(faces, faces, owner)
        genuine, impostor = pairs.all_sorted()
        equal, threshold = eer(genuine, impostor)
        roc = roc_draws(
            pairs, bin_edges(genuine, impostor, equal, (threshold,)), Resampler(("benchmark",), draws)
        )
        roc.auc(), roc.eer(), roc.tar(1e-3)

    pairs = pairs_of(faces, faces, owner)
    near = pairs.distances[rows, columns]

    def theirs() -> None:
        counts = np.bincount(rng.integers(0, 200, 200), minlength=200)[owner]
        weight = np.where(same, counts[rows], counts[rows] * counts[columns])
        roc_auc_score(same, -near, sample_weight=weight)

    return seconds(ours, 3), seconds(theirs, 2) * draws


def main() -> None:
    """Print one line per case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--draws", type=int, default=10_000, help="resamples that ours makes")
    parser.add_argument("--theirs", type=int, default=200, help="resamples of theirs that are timed")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = cases(asked.draws, asked.theirs)
    if asked.json:
        rows = {name: {"ours_s": a, "theirs_s": b, "ratio": b / a} for name, (a, b) in found.items()}
        print(json.dumps({"draws": asked.draws, "theirs_timed_over": asked.theirs, "cases": rows}))
        return
    print(f"{asked.draws:,} resamples; n = {N:,}, {CLASSES} classes, {SUBJECTS} subjects unless stated")
    print(f"theirs: timed over {asked.theirs} resamples and scaled to {asked.draws:,}; processor seconds")
    for name, (ours, theirs) in found.items():
        ratio = f"{theirs / ours:7,.0f}x" + (f"   asked {ASKED[name]}x" if name in ASKED else "")
        print(f"{name:56s} ours {ours:7.3f} s   theirs {theirs:8.1f} s   {ratio}")


if __name__ == "__main__":
    main()
