"""What every method must do, as rules that anyone can run: ``check(method)``, or ``RULES`` in pytest.

A package outside this repository tests its method in five lines::

    import pytest
    from medbench.methods.conformance import RULES

    @pytest.mark.parametrize("rule", RULES, ids=str)
    def test_conforms(rule, method):  # `method`: your fixture, loaded
        result = rule(method)
        assert result.passed, result.detail
"""

from medbench.methods.conformance.check import RULES, check
from medbench.methods.conformance.rule import Rule, RuleResult

__all__ = ["RULES", "Rule", "RuleResult", "check"]
