"""Requests that nobody thought of, made from the OpenAPI document by schemathesis: every answer is a documented one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from schemathesis import checks

from defcore.registry.serve import openapi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.registry.conftest import Registry

    from .conftest import Open

OPERATIONS = {
    f"{method} {path}": (method, path) for path, methods in openapi.document()["paths"].items() for method in methods
}
"""By what a test's name shows."""
EXAMPLES = 100
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]


@pytest.fixture
def filled(served: Open) -> Iterator[Open]:
    """Serve a registry with two reports, so that some guesses hit."""
    registry: Registry = served.registry
    for number in range(2):
        run = registry.house.run_record(id=f"run-{number}")
        assert served.post(registry.submission(run=run)).status_code == 201
    yield served
    assert requests.get(f"{served.url}api/v1/health", timeout=60).json()["reports"] == 2


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_one_that_the_document_names(filled: Open, name: str) -> None:
    """If it fails, some request ends in a 500, or in an answer that no client expects."""
    method, path = OPERATIONS[name]
    operation = schemathesis.openapi.from_dict(openapi.document())[path][method.upper()]
    right, wrong = (operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode)
    digests = [item["digest"] for item in filled.get("api/v1/reports").json()["items"]]
    seen: Counter[int] = Counter()

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=right | wrong, digest=some.sampled_from([*digests, ""]))
    def ask(case: schemathesis.Case[Any], digest: str) -> None:
        if digest and "digest" in case.path_parameters:
            case.path_parameters["digest"] = digest
        if digest and path.endswith("/compare"):
            case.query["report"] = [digest, *digests][: 1 + len(case.query)]
        answer = case.call(base_url=filled.url.rstrip("/"), timeout=60)
        seen[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    ask()
    print(f"{name}: {sum(seen.values())} requests, by status {dict(sorted(seen.items()))}")  # noqa: T201 - with -s
    assert seen
    assert max(seen) < 500
