"""Attackers who train on protected pictures, try keys, or undo the protection."""
