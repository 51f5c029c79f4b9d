"""The Inception-v3 of FID and KID, converted from TensorFlow by torch-fidelity's authors."""

from __future__ import annotations

from medbench.weights.weight_file import official

_RELEASE = "https://github.com/toshas/torch-fidelity/releases/download/v0.2.0"

FILES = (
    official(
        "inception_fid",
        "weights-inception-2015-12-05-6726825d.pth",
        licence="Apache-2.0; trained on ImageNet, research only",
        citation="Szegedy et al., CVPR 2016; Heusel et al., NeurIPS 2017; github.com/toshas/torch-fidelity",
        sha256="6726825d",
        addresses=(f"{_RELEASE}/weights-inception-2015-12-05-6726825d.pth",),
    ),
)
