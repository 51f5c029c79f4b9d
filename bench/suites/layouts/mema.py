"""MeMa: three splits of eight classes."""

from __future__ import annotations

from medbench.suites.mema import MemaVal

LAYOUT = MemaVal
