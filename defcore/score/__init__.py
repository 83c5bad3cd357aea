"""Verdicts as a pure function: (guideline, run, program, product, date) → scorecard. No I/O, no clock."""

from defcore.score.mark import KnownGuideline, required_sections
from defcore.score.match import Matcher
from defcore.score.model import Interop, Mark, Scorecard
from defcore.score.output import scorecard_json
from defcore.score.scorer import interop_of, outcomes_of, program_tests, required_tests, score

__all__ = [
    "Interop",
    "KnownGuideline",
    "Mark",
    "Matcher",
    "Scorecard",
    "interop_of",
    "outcomes_of",
    "program_tests",
    "required_sections",
    "required_tests",
    "score",
    "scorecard_json",
]
