"""How attacks are run: whose pictures the attacker holds, protecting them, figures, attacks.json."""
