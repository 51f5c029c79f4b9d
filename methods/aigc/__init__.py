"""AIGC: the face is masked and a denoising diffusion model fills the hole."""
