"""Builders of scorecards and run records: a green one, a mixed one, a dead cloud, none at all and a huge one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from defcore.guideline.model import State
from defcore.report import ReportView, build_view
from defcore.run.record import Attempt, Cloud, Engine, Failure, Finding, Outcome, RunRecord, Source, TestResult
from defcore.score.model import CapabilityScore, Counts, Interop, Mark, Reason, Scorecard, TestScore
from defcore.score.product import Containment, Declaration, Product

NOW = "2026-11-20T10:30:00Z"
STARTED = "2026-11-20T10:00:00Z"
DOCS = "https://docs.openstack.org/api-ref/object-store/"


@dataclass(frozen=True)
class Case:
    """One test of a made-up guideline and what the run says of it (``result`` None: nothing)."""

    capability: str
    score: TestScore
    result: TestResult | None
    status: State = State.REQUIRED


def test_id(name: str) -> str:
    """Return an id that depends on the name alone, so that snapshots stand still."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


test_id.__test__ = False  # type: ignore[attr-defined]


def attempt(outcome: Outcome, **fields: object) -> Attempt:
    """Return one attempt of half a second and three requests."""
    return Attempt.model_validate({"outcome": outcome, "started": STARTED, "seconds": 0.5, "requests": 3, **fields})


def case(
    capability: str,
    name: str,
    outcome: Outcome = Outcome.PASSED,
    *,
    flagged: bool = False,
    status: State = State.REQUIRED,
    failure: Failure | None = None,
    reason: str | None = None,
    attempts: tuple[Attempt, ...] | None = None,
    findings: tuple[Finding, ...] = (),
    matched: str | None = "id",
) -> Case:
    """Return a test with its result; ``matched`` None leaves the result away."""
    full = f"defcore.storage.{capability.replace('-', '_')}.{name}"
    tried = (attempt(outcome, failure=failure, reason=reason, findings=findings),) if attempts is None else attempts
    if outcome is Outcome.NOT_RUN and attempts is None:
        tried = ()
    result = TestResult(id=test_id(full), name=full, outcome=outcome, attempts=tried, reason=reason)
    score = TestScore(test_id(full), full, outcome, flagged, matched, reason if matched else "not in the run")
    return Case(capability, score, result if matched else None, status)


def wrong(cause: str, expected: str = "201", actual: str = "500", **fields: str) -> Failure:
    """Return a failure with every field set."""
    values = {
        "cause": cause,
        "message": f"The object store answered {actual} where the API reference says {expected}.",
        "expected": expected,
        "actual": actual,
        "place": "status",
        "request": "PUT https://swift.example.org/v1/AUTH_demo/box-1",
        "request_id": "req-5f0c7a52-4c1d-4e0b-9d1a-0d3b5a5f7c11",
        "curl": "curl -i -X PUT -H 'X-Auth-Token: '\"$TOKEN\" https://swift.example.org/v1/AUTH_demo/box-1",
        "reference": DOCS + "#create-container",
    }
    return Failure.model_validate(values | fields)


def product() -> Product:
    """Return a product whose vendor declared one section as contained and one as modified."""
    return Product(
        vendor="Example Wolken GmbH",
        product="Example Cloud",
        version="4.2",
        release="2026.1",
        regions=("eu-north", "eu-süd"),
        configuration={"Storage back end": "Ceph 19 through the native interface", "Network plugin": "OVN 24.03"},
        declarations=(
            Declaration(section="swift", containment=Containment.CONTAINED),
            Declaration(section="keystone", containment=Containment.MODIFIED, comment="A login page of our own."),
        ),
    )


def run_of(cases: list[Case], **fields: object) -> RunRecord:
    """Return a complete run of the cases that have a result."""
    results = {item.result.id: item.result for item in cases if item.result}
    values = {
        "id": "run-7d4e1a",
        "started": STARTED,
        "ended": "2026-11-20T10:04:12Z",
        "complete": True,
        "cloud": Cloud(name="example", region="eu-north", auth_url="https://identity.example.org/v3"),
        "engine": Engine(name="native", version="0.1.0", suite_digest="ab" * 32),
        "results": tuple(results.values()),
    }
    return RunRecord.model_validate(values | fields)


def _verdict(outcomes: list[Outcome]) -> Interop:
    if outcomes and all(item is Outcome.PASSED for item in outcomes):
        return Interop.PASS
    wrong_ones = (Outcome.FAILED, Outcome.SKIPPED, Outcome.UNSUPPORTED)
    return Interop.FAIL if any(item in wrong_ones for item in outcomes) else Interop.UNTESTED


