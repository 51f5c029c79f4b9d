"""Published and measured results."""
