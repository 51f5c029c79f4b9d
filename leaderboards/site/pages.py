"""Templates to pages: every text is escaped, and a missing name is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent
ASSETS = ("site.css", "site.js")
#: What a page may load: its own style and script, its own pictures; nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; "
    "img-src 'self' file: data:; base-uri 'none'; form-action 'none'"
)


@cache
def environment() -> Environment:
    """The templates; all of them escape, whatever their ending."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["policy"] = POLICY
    return found


def page(name: str, root: str = "", **values: Any) -> str:
    """Fill ``templates/<name>``; ``root`` leads from the page to the site's folder."""
    return environment().get_template(name).render(root=root, **values)


def asset(name: str) -> str:
    """The text of a file in ``assets``."""
    return (HERE / "assets" / name).read_text(encoding="utf-8")