def card_of(cases: list[Case], mark: Mark = Mark.UNDETERMINED, *, findings: tuple[str, ...] = ()) -> Scorecard:
    """Score the cases as the score room would, in small."""
    names = list(dict.fromkeys(item.capability for item in cases))
    capabilities = []
    for name in names:
        inside = [item for item in cases if item.capability == name]
        verdict = _verdict([item.score.outcome for item in inside if not item.score.flagged])
        about = f"What {name.replace('-', ' ')} means for a user of the cloud."
        capabilities.append(CapabilityScore(name, about, inside[0].status, verdict, tuple(i.score for i in inside)))
    deciding = {
        item.score.id: item.score.outcome for item in cases if item.status is State.REQUIRED and not item.score.flagged
    }
    outcomes = list(deciding.values())
    interop = _verdict(outcomes)
    counts = {outcome.value: outcomes.count(outcome) for outcome in Outcome}
    said = (
        ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in counts.items() if count) or "no required test"
    )
    return Scorecard(
        guideline="2026.11",
        guideline_digest="0123456789abcdef" * 4,
        guideline_status="draft",
        authority="none yet",
        mark_name="Interoperable Cloud Storage",
        label="Draft guideline: no mark is granted",
        program="interoperable-cloud-storage",
        program_name="Interoperable Cloud Storage",
        date="2026-11-20",
        interop=interop,
        mark=mark,
        level="L0",
        reasons=(
            Reason("interop", "tests", f"of {len(outcomes)} required tests: {said}"),
            Reason("mark", "not-approved", "guideline 2026.11 is a draft, nobody has approved it"),
        ),
        tests=Counts(required=len(outcomes), flagged=sum(item.score.flagged for item in cases), **counts),
        capabilities=tuple(capabilities),
        findings=findings,
    )


CAPABILITIES = {
    "objectstore-object-create": ("put_object", "put_object_with_metadata", "put_object_with_etag"),
    "objectstore-object-get": ("get_object", "get_object_range", "get_object_if_match", "get_object_if_none_match"),
    "objectstore-object-delete": ("delete_object",),
    "objectstore-object-copy": ("copy_object", "copy_object_across_containers", "copy_object_metadata"),
    "objectstore-container-create": ("put_container", "put_container_again", "put_container_overlong_name"),
    "objectstore-container-list": ("list_containers", "list_containers_limit", "list_containers_marker"),
    "objectstore-container-acls": ("read_acl_other_project", "write_acl_other_project"),
    "objectstore-account-quotas": ("quota_blocks_upload", "quota_is_listed"),
    "objectstore-tempurl": ("get_by_temp_url", "put_by_temp_url", "temp_url_expires"),
    "objectstore-versioned": ("old_version_is_kept",),
    "objectstore-slo": ("upload_manifest", "delete_manifest"),
    "identity-v3-tokens-create": ("create_token", "create_token_unscoped"),
    "identity-v3-catalog": ("catalog_lists_object_store",),
}


def green_cases() -> list[Case]:
    """Every test passed."""
    return [case(capability, name) for capability, names in CAPABILITIES.items() for name in names]


