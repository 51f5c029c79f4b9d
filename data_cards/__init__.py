"""One card per suite."""
