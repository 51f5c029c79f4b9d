"""A page per package, from docstrings: every public module of the built wheel, found by folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

#: The command line has a page of its own.
LEFT_OUT = ("medbench.cli",)
HOME = Path("build/typed")


def packages(home: Path = HOME) -> dict[str, list[str]]:
    """Package -> its public modules, by import name."""
    found: dict[str, list[str]] = {}
    for file in sorted(home.glob("medbench/**/*.py")):
        module = ".".join(file.relative_to(home).with_suffix("").parts)
        package = module.rpartition(".")[0]
        private = any(part.startswith("_") for part in module.split("."))
        if not private and package not in LEFT_OUT:
            found.setdefault(package, []).append(module)
    return found


def on_config(config: Any) -> Any:
    """Fill the menu's entry *Python*."""
    if not packages():
        raise SystemExit(f"{HOME} holds no built wheel; give make docs")
    for section in config["nav"]:
        for entry in next(iter(section.values())) if "Reference" in section else []:
            if "Python" in entry:
                entry["Python"] = [{package: _page(package)} for package in packages()]
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the pages."""
    for package, modules in packages().items():
        parts = [f"# {package}\n", *(f"::: {module}\n" for module in modules)]
        files.append(File.generated(config, _page(package), content="\n".join(parts)))
    return files


def _page(package: str) -> str:
    return f"reference/python/{package}.md"