def mixed_cases() -> list[Case]:
    """Failures of several causes, and one of everything else that can happen."""
    server_error = "PUT /v1/{account}/{container}: status 500, not 201"
    etag = wrong(
        "GET /v1/{account}/{container}/{object}: header ETag is missing",
        "ETag: 9e107d9d372bb6826bd81d3542a419d6",
        "no such header",
        place="header ETag",
        request="GET https://swift.example.org/v1/AUTH_demo/box-1/note",
        reference=DOCS + "#get-object",
    )
    changed: dict[str, dict[str, Any]] = {
        "put_container": {"outcome": Outcome.FAILED, "failure": wrong(server_error)},
        "put_container_again": {"outcome": Outcome.FAILED, "failure": wrong(server_error, "202")},
        "put_container_overlong_name": {"outcome": Outcome.FAILED, "failure": wrong(server_error, "400")},
        "get_object_if_match": {"outcome": Outcome.FAILED, "failure": etag},
        "copy_object_metadata": {"outcome": Outcome.FAILED, "failure": Failure(cause="", message="")},
        "old_version_is_kept": {
            "outcome": Outcome.UNSUPPORTED,
            "reason": "the cloud says that it has no versioned writes (/info has no versioned_writes)",
        },
        "read_acl_other_project": {
            "outcome": Outcome.NOT_RUN,
            "reason": "needs a second project: give --alt-cloud NAME, or add example-alt to clouds.yaml",
        },
        "write_acl_other_project": {
            "outcome": Outcome.NOT_RUN,
            "reason": "needs a second project: give --alt-cloud NAME, or add example-alt to clouds.yaml",
        },
        "quota_blocks_upload": {
            "outcome": Outcome.FAILED,
            "flagged": True,
            "failure": wrong(server_error, "413", "201"),
        },
        "temp_url_expires": {
            "outcome": Outcome.ERROR,
            "failure": wrong("GET {temporary URL}: no answer within 60 s", "an answer", "none", place="connection"),
        },
        "get_object_range": {
            "outcome": Outcome.FAILED,
            "attempts": (
                attempt(Outcome.FAILED, failure=wrong("GET …/{object}: status 200, not 206", "206", "200")),
                attempt(Outcome.PASSED, retries=1),
            ),
        },
        "put_object": {
            "findings": (
                Finding(message="X-Timestamp came without fractions of a second"),
                Finding(message="object box-1/note could not be deleted: status 409", kind="cleanup"),
            )
        },
        "delete_manifest": {"outcome": Outcome.SKIPPED, "reason": "the tests were told to leave it out"},
        "list_containers_marker": {"outcome": Outcome.NOT_RUN, "matched": None},
    }
    advisory = {"objectstore-slo": State.ADVISORY}
    cases = [
        case(capability, name, status=advisory.get(capability, State.REQUIRED), **changed.get(name, {}))
        for capability, names in CAPABILITIES.items()
        for name in names
    ]
    shared = cases[0]
    return [*cases, Case("objectstore-object-update", shared.score, shared.result, State.DEPRECATED)]


def dead_cases() -> list[Case]:
    """Every test is an error and none failed: the cloud does not answer at all."""
    cause = "https://identity.example.org/v3: connection refused"
    failure = Failure(
        cause=cause,
        message="No test could log in.",
        stage="setup",
        request="POST https://identity.example.org/v3/auth/tokens",
    )
    return [
        case(capability, name, Outcome.ERROR, failure=failure)
        for capability, names in CAPABILITIES.items()
        for name in names
    ]


def huge_cases(count: int = 300) -> list[Case]:
    """``count`` tests, many failures, very long messages and names, and text in several scripts."""
    long = "Der Behälter 容器 контейнер antwortete nicht wie erwartet. " * 400
    cases = []
    for number in range(count):
        name = f"test_{number:03d}_" + ("überlanger_name_" * 12 if number % 50 == 0 else "ok")
        capability = f"compute-servers-{number // 7:02d}"
        if number % 5 == 0:
            failure = wrong(f"POST /servers: cause {number % 4}", actual=long, message=long)
            cases.append(case(capability, name, Outcome.FAILED, failure=failure))
        else:
            cases.append(case(capability, name))
    return cases


def view_of(cases: list[Case], *, known: bool = True, **fields: object) -> ReportView:
    """Build the view of the cases, of a described product unless ``known`` is false."""
    findings = ("test 1 stands under 2 capabilities, counted once",) if len(cases) > 1 else ()
    view = build_view(card_of(cases, findings=findings), run_of(cases, **fields), product() if known else None, NOW)
    return replace(view, version="0.0.0")


IMPORTED: dict[str, Any] = {
    "cloud": Cloud(name="example", auth_url=""),
    "engine": Engine(name="tempest", version="unknown"),
    "source": Source(
        format="subunit v2",
        file="tempest.subunit",
        digest="cd" * 32,
        lacks=("when the tests ran", "which version of the tests ran", "which cloud was tested"),
        timed=False,
    ),
    "notes": ("1 of 3 tests are not in guideline 2026.11: mine.test_x",),
}


def imported_cases() -> list[Case]:
    """Two tests of Tempest, of which one failed and printed why."""
    trace = 'Traceback (most recent call last):\n  File "test_x.py", line 7, in test_put\nNotFound: Object not found\n'
    failure = Failure(cause="NotFound: Object not found", message="NotFound: Object not found", trace=trace)
    return [case("objectstore-object", "put", Outcome.FAILED, failure=failure), case("objectstore-object", "get")]


VIEWS = {
    "green": lambda: view_of(green_cases()),
    "mixed": lambda: view_of(mixed_cases(), notes=("The clock of the cloud is 2 s ahead.",)),
    "dead": lambda: view_of(dead_cases(), known=False),
    "empty": lambda: view_of([], known=False, complete=False, ended=None, partial=True, selection="--test of no match"),
    "huge": lambda: view_of(huge_cases()),
    "imported": lambda: view_of(imported_cases(), known=False, **IMPORTED),
}
"""The reports that every format is tried on."""
