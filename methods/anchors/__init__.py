"""What the classical methods are compared with: the picture as it is, the mean face, another face."""
