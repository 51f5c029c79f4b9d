"""What the plots share: colours for light and dark, and the frame of an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1b1f24}.axis{stroke:#8a929c}"
    ".bar{stroke:#b04a00;stroke-dasharray:4 3}.line{stroke:#1f5fbf;stroke-width:2}.value{fill:#1f5fbf}"
    ".cell{fill:#1f5fbf}.edge{fill:none;stroke:#8a929c}.strong{fill:#fff}"
    "@media (prefers-color-scheme:dark){text{fill:#e6e9ee}.line{stroke:#7fb0ff}.value{fill:#7fb0ff}"
    ".cell{fill:#7fb0ff}.strong{fill:#10141a}.bar{stroke:#ffb47a}}"
)


def picture(title: str, width: float, height: float, parts: Sequence[str]) -> str:
    """An SVG with its title as text and for screen readers."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}" role="img"><title>{escape(title)}</title>'
            f"<style>{STYLE}</style>",
            f'<text x="10" y="22">{escape(title)}</text>',
            *parts,
            "</svg>\n",
        ]
    )
