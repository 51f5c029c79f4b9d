"""Every suite's data card on one page."""

from __future__ import annotations

import re
from typing import Any

from mkdocs.structure.files import File, Files

PAGE = "reference/data-cards.md"


def on_files(files: Files, config: Any) -> Files:
    """Add the page."""
    from medbench.reports.data_card import to_markdown
    from medbench.suites.cards import card_file, card_named

    names = sorted(file.stem for file in card_file("any").parent.glob("*.yaml"))
    cards = [re.sub(r"^#", "##", to_markdown(card_named(name)), flags=re.M) for name in names]
    text = "# Data cards\n\nWhat is known of every suite.\n\n" + "\n".join(cards)
    files.append(File.generated(config, PAGE, content=text))
    return files
