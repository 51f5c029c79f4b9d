"""Password: one transformer hides a face under 16 bits, and their complement restores it (ECCV 2020)."""
