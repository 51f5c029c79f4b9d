"""Tables of counts: a confusion matrix and all that follows from it are resampled as cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.statistics.multinomial import multinomial

if TYPE_CHECKING:
    from medbench.metrics.statistics.clusters import Clusters
    from medbench.metrics.statistics.resample import Resampler


def table_draws(
    cells: np.ndarray, size: int, clusters: Clusters, resampler: Resampler
) -> tuple[np.ndarray, np.ndarray]:
    """Count the samples of each cell, in the sample and in every draw.

    Where every image is its own cluster, drawing n images and counting cells is one multinomial
    draw: no image is touched again. Where subjects have several images, a draw is a product of
    counts with the subjects' own tables.

    Args:
        cells: (N,) cell of each sample, in [0, size).
        size: How many cells there are.
        clusters: Whose each sample is.
        resampler: Draws the clusters.

    Returns:
        The table (size,) and its draws (D, size).
    """
    table = np.bincount(cells, minlength=size).astype(float)
    if clusters.count == len(cells) > 0:
        generator = resampler.generator("table", str(size))
        return table, multinomial(generator, table, resampler.draws).astype(float)
    own = np.bincount(clusters.codes * size + cells, minlength=clusters.count * size)
    return table, resampler.sums(own.reshape(clusters.count, size).astype(float))
