"""Checks guidelines against the rules of the process: rules are data and small functions (``rules/``).

``lint`` checks one guideline (and what it changes since another), ``lint_all`` several together, ``lint_history`` the
versions of a repository; ``apply_exceptions`` silences what is justified.
"""

from defcore.guideline.lint.engine import lint, lint_all
from defcore.guideline.lint.exceptions import Exceptions, Outcome, apply_exceptions, read_exceptions
from defcore.guideline.lint.history import lint_history
from defcore.guideline.lint.model import Finding, Severity

__all__ = [
    "Exceptions",
    "Finding",
    "Outcome",
    "Severity",
    "apply_exceptions",
    "lint",
    "lint_all",
    "lint_history",
    "read_exceptions",
]
