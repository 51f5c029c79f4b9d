"""Every command in the documentation: it parses, and those of marked blocks are run."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import click
import pytest

from medbench.cli.main import cli, main

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
#: Text that begins like a command: the domain of the keys' derivation.
NO_COMMANDS = ("medbench key v1",)
SHELL = ("", "sh", "bash", "console", "shell")


@dataclass(frozen=True)
class Block:
    """A fenced block of shell: commands of medbench in it, and whether it is marked to be run."""

    page: Path
    line: int
    commands: tuple[str, ...]
    mark: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    found: list[Block] = []
    lines = page.read_text(encoding="utf-8").splitlines()
    inside, language, start, body = False, "", 0, []
    for number, line in enumerate(lines, start=1):
        fence = re.fullmatch(r"\s*```(\w*).*", line)
        if fence and not inside:
            inside, language, start, body = True, fence[1], number, []
        elif fence:
            inside = False
            joined = "\n".join(body).replace("\\\n", " ").splitlines()
            bare = [re.sub(r"^([A-Z_]+=\S+ )+", "", text) for text in joined]
            commands = tuple(text for text in bare if text.startswith("medbench "))
            if language in SHELL and commands:
                above = lines[start - 2] if start > 1 else ""
                mark = re.fullmatch(r"<!-- (runs(?: slow)?) -->", above)
                found.append(Block(page, start, commands, mark[1] if mark else ""))
        elif inside:
            body.append(line.strip().removeprefix("$ "))
    return found


def inline(page: Path) -> list[str]:
    """Commands between single backticks."""
    found = re.findall(r"`(medbench [^`\n]+)`", page.read_text(encoding="utf-8"))
    return [text for text in found if text not in NO_COMMANDS]


BLOCKS = [block for page in PAGES for block in blocks(page)]


def check(text: str) -> None:
    """Walk the tree of commands and let the last one parse its options; values are not looked at."""
    words = shlex.split(text, comments=True)[1:]
    words = list(takewhile(lambda word: word not in ("|", "&&", ">", ";"), words))
    words = [word for word in words if word not in ("…", "...")]
    command: click.Command = cli
    ctx = click.Context(cli, info_name="medbench")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name = words.pop(0)
        inner = command.get_command(ctx, name)
        assert inner is not None, f"{text}: no command {name!r}"
        command, ctx = inner, click.Context(inner, info_name=name, parent=ctx)
    try:
        given, rest, _ = command.make_parser(ctx).parse_args(args=list(words))
    except click.UsageError as error:
        raise AssertionError(f"{text}: {error.format_message()}") from None
    assert not rest, f"{text}: too much: {rest}"
    for parameter in command.params:
        value = given.get(parameter.name)
        assert not (parameter.required and value in (None, ())), f"{text}: lacks {parameter.name}"
        if isinstance(parameter.type, click.Choice) and isinstance(value, str):
            assert value in parameter.type.choices, f"{text}: {value} is no choice of {parameter.name}"


def test_there_are_commands_to_check():
    assert sum(len(block.commands) for block in BLOCKS) > 40
    assert {str(block).split(":")[0] for block in BLOCKS} >= {"README.md", "docs/tutorial.md"}


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_every_command_of_a_block_parses(block):
    for command in block.commands:
        check(command)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_in_a_line_names_what_is_there(page):
    for command in inline(page):
        words = shlex.split(command)
        # A sentence may shorten a command: its name and options must still be there.
        known: click.Command = cli
        ctx = click.Context(cli, info_name="medbench")
        while isinstance(known, click.Group) and len(words) > 1 and not words[1].startswith("-"):
            inner = known.get_command(ctx, words.pop(1))
            if inner is None and "|" in command:
                break
            assert inner is not None, command
            known = inner
        options = {name for p in known.params for name in (*p.opts, *p.secondary_opts)}
        used = {word.split("=")[0] for word in words if word.startswith("--")}
        assert used <= options | {"--help", "--version"}, command


@pytest.mark.parametrize(
    "text",
    [
        "medbench fly",
        "medbench score --suite x",
        "medbench list methods cows",
        "medbench list --colour",
    ],
)
def test_the_check_itself_notices_faults(text):
    with pytest.raises(AssertionError):
        check(text)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder per page: its blocks build on one another."""
    folders: dict[Path, Path] = {}

    def of(page: Path) -> Path:
        return folders.setdefault(page, tmp_path_factory.mktemp(page.stem))

    return of


def perform(block, folder, monkeypatch):
    monkeypatch.chdir(folder)
    for command in block.commands:
        with pytest.raises(SystemExit) as ended:
            main(shlex.split(command, comments=True)[1:])
        assert ended.value.code == 0, command


def marked(mark):
    return [block for block in BLOCKS if block.mark == mark]


@pytest.mark.parametrize("block", marked("runs"), ids=str)
def test_a_marked_block_runs(block, desk, monkeypatch, capsys):
    perform(block, desk(block.page), monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("page", sorted({b.page for b in marked("runs slow")}), ids=lambda page: page.name)
def test_a_page_runs_from_top_to_bottom(page, tmp_path, monkeypatch, capsys):
    for block in blocks(page):
        if block.mark:
            perform(block, tmp_path, monkeypatch)
