"""Fit the heads of diagnosis evaluators on a suite: linear, k-NN, or the whole network."""
