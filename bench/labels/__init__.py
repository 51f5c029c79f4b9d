"""A clinic's table of labels: agreement, confusion, intervals."""
