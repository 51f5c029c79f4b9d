"""Classical methods: blur, mosaic, k-same and their kin."""
