"""medbench check-method: does a method keep the rules that the bench relies on?"""

from __future__ import annotations

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json, print_rows


@click.command(
    "check-method",
    cls=Command,
    short_help="Does a method keep the rules that the bench relies on?",
    examples=["medbench check-method blur", "medbench check-method examples/toy_method.py:Tiles"],
)
@click.argument("name")
@click.option("--preset", metavar="NAME", help="Default: the method's own.")
@click.option("--device", default="auto", show_default=True, metavar="auto|cpu|cuda")
@json_option
@click.pass_context
def check_method(ctx: click.Context, name: str, preset: str | None, device: str, as_json: bool) -> None:
    """Check a method against the rules of conformance; exit 1 where one is broken.

    NAME is a registered method, NAME:PRESET, path/to/file.py:Class or a command's card.yaml.
    """
    from medbench.environment import pick_device
    from medbench.methods.conformance import check
    from medbench.stages.resolve import MethodChoice, method_named

    choice = MethodChoice.parse(name, preset)
    method = method_named(choice.name)
    results = check(method, pick_device(device), method.card.preset(choice.preset))
    if as_json:
        print_json(
            [{"rule": r.rule, "passed": r.passed, "tried": r.tried, "detail": r.detail} for r in results]
        )
    else:
        marks = [("ok" if r.passed else "FAILS") if r.tried else "-" for r in results]
        rows = [(mark, r.rule, r.detail) for mark, r in zip(marks, results, strict=True)]
        print_rows(("", "rule", "detail"), rows)
    if not all(r.passed for r in results):
        ctx.exit(1)
