"""Two methods on the same samples: paired differences and flips."""
