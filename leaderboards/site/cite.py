"""BibTeX: an entry per method, and one for medbench."""

from __future__ import annotations

from collections.abc import Iterable

import medbench
from medbench.leaderboards.site.shelf import Entry, slug_of
from medbench.leaderboards.tables.latex import escape


def bibtex(entries: Iterable[Entry]) -> str:
    """One entry per method name, what its card says of a paper in ``note``; medbench comes first."""
    own = {
        "title": "medbench: which ways of hiding a patient's identity keep the medical signs alive",
        "note": f"Version {medbench.__version__}",
    }
    texts = [_entry("medbench", own)]
    cards = {entry.result.method.name: entry.result.method.card for entry in entries}
    for name, card in sorted(cards.items()):
        fields = {"title": str(card.get("title") or name)}
        if card.get("paper"):
            fields["note"] = str(card["paper"])
        fields["howpublished"] = f"Method {name} of medbench {medbench.__version__}"
        texts.append(_entry(f"medbench-{slug_of(name)}", fields))
    return "\n".join(texts)


def _entry(key: str, fields: dict[str, str]) -> str:
    lines = [f"  {name} = {{{escape(text)}}}," for name, text in fields.items()]
    return "\n".join([f"@misc{{{key},", *lines, "}", ""])
