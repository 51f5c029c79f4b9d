"""Looking a suite over before it is measured on: duplicates, leaks, broken files, balance."""
