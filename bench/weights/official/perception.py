"""Backbones of LPIPS; its small linear layers come with the package lpips."""

from __future__ import annotations

from medbench.weights.weight_file import official

_TORCHVISION = "https://download.pytorch.org/models"
_IMAGENET = "BSD-3-Clause (torchvision); trained on ImageNet, research only"

FILES = (
    official(
        "alexnet_imagenet",
        "alexnet-owt-7be5be79.pth",
        licence=_IMAGENET,
        citation="Krizhevsky, One Weird Trick, 2014; torchvision, IMAGENET1K_V1",
        sha256="7be5be79",
        addresses=(f"{_TORCHVISION}/alexnet-owt-7be5be79.pth",),
    ),
    official(
        "vgg16_imagenet",
        "vgg16-397923af.pth",
        licence=_IMAGENET,
        citation="Simonyan & Zisserman, ICLR 2015; torchvision, IMAGENET1K_V1",
        sha256="397923af",
        addresses=(f"{_TORCHVISION}/vgg16-397923af.pth",),
    ),
    official(
        "squeezenet1_1_imagenet",
        "squeezenet1_1-b8a52dc0.pth",
        licence=_IMAGENET,
        citation="Iandola et al., SqueezeNet, 2016; torchvision, IMAGENET1K_V1",
        sha256="b8a52dc0",
        addresses=(f"{_TORCHVISION}/squeezenet1_1-b8a52dc0.pth",),
    ),
)
