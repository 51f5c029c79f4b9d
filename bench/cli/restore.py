"""medbench restore: bring protected pictures back."""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.handled import report_handled
from medbench.cli.options import json_option
from medbench.cli.passphrase import key_of, passphrase_options
from medbench.core import MedbenchError


@click.command(
    cls=Command,
    short_help="Bring protected pictures back with the passphrase.",
    examples=[
        "medbench restore --in protected --out restored --prompt",
        "medbench restore --method ours --in protected --out restored --passphrase-file secret.txt",
    ],
)
@click.option("--method", "-m", metavar="NAME", help="Default: what the note beside the pictures says.")
@click.option("--in", "source", required=True, type=click.Path(path_type=Path), metavar="DIR")
@click.option("--out", "target", required=True, type=click.Path(path_type=Path), metavar="DIR")
@passphrase_options
@click.option("--preset", metavar="NAME", help="Default: what the note says, or the method's own.")
@click.option("--device", default="auto", show_default=True, metavar="auto|cpu|cuda")
@click.option("--no-check", is_flag=True, help="Do not compare the passphrase with the check value.")
@click.option("--overwrite", is_flag=True, help="Write over pictures of the same name in --out.")
@json_option
@click.pass_context
def restore(
    ctx: click.Context,
    method: str | None,
    source: Path,
    target: Path,
    passphrase_file: Path | None,
    prompt: bool,
    preset: str | None,
    device: str,
    no_check: bool,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Bring the protected pictures under --in back, as PNG in --out.

    The check value that `medbench anonymize` left tells a mistyped passphrase; without it a wrong
    one shows another face, and no error.
    """
    from medbench.cli.progress import console_progress
    from medbench.environment import pick_device
    from medbench.folders.protect_folder import Job, require_reversible, restore_folder
    from medbench.folders.protection_note import Note
    from medbench.stages.resolve import MethodChoice, method_of

    note = Note.read(source) if not no_check else None
    if method is None:
        if note is None:
            raise MedbenchError(f"nothing in {source} says how it was protected: give --method NAME")
        method = note.method
    choice = MethodChoice.parse(method, preset or (note.preset if note else None))
    made, chosen = method_of(choice, pick_device(device))
    require_reversible(made)
    key = key_of(passphrase_file, prompt, (source, target), twice=False)
    if key is None:
        raise MedbenchError("the passphrase is needed: give --passphrase-file FILE or --prompt")
    job = Job(made, chosen, source, target, not no_check, overwrite)
    with console_progress() as progress:
        handled = restore_folder(job, key, progress)
    report_handled(ctx, handled, job, as_json)
