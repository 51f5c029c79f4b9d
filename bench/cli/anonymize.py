"""medbench anonymize: protect a folder of one's own pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from medbench.cli.command import Command
from medbench.cli.handled import report_handled
from medbench.cli.options import json_option
from medbench.cli.passphrase import key_of, passphrase_options


@click.command(
    cls=Command,
    short_help="Protect a folder of your own pictures.",
    examples=[
        "medbench anonymize --method ours --in photographs --out protected --prompt",
        "medbench anonymize --method mosaic:strong --in photographs --out protected",
    ],
)
@click.option(
    "--method", "-m", required=True, metavar="NAME", help="NAME, NAME:PRESET or path/file.py:Class."
)
@click.option("--in", "source", required=True, type=click.Path(path_type=Path), metavar="DIR")
@click.option("--out", "target", required=True, type=click.Path(path_type=Path), metavar="DIR")
@passphrase_options
@click.option("--preset", metavar="NAME", help="Default: the method's own.")
@click.option("--device", default="auto", show_default=True, metavar="auto|cpu|cuda")
@click.option(
    "--format",
    "form",
    type=click.Choice(["png", "jpeg"]),
    default="png",
    show_default=True,
    help="JPEG only for methods that do not restore.",
)
@click.option("--no-check", is_flag=True, help="Write no check value of the key beside the pictures.")
@click.option("--overwrite", is_flag=True, help="Write over pictures of the same name in --out.")
@json_option
@click.pass_context
def anonymize(
    ctx: click.Context,
    method: str,
    source: Path,
    target: Path,
    passphrase_file: Path | None,
    prompt: bool,
    preset: str | None,
    device: str,
    form: Any,
    no_check: bool,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Protect every picture under --in and write it to --out, without EXIF or other metadata.

    Folders and file names are kept: see that they name nobody. Pictures that cannot be read or
    protected are not written; they are told, listed in quarantine.csv, and end in exit 1. All
    pictures get the passphrase's one key; use one passphrase per patient or per cohort.
    """
    from medbench.cli.progress import console_progress
    from medbench.environment import pick_device
    from medbench.folders.protect_folder import Job, protect_folder
    from medbench.stages.resolve import MethodChoice, method_of

    made, chosen = method_of(MethodChoice.parse(method, preset), pick_device(device))
    key = key_of(passphrase_file, prompt, (source, target), twice=True)
    job = Job(made, chosen, source, target, not no_check, overwrite)
    with console_progress() as progress:
        handled = protect_folder(job, key, form, progress)
    report_handled(ctx, handled, job, as_json)
