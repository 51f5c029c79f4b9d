"""Weights of the papers' face recognisers."""

from __future__ import annotations

from medbench.weights.weight_file import official

_FACENET = "https://github.com/timesler/facenet-pytorch/releases/download/v2.2.9/"
_SCHROFF = "Schroff et al., FaceNet, CVPR 2015; github.com/timesler/facenet-pytorch"
_ARCFACE = "Deng et al., ArcFace, CVPR 2019; github.com/deepinsight/insightface"
_COSFACE = "Wang et al., CosFace, CVPR 2018; trained by github.com/deepinsight/insightface"
_ZOO = "the model zoo of github.com/deepinsight/insightface, recognition/arcface_torch"
_RESEARCH = "non-commercial research only (insightface)"
_BACKBONE = "the folder {}: its backbone.pth"

FILES = (
    official(
        "facenet_vggface2",
        "20180402-114759-vggface2.pt",
        licence="MIT (facenet-pytorch); trained on VGGFace2, research only",
        citation=_SCHROFF,
        addresses=(f"{_FACENET}20180402-114759-vggface2.pt",),
    ),
    official(
        "facenet_casia",
        "20180408-102900-casia-webface.pt",
        licence="MIT (facenet-pytorch); trained on CASIA-WebFace, research only",
        citation=_SCHROFF,
        addresses=(f"{_FACENET}20180408-102900-casia-webface.pt",),
    ),
    official(
        "sphereface20",
        "sphere20a_20171020.pth",
        licence="MIT (sphereface_pytorch); trained on CASIA-WebFace, research only",
        citation="Liu et al., SphereFace, CVPR 2017; github.com/clcarwin/sphereface_pytorch",
        page="github.com/clcarwin/sphereface_pytorch, model/sphere20a_20171020.7z",
        note="unpack the archive",
    ),
    official(
        "arcface_r50",
        "ms1mv3_arcface_r50.pth",
        licence=_RESEARCH,
        citation=_ARCFACE,
        page=_ZOO,
        note=_BACKBONE.format("ms1mv3_arcface_r50_fp16"),
    ),
    official(
        "arcface_r100",
        "ms1mv3_arcface_r100.pth",
        licence=_RESEARCH,
        citation=_ARCFACE,
        page=_ZOO,
        note=_BACKBONE.format("ms1mv3_arcface_r100_fp16"),
    ),
    official(
        "cosface_r50",
        "glint360k_cosface_r50.pth",
        licence=_RESEARCH,
        citation=_COSFACE,
        page=_ZOO,
        note=_BACKBONE.format("glint360k_cosface_r50_fp16_0.1"),
    ),
    official(
        "cosface_r100",
        "glint360k_cosface_r100.pth",
        licence=_RESEARCH,
        citation=_COSFACE,
        page=_ZOO,
        note=_BACKBONE.format("glint360k_cosface_r100_fp16_0.1"),
    ),
    official(
        "adacos_mobilefacenet",
        "adacos_mobilefacenet.pt",
        licence="Apache-2.0 (FaceX-Zoo); trained on MS-Celeb-1M-v1c, research only",
        citation="Zhang et al., AdaCos, CVPR 2019; Wang et al., FaceX-Zoo, ACM MM 2021",
        page="github.com/JDAI-CV/FaceX-Zoo, training_mode, table 3.2, row AdaCos",
        note="any checkpoint Epoch_*.pt of that folder",
    ),
    official(
        "onnx_recogniser",
        "recogniser.onnx",
        licence="as the file's authors have it",
        citation="as the file's authors have it",
        format="onnx",
        page="the authors of the recogniser that you want",
    ),
)
