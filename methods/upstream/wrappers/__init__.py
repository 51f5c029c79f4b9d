"""Scripts that run inside an authors' interpreter, from Python 3.6 on; they import nothing of medbench."""
