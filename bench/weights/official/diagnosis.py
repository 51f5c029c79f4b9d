"""Backbones of the diagnosis evaluators."""

from __future__ import annotations

from medbench.weights.weight_file import official

_DINOV2 = "https://dl.fbaipublicfiles.com/dinov2"
_TORCHVISION = "https://download.pytorch.org/models"
_IMAGENET = "BSD-3-Clause (torchvision); trained on ImageNet, research only"

FILES = (
    *(
        official(
            f"dinov2_{size}",
            f"dinov2_{size}_pretrain.pth",
            licence="Apache-2.0",
            citation="Oquab et al., DINOv2, TMLR 2024; github.com/facebookresearch/dinov2",
            addresses=(f"{_DINOV2}/dinov2_{size}/dinov2_{size}_pretrain.pth",),
        )
        for size in ("vits14", "vitb14", "vitl14", "vitg14")
    ),
    official(
        "resnet50_imagenet",
        "resnet50-0676ba61.pth",
        licence=_IMAGENET,
        citation="He et al., Deep Residual Learning, CVPR 2016; torchvision, IMAGENET1K_V1",
        sha256="0676ba61",
        addresses=(f"{_TORCHVISION}/resnet50-0676ba61.pth",),
    ),
    official(
        "vit_b_16_imagenet",
        "vit_b_16-c867db91.pth",
        licence=_IMAGENET,
        citation="Dosovitskiy et al., ICLR 2021; torchvision, IMAGENET1K_V1",
        sha256="c867db91",
        addresses=(f"{_TORCHVISION}/vit_b_16-c867db91.pth",),
    ),
)
