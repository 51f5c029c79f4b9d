"""RiDDLE: identity encrypted in the latent space of a style prior."""
