"""The one training loop of all methods: data, schedule, losses logged, checkpoints, resume."""
