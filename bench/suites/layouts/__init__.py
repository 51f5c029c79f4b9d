"""Data sets that ``medbench data add`` knows: one file each, found by folder."""
