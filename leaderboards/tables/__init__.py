"""The papers' tables: layouts as data, filled with published and measured figures."""
