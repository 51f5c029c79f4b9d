"""MedSem-DeID (AAAI 2025), the method that medbench calls ``ours``."""
