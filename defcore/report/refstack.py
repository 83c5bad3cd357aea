"""A run in the form that RefStack's server took: the tests that passed, and nothing else."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING

from defcore.guideline.ids import nameless_id
from defcore.report.words import line
from defcore.run.record import Outcome

if TYPE_CHECKING:
    from defcore.run.record import RunRecord, TestResult


def write(run: RunRecord) -> str:
    """Return the JSON. ``cpid``, RefStack's id of a cloud, is made of the identity endpoint (or else of the name)."""
    ended = datetime.fromisoformat(run.ended) if run.ended else datetime.fromisoformat(run.started)
    value = {
        "cpid": hashlib.sha256((run.cloud.auth_url or run.cloud.name).encode("utf-8", "replace")).hexdigest()[:32],
        "duration_seconds": max(round((ended - datetime.fromisoformat(run.started)).total_seconds()), 0),
        "results": [_test(result) for result in run.results if result.outcome is Outcome.PASSED],
    }
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _test(result: TestResult) -> dict[str, str]:
    name = line(result.name, 1000)
    return {"name": name} if result.id == nameless_id(result.name) else {"name": name, "uuid": result.id}
