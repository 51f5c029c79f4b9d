"""Enc_med of the ``paper`` preset: the first down block of a Stable Diffusion v1-5 UNet, frozen.

The user supplies the folder in diffusers' layout (``vae/``, ``unet/``, ``text_encoder/``,
``tokenizer/``), LoRA already merged. t = 0, no noise, and the *empty* prompt: naming the disease
would leak the label.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from medbench.core import Unavailable


class StableDiffusionEncoder(nn.Module):
    """Images (B, 3, H, W) in [-1, 1] -> f_med (B, 320, H/16, W/16); differentiable in the images."""

    prompt: Tensor

    def __init__(self, folder: Path) -> None:
        super().__init__()
        try:
            from diffusers import AutoencoderKL, UNet2DConditionModel
            from transformers import CLIPTextModel, CLIPTokenizer
        except ImportError as missing:
            raise Unavailable(
                f"{missing.name} is not installed: pip install diffusers transformers"
            ) from None
        for part in ("vae", "unet", "text_encoder", "tokenizer"):
            if not (folder / part).is_dir():
                raise Unavailable(
                    f"{folder} has no {part}/: give a Stable Diffusion v1-5 folder in diffusers' layout"
                )
        self.vae = AutoencoderKL.from_pretrained(folder / "vae", use_safetensors=True)
        unet = UNet2DConditionModel.from_pretrained(folder / "unet", use_safetensors=True)
        self.time_proj: nn.Module = unet.time_proj
        self.time_embedding: nn.Module = unet.time_embedding
        self.conv_in, self.block = unet.conv_in, unet.down_blocks[0]
        tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer")
        words = tokenizer(
            "", padding="max_length", max_length=tokenizer.model_max_length, return_tensors="pt"
        )
        text = CLIPTextModel.from_pretrained(folder / "text_encoder", use_safetensors=True)
        with torch.no_grad():
            self.register_buffer("prompt", text(words.input_ids)[0], persistent=False)
        self.requires_grad_(False).eval()

    def forward(self, images: Tensor) -> Tensor:
        """Encode; weights are frozen, gradients still reach the images."""
        latent = self.vae.encode(images).latent_dist.mean * self.vae.config.scaling_factor
        steps = torch.zeros(len(images), device=images.device, dtype=torch.long)
        time = self.time_embedding(self.time_proj(steps).to(images.dtype))
        prompt = self.prompt.expand(len(images), -1, -1).to(images.dtype)
        hidden, _ = self.block(self.conv_in(latent), time, encoder_hidden_states=prompt)
        return hidden
