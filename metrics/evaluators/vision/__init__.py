"""Architectures of official evaluators, written anew, that read the upstreams' own weight files."""
