"""Rows of others: a result and its card are written, and checked before they stand on the board."""
