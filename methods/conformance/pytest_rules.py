"""The rules as pytest tests, for packages outside this repository.

In a test file::

    from medbench.methods.conformance.pytest_rules import conformance_of
    from my_package.method import MyMethod

    test_my_method = conformance_of(MyMethod)

Each rule is a test of its own; one that does not apply, or cannot be tried here, is skipped with its
reason. So is everything where weights are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import pytest

from medbench.core import Unavailable
from medbench.methods.conformance.check import RULES
from medbench.methods.conformance.rule import Rule
from medbench.methods.method import Method


def conformance_of(
    make: Callable[[], Method], presets: Sequence[str | None] = (None,), device: str = "cpu"
) -> Callable[[Rule, str | None], None]:
    """Return a parametrised test, to be given a name that begins with ``test``.

    Args:
        make: the method's class, or what makes one; called and loaded once per preset.
        presets: of the card; None stands for its default.
        device: where it is loaded.

    """

    @cache
    def loaded(preset: str | None) -> Method:
        method = make()
        method.load(device, preset)
        return method

    @pytest.mark.parametrize("preset", presets, ids=lambda preset: preset or "default")
    @pytest.mark.parametrize("rule", RULES, ids=str)
    def test_conforms(rule: Rule, preset: str | None) -> None:
        try:
            method = loaded(preset)
        except Unavailable as missing:
            pytest.skip(str(missing))
        result = rule(method, preset)
        if result.passed and not result.tried:
            pytest.skip(result.detail)
        if not result.passed:
            pytest.fail(f"{rule.asks}: {result.detail}", pytrace=False)

    return test_conforms
