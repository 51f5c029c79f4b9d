"""The command line's door: commands are imported when called, errors end in one clear block."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Sequence

import click

import medbench
from medbench.cli.command import Group
from medbench.core import MedbenchError

COMMANDS = {
    "run": "medbench.cli.run:run",
    "score": "medbench.cli.score:score",
    "attack": "medbench.cli.attack:attack",
    "sheet": "medbench.cli.sheet:sheet",
    "show": "medbench.cli.show:show",
    "anonymize": "medbench.cli.anonymize:anonymize",
    "restore": "medbench.cli.restore:restore",
    "compare": "medbench.cli.compare:compare",
    "stats": "medbench.cli.stats:stats",
    "ratings": "medbench.cli.ratings:ratings",
    "list": "medbench.cli.listing:listing",
    "tables": "medbench.cli.tables:tables",
    "leaderboard": "medbench.cli.leaderboard:leaderboard",
    "report": "medbench.cli.report:report",
    "submit": "medbench.cli.submit:submit",
    "verify-submission": "medbench.cli.verify_submission:verify_submission",
    "doctor": "medbench.cli.doctor:doctor",
    "data": "medbench.cli.data:data",
    "train": "medbench.cli.train:train",
    "weights": "medbench.cli.weights:weights",
    "upstream": "medbench.cli.upstream:upstream",
    "fit-evaluator": "medbench.cli.fit_evaluator:fit_evaluator",
    "nnunet": "medbench.cli.nnunet:nnunet",
    "new-method": "medbench.cli.new_method:new_method",
    "check-method": "medbench.cli.check_method:check_method",
}
DONE, WANTING, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


class LazyGroup(Group):
    """A group whose commands are imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which they are met."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; None for an unknown name."""
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, attr = target.partition(":")
        return getattr(importlib.import_module(module), attr)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Which ways of hiding a patient's identity in a face photo keep the medical signs alive?",
    examples=["medbench run --method untouched,ours,mosaic --suite mema-mini --limit 200"],
)
@click.version_option(medbench.__version__, prog_name="medbench")
def cli() -> None:
    """Gather the commands."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 found wanting, 2 wrong use. MEDBENCH_DEBUG=1 shows traces."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(_guarded(arguments))


def _guarded(arguments: list[str]) -> int:
    try:
        code = cli.main(arguments, prog_name="medbench", standalone_mode=False)
        return code if isinstance(code, int) else DONE
    except click.ClickException as error:
        if "--json" in arguments:
            return _fail(error.format_message(), WRONG_USE, arguments)
        error.show()
        return WRONG_USE
    except MedbenchError as error:
        return _fail(str(error), WRONG_USE, arguments)
    except (KeyboardInterrupt, click.Abort):
        return _fail("stopped; give the same command again to go on", INTERRUPTED, arguments)
    except BrokenPipeError:
        # The reader of our output has gone (medbench show | head); Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if os.environ.get("MEDBENCH_DEBUG"):
            raise
        text = f"{type(error).__name__}: {error}\nthis is a fault of medbench; MEDBENCH_DEBUG=1 shows where"
        return _fail(text, WANTING, arguments)


def _fail(text: str, code: int, arguments: list[str]) -> int:
    if os.environ.get("MEDBENCH_DEBUG") and code == WRONG_USE and sys.exc_info()[1] is not None:
        import traceback

        traceback.print_exc()
    if "--json" in arguments:
        click.echo(json.dumps({"error": text, "exit": code}))
    click.echo(f"medbench: {text}", err=True)
    return code
