"""ROFI (npj Digital Medicine 2025): ophthalmic signs stay, the identity is translated under a key."""
