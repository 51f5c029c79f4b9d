"""medbench check-method: does a method keep the rules that the bench relies on?"""

from __future__ import annotations

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json, print_rows


@click.command(
    "check-method",
    cls=Command,
    short_help="Does a method keep the rules that the bench relies on?",
    examples=["medbench check-method blur", "medbench check-method examples/toy_method.py:Shuffle"],
)
@click.argument("name")
@click.option("--preset", metavar="NAME", help="Default: the method's own.")
@click.option("--device", default="auto", show_default=True, metavar="auto|cpu|cuda")
@json_option
@click.pass_context
def check_method(ctx: click.Context, name: str, preset: str | None, device: str, as_json: bool) -> None:
    """Check a method against the rules of conformance; exit 1 where one is broken.

    NAME is a registered method or path/to/file.py:Class.
    """
    from medbench.environment import pick_device
    from medbench.methods.conformance import check
    from medbench.stages.resolve import MethodChoice, method_of

    method, _ = method_of(MethodChoice.parse(name, preset), pick_device(device))
    results = check(method)
    if as_json:
        print_json([{"rule": r.rule, "passed": r.passed, "detail": r.detail} for r in results])
    else:
        print_rows(
            ("", "rule", "detail"), [("ok" if r.passed else "FAILS", r.rule, r.detail or "") for r in results]
        )
    if not all(r.passed for r in results):
        ctx.exit(1)
