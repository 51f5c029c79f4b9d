"""What every method must do, as rules that anyone can run: ``check(method)``, or as tests of pytest.

A package outside this repository tests its method with :mod:`medbench.methods.conformance.pytest_rules`.
"""

from medbench.methods.conformance.check import RULES, check
from medbench.methods.conformance.rule import Rule, RuleResult

__all__ = ["RULES", "Rule", "RuleResult", "check"]
