"""Disguise (AAAI 2024): the identity is replaced by a drawn one, experts keep what the face is used for."""
