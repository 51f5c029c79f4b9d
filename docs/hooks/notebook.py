"""Executed notebooks as pages: text, code, and what the code printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files


def on_files(files: Files, config: Any) -> Files:
    """Add a page for every notebook in ``notebooks/``."""
    for file in sorted(Path(config["docs_dir"]).glob("notebooks/*.ipynb")):
        page = f"notebooks/{file.stem}.md"
        files.append(File.generated(config, page, content=to_markdown(file)))
    return files


def to_markdown(file: Path) -> str:
    """Write the cells of a notebook as Markdown."""
    parts: list[str] = []
    for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
        elif source.strip():
            parts.append(f"```python\n{source}\n```")
            parts += [f"```text\n{text}\n```" for output in cell["outputs"] if (text := _text(output))]
    return "\n\n".join(parts) + "\n"


def _text(output: dict[str, Any]) -> str:
    text = output.get("text") or output.get("data", {}).get("text/plain", "")
    return "".join(text).rstrip()


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Links to a notebook lead to its page."""
    return markdown.replace(".ipynb)", ".md)")
