"""Is the method that was measured the one that is installed here?"""

from __future__ import annotations

from medbench.core import MedbenchError
from medbench.leaderboards.submissions.check import Check
from medbench.registry import Registry
from medbench.result import Result
from medbench.stages.resolve import MethodChoice, method_code, method_of


def check_method_now(result: Result) -> Check:
    """Code and weights are the same; a method that is not installed here cannot be checked."""
    info = result.method
    if info.name not in Registry("methods").targets():
        return Check("method", None, f"{info.name} is not installed here, so its code was not compared")
    try:
        method, _ = method_of(MethodChoice(info.name, info.preset), "cpu")
    except MedbenchError as error:
        return Check("method", None, f"{info.name} cannot be loaded here: {error}")
    if method.fingerprint() != info.fingerprint:
        return Check("method", False, f"{info.name} has other weights here than were measured: run again")
    if method_code(method) != info.code:
        return Check("method", False, f"{info.name} has other code here than was measured: run again")
    return Check("method", True, "the code and the weights that were measured")
