"""nnU-Net v2 through its own package: a suite as its raw data set, plans, training, trained models."""
