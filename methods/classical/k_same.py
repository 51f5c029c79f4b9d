"""The k-same family: a face becomes the mean of k faces of a gallery.

The gallery is partitioned once into clusters of k faces; a new face belongs to the cluster of the
gallery's face that it looks most like. All members of a cluster, and all new faces that fall in
it, get one and the same face, so nobody can say which of them it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from medbench.keys import Key
from medbench.methods.classical.alignment import cut, paste
from medbench.methods.classical.clusters import furthest, means, partition
from medbench.methods.classical.gallery import lid_opening, shipped
from medbench.methods.face_region import Face
from medbench.methods.method import MethodCard
from medbench.methods.per_face import PerFaceMethod

K = {"weak": 5, "medium": 10, "strong": 20}
_HERE = Path(__file__)


class KSameAverage(PerFaceMethod):
    """k-same (Newton, Sweeney, Malin 2005): the mean of the face's own cluster."""

    card = MethodCard.read(_HERE.with_name("card_k_same_average.yaml"))

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read the gallery and partition it."""
        super().load(device, preset)
        self.gallery = shipped()
        self.labels = self.partition(K[self.preset])
        self.means = means(self.gallery.faces, self.labels)

    def depends_on(self) -> tuple[str, ...]:
        """The gallery's digest."""
        return (self.gallery.digest,)

    def treat(self, pixels: np.ndarray, faces: Sequence[Face], draws: Key) -> np.ndarray:
        """See :meth:`PerFaceMethod.treat`."""
        clear = pixels.copy()
        for face in faces:
            aligned = cut(clear, face.landmarks, self.gallery.template)
            stand_in = self.means[self.cluster(aligned, face)]
            pixels = paste(pixels, stand_in, face.landmarks, self.gallery.template)
        return pixels

    def partition(self, k: int) -> np.ndarray:
        """Cluster number (N,) of each of the gallery's faces."""
        return partition(self.gallery.descriptors, k)

    def cluster(self, aligned: np.ndarray, face: Face) -> int:
        """Number of the cluster whose mean stands in for a face."""
        everyone = np.arange(len(self.labels))
        return int(self.labels[self.gallery.nearest(aligned, everyone)])


class KSameFurthest(KSameAverage):
    """k-same-furthest (Meng and Sun 2014): the mean of the cluster least like the face's own."""

    card = MethodCard.read(_HERE.with_name("card_k_same_furthest.yaml"))

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read the gallery, partition it, and find each cluster's opposite."""
        super().load(device, preset)
        self.opposite = furthest(means(self.gallery.descriptors, self.labels))

    def cluster(self, aligned: np.ndarray, face: Face) -> int:
        """The opposite of the face's own cluster."""
        return int(self.opposite[super().cluster(aligned, face)])


class KSameSelect(KSameAverage):
    """k-same-select (Gross, Airoldi, Malin, Sweeney 2005): k-same within a class of equal use.

    The use kept here is what landmarks can tell of an eye disease: how far the lids are open, in
    three classes of the gallery's faces.
    """

    card = MethodCard.read(_HERE.with_name("card_k_same_select.yaml"))

    def partition(self, k: int) -> np.ndarray:
        """Partition each class by itself."""
        self.bounds = np.quantile(self.gallery.openings, [1 / 3, 2 / 3])
        self.classes = np.digitize(self.gallery.openings, self.bounds)
        labels = np.empty(len(self.classes), int)
        used = 0
        for number in range(3):
            mine = self.classes == number
            labels[mine] = used + partition(self.gallery.descriptors[mine], k)
            used = int(labels[mine].max()) + 1
        return labels

    def cluster(self, aligned: np.ndarray, face: Face) -> int:
        """The nearest face's cluster among those whose lids are open alike."""
        alike = np.digitize(lid_opening(face.landmarks), self.bounds)
        return int(self.labels[self.gallery.nearest(aligned, np.flatnonzero(self.classes == alike))])
