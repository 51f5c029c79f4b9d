"""A keyed code that travels inside an 8-bit picture: what reversible methods hide and read back."""
