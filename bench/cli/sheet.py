"""medbench sheet: what methods do to a few faces."""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json


@click.command(
    cls=Command,
    short_help="Methods on a few faces: original, protected, restored, wrong key.",
    examples=[
        "medbench sheet --method ours --count 6",
        "medbench sheet --method all --suite mema-mini --out sheets",
        "medbench sheet --method ours --suite path/to/photographs --with-images --out private",
    ],
)
@click.option(
    "--method", "-m", "methods", multiple=True, required=True, metavar="NAME", help="As for run; or all."
)
@click.option("--suite", "-s", default="mema-mini", show_default=True, metavar="NAME|FOLDER")
@click.option("--split", metavar="NAME", help="Default: the suite's own, mostly val.")
@click.option("--count", default=6, show_default=True, type=click.IntRange(1, 64), metavar="N")
@click.option("--seed", default="0", show_default=True, help="Keys come from it, as in a run.")
@click.option("--device", default="auto", show_default=True, metavar="auto|cpu|cuda")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("sheets"),
    show_default=True,
    help="Folder for METHOD.png.",
)
@click.option("--with-images", is_flag=True, help="Pictures of people too; without it drawn faces alone.")
@json_option
def sheet(
    methods: tuple[str, ...],
    suite: str,
    split: str | None,
    count: int,
    seed: str,
    device: str,
    out: Path,
    with_images: bool,
    as_json: bool,
) -> int:
    """Write one picture per method: a column per face, rows from the original to the wrong key.

    Pictures of people are patients': the files hold them, so think before you pass them on.
    """
    from medbench.environment import pick_device
    from medbench.reports.method_sheet import faces_to_show, write_method_sheet
    from medbench.runs import plain_name
    from medbench.stages.resolve import MethodChoice, method_names, method_of
    from medbench.stages.spare import Spared

    names = method_names(methods)
    refused: dict[str, str] = {}
    broken: dict[str, str] = {}
    spared = Spared(refused, broken, len(names) > 1, lambda text: click.echo(text, err=True))
    faces = faces_to_show(suite, split, count, with_images)
    written: dict[str, dict[str, object]] = {}
    for name in names:
        with spared.one(name):
            choice = MethodChoice.parse(name, None)
            method, preset = method_of(choice, pick_device(device))
            title = method.card.name if choice.preset is None else f"{method.card.name}-{preset}"
            file = out / f"{plain_name(title)}.png"
            shown, without = write_method_sheet(method, faces, seed, file)
            written[name] = {"file": str(file), "faces": shown, "refused": without}
    spared.require(written)
    if as_json:
        print_json({"sheets": written, "refused": refused, "broken": broken})
    else:
        for one in written.values():
            none = f", {one['refused']} of them refused" if one["refused"] else ""
            click.echo(f"{one['file']}: {one['faces']} faces{none}")
    return 1 if broken or (refused and "all" not in ",".join(methods).split(",")) else 0
