"""medbench attack: strong adversaries try to tell who is in protected pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json, print_rows
from medbench.runs import RESUME, Resume

if TYPE_CHECKING:
    from medbench.attacks.report import AttackResult

TITLES = ("attacker", "rank-1 %", "chance", "TAR %", "AUC", "D_sys", "chance")


@click.command(
    cls=Command,
    short_help="Let strong adversaries try to tell who is in protected pictures.",
    examples=[
        "medbench attack --method mosaic --suite mema-mini --limit 320",
        "medbench attack --method ours --suite mema-mini --attacker informed,keys --limit 160 --json",
        "medbench attack --method blackout --suite mema-mini --view picture --limit 320",
    ],
)
@click.option(
    "--method",
    "-m",
    "methods",
    multiple=True,
    required=True,
    metavar="NAME",
    help="Name, NAME:PRESET or path/to/file.py:Class; several by commas or repetition.",
)
@click.option(
    "--suite", "-s", required=True, metavar="NAME|FOLDER", help="A suite, or a folder of photographs."
)
@click.option(
    "--attacker",
    "attackers",
    multiple=True,
    metavar="NAME",
    help="naive, parrot, informed, reconstructing, keys; several by commas. Default: all.",
)
@click.option("--split", metavar="NAME", help="Evaluated; default: the suite's own, mostly val.")
@click.option("--preset", metavar="NAME", help="The method's preset, where it has several.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Whole subjects, at most N images.")
@click.option(
    "--held",
    default=1000,
    show_default=True,
    type=click.IntRange(min=20),
    metavar="N",
    help="Images of the attacker's own people, from another split.",
)
@click.option(
    "--guesses",
    default=3,
    show_default=True,
    type=click.IntRange(min=1),
    metavar="N",
    help="Keys that may be guessed.",
)
@click.option(
    "--view",
    type=click.Choice(["face", "inner", "picture"]),
    default="face",
    show_default=True,
    help="What is shown: the inside of the face; its middle alone; hair and background too.",
)
@click.option("--seed", default="0", show_default=True, help="Keys and draws come from it.")
@click.option("--device", default="auto", show_default=True, metavar="auto|cpu|cuda")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs"),
    show_default=True,
    help="Where run folders lie.",
)
@click.option("--resume", type=click.Choice(RESUME), default="only-missing", show_default=True)
@click.option(
    "--evaluator", "evaluators", multiple=True, metavar="NAME", help="In place of the embedded one."
)
@json_option
def attack(
    methods: tuple[str, ...],
    suite: str,
    attackers: tuple[str, ...],
    split: str | None,
    preset: str | None,
    limit: int | None,
    held: int,
    guesses: int,
    view: str,
    seed: str,
    device: str,
    out: Path,
    resume: Resume,
    evaluators: tuple[str, ...],
    as_json: bool,
) -> None:
    """Let strong adversaries try to tell who is in protected pictures.

    Each attacker's figures stand beside what chance gives. The attacker learns on people of another
    split; docs/attackers.md says what each one knows. Writes attacks.json.
    """
    from medbench.attacks.attack import attack as carry_out
    from medbench.attacks.request import AttackRequest, attackers_of
    from medbench.cli.progress import console_progress

    request = AttackRequest(
        methods,
        suite,
        attackers_of(attackers),
        split,
        preset,
        limit,
        held,
        guesses,
        view,
        seed,
        device,
        out,
        resume,
        evaluators,
    )
    with console_progress() as progress:
        done = carry_out(request, progress)
    if as_json:
        print_json([{"file": str(file), "attacks": r.model_dump(mode="json")} for file, r in done])
        return
    for file, result in done:
        _print(file, result)


def _print(file: Path, result: AttackResult) -> None:
    told, counts = result.attack, result.counts
    click.echo(
        f"\n{result.method.name}:{result.method.preset} on {result.suite.name}/{result.suite.split}, "
        f"view {told.view}: {counts.n_scored} images of {counts.n_subjects} subjects; the attacker holds "
        f"{told.n_pairs} pairs of {told.n_subjects} others ({told.split})"
    )
    print_rows(TITLES, [_row(result, name) for name in result.names()])
    for skipped in result.skipped:
        click.echo(f"{skipped.metric}: not tried, {skipped.reason}", err=True)
    click.echo(f"{file}")


def _row(result: AttackResult, name: str) -> tuple[str, ...]:
    def cell(kind: str, percent: bool) -> str:
        row = result.estimate(f"{kind}_{name}")
        if row is None or row.value != row.value:
            return "-"
        scale, digits = (100, 1) if percent else (1, 3)
        value, low, high = (f"{scale * v:.{digits}f}" for v in (row.value, row.low, row.high))
        return f"{value} [{low}, {high}]"

    def chance(kind: str, percent: bool) -> str:
        row = result.estimate(f"{kind}_{name}")
        level = row.chance if row else None
        return "-" if level is None else f"{100 * level:.1f}" if percent else f"{level:.3f}"

    return (
        name,
        cell("rank1", True),
        chance("rank1", True),
        cell("tar", True),
        cell("auc", False),
        cell("dsys", False),
        chance("dsys", False),
    )
