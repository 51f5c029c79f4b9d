"""Run a foreign program: a time limit, no network where the system allows, its output in a log."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from medbench.core import MedbenchError

#: Of the user's environment a program sees these alone, so that no token of his reaches it.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "TMPDIR", "SYSTEMROOT")
#: Nothing listens there: where the network cannot be cut off, what respects a proxy fails at once.
_NOWHERE = "http://127.0.0.1:9"
_LAST_LINES = 3


def run_program(
    words: Sequence[str], folder: Path, log: Path, time_limit: float, environment: Mapping[str, str]
) -> None:
    """Run ``words`` in ``folder``; standard output and errors go to ``log``.

    Raises:
        MedbenchError: it cannot start, fails, or takes longer than ``time_limit`` seconds (then it
            and all that it started are killed); the message ends with the log's last lines.

    """
    with log.open("ab") as stream:
        try:
            process = subprocess.Popen(
                [*_without_network(), *words],
                cwd=folder,
                env=_environment(environment),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise MedbenchError(f"{words[0]} cannot be started: {error.strerror}") from None
        try:
            code = process.wait(time_limit)
        except subprocess.TimeoutExpired:
            raise MedbenchError(
                f"{words[0]} took longer than {time_limit:g} s and was ended; raise time_limit in its card"
            ) from None
        finally:
            _end(process)
    if code:
        raise MedbenchError(f"{words[0]} ended with code {code}: {_end_of(log)}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the program and of its children."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), _NOWHERE)
    return {**kept, **proxies, "PYTHONHASHSEED": "0", "HF_HUB_OFFLINE": "1", **extra}


@cache
def _without_network() -> tuple[str, ...]:
    """The words that cut a program off the network, or none where the system has no such way."""
    words = ("unshare", "--user", "--map-current-user", "--net", "--")
    if shutil.which(words[0]) is None:
        return ()
    tried = subprocess.run([*words, "true"], capture_output=True, check=False)
    return words if tried.returncode == 0 else ()


def _end_of(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return " | ".join(said[-_LAST_LINES:])[:400] or "it said nothing"
