"""medbench data add: check a data set's folder, and remember where it lies."""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json, print_rows


@click.command(
    "add",
    cls=Command,
    examples=["medbench data add mema ~/data/MeMa", "medbench data add own-photos ~/clinic/photos"],
)
@click.argument("name")
@click.argument("path", type=click.Path(path_type=Path))
@json_option
def add(name: str, path: Path, as_json: bool) -> None:
    """Check that PATH holds the data set NAME, and remember it for this user.

    NAME is one of mema, mema-seg, lfw, ffhq, celeba-hq, clips or own-photos (any folder, with
    labels.csv where more is known). Nothing is copied or changed. See medbench data validate for
    a look at every image.
    """
    from medbench.suites.layouts.find import layout_named
    from medbench.suites.whereabouts import config_file, remember

    layout = layout_named(name)
    root = path.expanduser()
    counts = layout.survey(root)
    remember(name, root)
    totals = {split: sum(found.values()) for split, found in counts.items()}
    if as_json:
        print_json({"name": name, "path": str(root.resolve()), "images": counts})
        return
    told = [f"{layout.published[s]} published" if s in layout.published else "" for s in totals]
    rows = [(split, str(n), words) for (split, n), words in zip(totals.items(), told, strict=True)]
    print_rows(("split", "images", ""), rows)
    if any(n != layout.published.get(split, n) for split, n in totals.items()):
        click.echo("the numbers differ from those published: figures are not comparable with published ones")
    click.echo(f"remembered in {config_file()}\nnext: medbench data validate {layout.card_name}")
    click.echo(f"then: medbench run --method ours --suite {layout.card_name}")
