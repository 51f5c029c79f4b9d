"""Training of our own evaluators: ``python -m medbench.metrics.evaluators.training NAME``."""
