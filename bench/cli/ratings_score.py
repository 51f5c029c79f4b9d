"""medbench ratings score: kappa of filled sheets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json, print_rows

if TYPE_CHECKING:
    from medbench.ratings.readings import Readings
    from medbench.ratings.score import Scored


@click.command(
    cls=Command,
    short_help="Kappa, sensitivity and confusion of filled sheets.",
    examples=[
        "medbench ratings score study --key key.csv --out figures",
        'medbench ratings score readings.xlsx --ask "diagnosis=Normal,BCC,TAO" --out figures',
    ],
)
@click.argument("places", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="STUDY|SHEET...")
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The key of a blinded study; sheets of your own have the columns grader, image, arm instead.",
)
@click.option("--ask", multiple=True, metavar="QUESTION", help="For sheets of your own: as in template.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Tables, plots.")
@click.option("--seed", default="0", show_default=True, help="Names the draws.")
@json_option
def score(
    places: tuple[Path, ...],
    key: Path | None,
    ask: tuple[str, ...],
    out: Path | None,
    seed: str,
    as_json: bool,
) -> None:
    """Compare what graders saw in the originals and in protected pictures.

    By majority vote: kappa per question and grade with 95 % intervals (subjects resampled; the papers'
    Wald interval beside it in figures.csv), sensitivity, confusion matrices. By grader: own kappa.
    Between graders: Fleiss' kappa and Krippendorff's alpha. Between protections: the difference of their
    kappas, paired, with p.
    """
    from medbench.ratings.publish import publish
    from medbench.ratings.score import score as scored_of

    readings, note = _readings(places, key, ask)
    scored = scored_of(readings, seed)
    files = publish(scored, out, note) if out else []
    if as_json:
        print_json({"note": note, **scored.document()})
        return
    _print(scored, note)
    if files:
        click.echo(f"\n{len(files)} files in {out}")


def _readings(places: tuple[Path, ...], key: Path | None, ask: tuple[str, ...]) -> tuple[Readings, str]:
    from medbench.core import MedbenchError
    from medbench.ratings.collect import from_open_sheets, from_study
    from medbench.ratings.key_file import read_key
    from medbench.ratings.question import Question
    from medbench.ratings.readings import arrange
    from medbench.ratings.study import STUDY, Study

    if (places[0] / STUDY).is_file():
        if key is None:
            raise MedbenchError(f"{places[0]} is a blinded study: give its key with --key FILE")
        found = from_study(places[0], places[1:])
        return arrange(found.checked, read_key(key), found.questions, found.graders), Study.read(
            places[0]
        ).note
    if not ask:
        raise MedbenchError('sheets of your own need their questions: --ask "diagnosis=Normal,BCC,TAO"')
    found = from_open_sheets(places, [Question.parse(text) for text in ask])
    return arrange(found.checked, found.key or {}, found.questions, found.graders), ""


def _print(scored: Scored, note: str) -> None:
    from medbench.ratings.table import NO_VARIATION, difference_rows, grader_rows, kappa_rows

    readings = scored.readings
    click.echo(
        f"{len(readings.subjects)} images of {readings.clusters.count} subjects, "
        f"{len(readings.graders)} graders; original against protected; 95 % intervals, subjects resampled"
    )
    click.echo(NO_VARIATION)
    if note:
        click.echo(note)
    for question in readings.questions:
        click.echo()
        print_rows(*kappa_rows(scored, question))
        click.echo()
        print_rows(*grader_rows(scored, question))
        if scored.differences:
            click.echo()
            print_rows(*difference_rows(scored, question))
