"""Virtual persons: their charts, rendered pairs that show them, and the network that draws them."""
