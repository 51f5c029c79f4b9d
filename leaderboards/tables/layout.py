"""A paper's table as data: what each row and column stands for. The layouts are the YAML files here."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from medbench.core import MedbenchError

FOLDER = Path(__file__).parent


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Key(_Part):
    """Fields of a published row; a cell's key is its table's, column's and row's put together."""

    table: str | None = None
    suite: str | None = None
    method: str | None = None
    metric: str | None = None
    group: str | None = None


class Measure(_Part):
    """A measured estimate: shown as ``plus + times * value``. ``method`` defaults to the key's."""

    method: str | None = None
    metric: str | None = None
    group: str | None = None
    times: float | None = None
    plus: float | None = None
    digits: int | None = None


class Entry(_Part):
    """A row or a column. ``added`` marks what the paper does not have; ``measured: false`` bars R and M."""

    title: str
    over: str = Field(default="", description="heading above this and neighbouring columns")
    better: Literal["higher", "lower", ""] = ""
    about: tuple[str, ...] = Field(default=(), description="a row's texts under the table's ``about``")
    suffix: str = Field(default="", description="what the paper prints after the figure: %, dB")
    added: bool = False
    key: Key = Key()
    measured: Measure | Literal[False] = Measure()


class Note(_Part):
    """A footnote: ``text``, or what ``check`` computes; marked on all cells that ``at`` fits."""

    id: str = Field(default="", description="number in the list of the papers' inconsistencies")
    text: str = ""
    check: str = ""
    at: Key | None = None


class Layout(_Part):
    """One table. ``others`` says where methods go that medbench measured and the paper has not."""

    paper: Literal["mema", "rofi"]
    table: str
    also: tuple[str, ...] = ()
    name: str
    title: str
    head: str = "Method"
    about: tuple[str, ...] = ()
    key: Key = Key()
    measured: Measure | Literal[False] = Measure()
    columns: tuple[Entry, ...]
    rows: tuple[Entry, ...]
    others: Literal["rows", "columns", ""] = ""
    notes: tuple[Note, ...] = ()


def read_layouts(folder: Path = FOLDER) -> tuple[Layout, ...]:
    """Read every ``<paper>.yaml`` in the order of the files, their tables in the order of the paper.

    Raises:
        MedbenchError: a layout is not sound; the message names file and table.

    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: list[Layout] = []
    for file in sorted(folder.glob("*.yaml")):
        for number, data in enumerate(yaml.load(file.read_text(encoding="utf-8"), loader), 1):
            try:
                found.append(Layout.model_validate({"paper": file.stem, **data}))
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(map(str, first["loc"]))
                raise MedbenchError(f"{file}: table {number}: {where}: {first['msg']}") from None
    return tuple(found)


def pick(layouts: tuple[Layout, ...], paper: str | None, table: str | None) -> tuple[Layout, ...]:
    """Return the layouts of a paper and of a table, written 3, T3, table 3, fig2b or stab10.

    Raises:
        MedbenchError: there is no such table; the message lists those that there are.

    """
    of_paper = [layout for layout in layouts if paper in (None, layout.paper)]
    if table is None:
        return tuple(of_paper)
    wanted = _plain(table)
    chosen = [layout for layout in of_paper if wanted in (layout.table, *layout.also)]
    if not chosen:
        names = ", ".join(dict.fromkeys(name for one in of_paper for name in (one.table, *one.also)))
        raise MedbenchError(
            f"{paper or 'neither paper'} has no table {table!r} with figures; there are {names}"
        )
    return tuple(chosen)


def _plain(table: str) -> str:
    short = "".join(table.lower().split()).replace("figure", "fig").removeprefix("table")
    return short[1:] if short[:1] == "t" and short[1:].isdigit() else short
