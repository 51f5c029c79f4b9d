"""Building blocks and auxiliary networks that several methods share."""
