"""medbench ratings template: blinded sheets for graders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(
    cls=Command,
    short_help="Make blinded sheets and a reading list; the key goes apart.",
    examples=[
        "medbench ratings template --original photos --protected ours=protected --graders A,B,C"
        ' --ask "diagnosis=Normal,BCC,TAO,Ptosis" --ask "redness=0<1<2" --out study --key key.csv',
    ],
)
@click.option("--original", required=True, type=_FOLDER, metavar="DIR", help="The original pictures.")
@click.option(
    "--protected", multiple=True, required=True, metavar="METHOD=DIR",
    help="The same pictures, protected; may be repeated.",
)  # fmt: skip
@click.option("--graders", required=True, metavar="NAME,…", help="Names or numbers of the graders.")
@click.option(
    "--ask", multiple=True, required=True, metavar="QUESTION",
    help="name=grade,grade,… or, in order, name=grade<grade<…; may be repeated.",
)  # fmt: skip
@click.option("--out", required=True, type=_FOLDER, metavar="DIR", help="For the graders.")
@click.option(
    "--key", required=True, type=click.Path(path_type=Path), metavar="FILE", help="Kept from the graders."
)
@click.option("--washout", type=click.IntRange(min=0), default=14, show_default=True, metavar="DAYS")
@click.option("--format", "form", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True)
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Write coded pictures too.")
@click.option("--seed", metavar="WORDS", help="Names the draws; default: a secret one, kept nowhere.")
@json_option
def template(
    original: Path,
    protected: tuple[str, ...],
    graders: str,
    ask: tuple[str, ...],
    out: Path,
    key: Path,
    washout: int,
    form: Any,
    pictures: bool,
    seed: str | None,
    as_json: bool,
) -> None:
    """Make a crossover study: every grader reads every image once per session, each time another arm.

    Pictures go by codes; codes and order are drawn at random. The key, which says what each code is,
    lies outside the study's folder. A labels.csv in DIR (file, subject) says which pictures are of
    one patient.
    """
    import secrets

    from medbench.cli.progress import console_progress
    from medbench.ratings.make import make_study
    from medbench.ratings.pictures import pictures_of, write_pictures
    from medbench.ratings.question import Question
    from medbench.ratings.study import ORIGINAL, Study
    from medbench.ratings.subjects import subjects_of

    files = pictures_of(original, _arms(protected))
    arms = (ORIGINAL, *_arms(protected))
    names = tuple(name.strip() for name in graders.split(","))
    questions = tuple(Question.parse(text) for text in ask)
    asked = Study(questions=questions, graders=names, sessions=len(arms), washout_days=washout)
    drawn = make_study(
        out, key, asked, subjects_of(original, files), arms, seed or secrets.token_hex(16), form
    )
    if pictures:
        with console_progress() as progress:
            write_pictures(out, drawn.key, files, progress)
    if as_json:
        print_json({"study": str(out), "key": str(key), "images": len(files), "readings": len(drawn.turns)})
        return
    click.echo(f"{out}: {len(files)} images, {len(names)} graders, {len(arms)} sessions")
    click.echo(f"{key}: which code is which picture; keep it from the graders")
    click.echo(f"give each grader one session's sheet; let {washout} days pass before the next")
    click.echo(f"then: medbench ratings check {out}")


def _arms(texts: tuple[str, ...]) -> dict[str, Path]:
    from medbench.core import MedbenchError

    arms: dict[str, Path] = {}
    for text in texts:
        name, _, folder = text.partition("=")
        if not name.strip() or not folder or name in arms or name == "original":
            raise MedbenchError(f"--protected {text}: write METHOD=DIR, each method once")
        arms[name.strip()] = Path(folder).expanduser()
    return arms
