"""The scorecard as JSON, in the format that scripts may rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from defcore.score.model import Scorecard


def scorecard_json(card: Scorecard) -> dict[str, Any]:
    """Return the JSON value of ``defcore score --format json``."""
    counts = card.tests
    return {
        "guideline": card.guideline,
        "guideline_digest": card.guideline_digest,
        "guideline_status": card.guideline_status,
        "program": card.program,
        "date": card.date,
        "label": card.label,
        "interop": card.interop.value,
        "mark": card.mark.value,
        "level": card.level,
        "reasons": [{"about": item.about, "code": item.code, "message": item.message} for item in card.reasons],
        "tests": {
            "required": counts.required,
            "passed": counts.passed,
            "failed": counts.failed,
            "error": counts.error,
            "skipped": counts.skipped,
            "unsupported": counts.unsupported,
            "not_run": counts.not_run,
            "flagged": counts.flagged,
        },
        "capabilities": [
            {
                "name": item.name,
                "status": item.status.value,
                "verdict": item.verdict.value,
                "tests": [
                    {
                        "id": test.id,
                        "name": test.name,
                        "outcome": test.outcome.value,
                        "flagged": test.flagged,
                        "matched": test.matched,
                        "reason": test.reason,
                    }
                    for test in item.tests
                ],
            }
            for item in card.capabilities
        ],
        "findings": list(card.findings),
    }
