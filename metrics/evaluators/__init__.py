"""Evaluators look at images and return columns."""
