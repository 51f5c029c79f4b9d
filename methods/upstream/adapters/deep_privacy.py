"""DeepPrivacy (Hukkelås, Mester and Lindseth, ISVC 2019), by its authors' later code."""

from __future__ import annotations

from medbench.methods.upstream.adapter import Adapter, Needed

ADAPTER = Adapter(
    name="deep-privacy",
    title="DeepPrivacy",
    summary="Cuts the face box out and lets a GAN fill it from the surroundings and seven keypoints.",
    paper="https://arxiv.org/abs/1909.04538",
    licence="MIT; the weights follow the FDF data set: not for commerce",
    repository="https://github.com/hukkelas/DeepPrivacy",
    commits=("230626c22b44049afed11b90db6864e8e5607d15",),
    files=("deep_privacy/build.py", "configs/json/fdf_512.json"),
    modules=("torch", "torchvision", "numpy", "cv2", "face_detection", "addict", "PIL"),
    needs=(
        Needed(
            "checkpoints",
            "a folder with what torch would download: the generator, under the last part of its address in "
            "configs/json/fdf_512.json, RetinaFace_ResNet50.pth and torchvision's Keypoint R-CNN",
            folder=True,
        ),
    ),
    differs=(
        "A picture in which it finds no face fails; anonymize.py writes it out as it came.",
        "anonymize.py also writes each original beside its result; here that sheet is never made.",
        "Nothing is downloaded. The addresses of the weights are reported dead.",
        "Like anonymize.py with its defaults, every face gets the same latent code.",
    ),
)
