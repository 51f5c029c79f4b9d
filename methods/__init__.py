"""Methods change images: one folder per method."""
