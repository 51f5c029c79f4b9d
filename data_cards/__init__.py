"""One data card per suite."""
