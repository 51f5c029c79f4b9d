"""G2Face: another face by geometry, style and image features; the identity hides in it (TIFS 2024)."""
