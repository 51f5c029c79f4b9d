"""What the papers print: every figure with its source line, checked when it is read."""
