"""DeepPrivacy2 (Hukkelås and Lindseth, WACV 2023), faces alone."""

from __future__ import annotations

from medbench.methods.upstream.adapter import Adapter, Needed

ADAPTER = Adapter(
    name="deep-privacy2",
    title="DeepPrivacy2",
    summary="A style-based GAN fills the face box from the surroundings.",
    paper="https://arxiv.org/abs/2211.09454",
    licence="Apache-2.0, with NVIDIA's non-commercial parts; the weights follow the FDF data set",
    repository="https://github.com/hukkelas/deep_privacy2",
    commits=("f4d8f09d1eb8f758c89cf1795ae41f20533942d3",),
    files=("dp2/anonymizer/anonymizer.py", "configs/anonymizers/face.py", "configs/fdf/stylegan.py"),
    modules=("torch", "torchvision", "numpy", "PIL", "cv2", "skimage", "omegaconf", "tops", "face_detection"),
    needs=(
        Needed(
            "generator", "the checkpoint of configs/fdf/stylegan.py (md5 e8e32190528af2ed75f0cb792b7f2b07)"
        ),
        Needed("checkpoints", "a folder with WIDERFace_DSFD_RES152.pth, the detector", folder=True),
    ),
    differs=(
        "A picture in which it finds no face fails; anonymize.py writes it out as it came.",
        "Weights that do not fit end the run; anonymize.py warns and goes on with the rest at random.",
        "Each picture is seeded by itself; anonymize.py seeds once, so that the order of files matters.",
        "Detectron2, DensePose and CLIP need not be there: they are for bodies and texts.",
        "Like anonymize.py with its defaults, every face gets nearly the same style.",
    ),
)
