"""From an exception to an outcome: only a check of an answer can fail a cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from defcore.cloud.http import TroubleError
from defcore.cloud.redact import Scrubber
from defcore.errors import CloudError, InputError
from defcore.kit.answer import CheckFailedError
from defcore.kit.outcomes import NotRunError, UnsupportedError, judge
from defcore.run.record import Failure, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.http import Exchange

SECRET = "pl4nted"  # noqa: S105 - planted
SCRUBBER = Scrubber([SECRET])


def verdict(error: BaseException) -> tuple[Outcome, str, Failure | None]:
    """Judge an exception that was raised in the test itself."""
    try:
        raise error  # noqa: TRY301 - so that it has a traceback
    except BaseException as raised:  # noqa: BLE001 - the very thing to judge
        return judge(raised, "test", SCRUBBER, "https://reference")


@pytest.mark.parametrize(
    ("error", "outcome", "cause"),
    [
        (TroubleError("no answer in time", f"GET http://me:{SECRET}@c/?sig={SECRET}"), "error", "no answer to judge: "),
        (CloudError("x", "does not answer"), "error", "the cloud: does not answer"),
        (InputError("x", "refuses the log-in"), "error", "the input: refuses the log-in"),
        (
            RuntimeError(f"oops {SECRET}"),
            "error",
            "defcore's own fault: RuntimeError: oops [hidden] at test_outcomes.py:",
        ),
        (AssertionError("bare"), "error", "defcore's own fault: AssertionError: bare"),
        (KeyError("x"), "error", "defcore's own fault: KeyError: 'x'"),
        (pytest.skip.Exception("no"), "error", "defcore's own fault: Skipped: no"),
    ],
)
def test_what_is_not_the_clouds_answer_is_an_error(error: BaseException, outcome: str, cause: str) -> None:
    """A slip of ours or a broken network must never be told as a failed cloud."""
    found, reason, failure = verdict(error)
    assert found == outcome
    assert failure
    assert failure.cause.startswith(cause)
    assert failure.stage == "test"
    assert SECRET not in reason + failure.model_dump_json()


def test_an_answer_to_the_second_of_two_changes_cannot_be_judged(exchange: Callable[..., Exchange]) -> None:
    """A network that loses the answer to a DELETE must not make the 404 on its repetition a failure of the cloud."""
    found, reason, failure = verdict(CheckFailedError("status", "204", "404", exchange(404, unsure=True)))
    assert found is Outcome.ERROR
    assert reason.endswith("may have been carried out; then status: expected 204, got 404")
    assert failure
    assert (failure.kind, failure.request) == ("trouble", "GET http://cloud/v1/a")


def test_an_exception_without_a_place_is_told_too() -> None:
    """Errors that cross threads lose their traceback, not their message."""
    assert judge(RuntimeError("x"), "setup", SCRUBBER, "")[1] == "defcore's own fault: RuntimeError: x"


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(NotRunError("give --alt"), Outcome.NOT_RUN), (UnsupportedError("no swift"), Outcome.UNSUPPORTED)],
)
def test_what_could_not_be_tried_is_no_failure(error: Exception, outcome: Outcome) -> None:
    """A missing credential says nothing of the cloud, a missing service says one thing only."""
    assert verdict(error) == (outcome, str(error), None)


def test_a_failed_check_names_everything_that_helps(exchange: Callable[..., Exchange]) -> None:
    """The report is made for the person who has to mend the cloud."""
    found = exchange(500, {}, b"", url=f"http://c/v1/a?sig={SECRET}", request_headers={"X-Auth-Token": SECRET})
    outcome, reason, failure = verdict(CheckFailedError("status", "200", f"500 {SECRET}", found))
    assert outcome is Outcome.FAILED
    assert reason == "status: expected 200, got 500 [hidden]"
    assert failure == Failure(
        cause="GET /v1/{account}: status is 500 [hidden], not 200",
        message="GET /v1/{account}: status: expected 200, got 500 [hidden]",
        expected="200",
        actual="500 [hidden]",
        place="status",
        request="GET http://c/v1/a?sig=[hidden]",
        request_id="req-1",
        stage="test",
        curl="curl -i -X GET -g -H \"X-Auth-Token: $TOKEN\" 'http://c/v1/a?sig=[hidden]'",
        reference="https://reference",
    )


def test_trouble_with_a_request_names_it(exchange: Callable[..., Exchange]) -> None:
    """Whoever looks after the network needs the line to try it again by hand."""
    found = exchange(0, error="no answer in time", request_headers={"X-Auth-Token": SECRET})
    failure = verdict(TroubleError("no answer in time", exchange=found))[2]
    assert failure
    assert (failure.kind, failure.request, failure.request_id) == ("trouble", "GET http://cloud/v1/a", "req-1")
    assert failure.curl == 'curl -i -X GET -H "X-Auth-Token: $TOKEN" http://cloud/v1/a'


def test_a_check_without_an_answer_is_still_told() -> None:
    """Some checks compare what several answers said."""
    failure = verdict(CheckFailedError("the sum", "3", "4", None))[2]
    assert failure
    assert failure.cause == "the cloud: the sum is 4, not 3"
    assert (failure.request, failure.request_id, failure.curl) == (None, None, None)


def test_long_texts_are_cut_after_secrets_are_gone(exchange: Callable[..., Exchange]) -> None:
    """A page of HTML in every cell would make the report unreadable, and a cut must not spare half a secret."""
    text = "x" * 595 + SECRET + "y" * 1000
    failure = verdict(CheckFailedError("body", text, text, exchange()))[2]
    assert failure
    assert failure.expected
    assert len(failure.expected) == 600
    assert len(failure.cause) == 200
    assert SECRET[:4] not in failure.model_dump_json()
