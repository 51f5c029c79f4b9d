"""Training of the evaluators that this repository ships: ``python -m medbench.metrics.evaluators.training``."""
