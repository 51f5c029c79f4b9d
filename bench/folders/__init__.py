"""Folders of pictures: protect one, bring it back, score what was protected elsewhere."""
