"""Personal (ICCV 2021): the user's password rotates a disentangled identity code, and rotates it back."""
