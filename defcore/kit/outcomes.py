"""How a test ends other than by passing, and how an exception becomes an outcome."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from defcore.cloud import redact
from defcore.cloud.http import TroubleError
from defcore.errors import CloudError, DefcoreError
from defcore.kit.answer import CheckFailedError, curl
from defcore.run.record import Failure, Outcome

if TYPE_CHECKING:
    from typing import Literal

    from defcore.cloud.redact import Scrubber

LONGEST = 600


class NotRunError(Exception):
    """Something that the user could supply is missing: the reason says how to supply it."""


class UnsupportedError(Exception):
    """The cloud says that it lacks what the test is about."""


def judge(
    error: BaseException, stage: Literal["setup", "test", "cleanup"], scrubber: Scrubber, reference: str
) -> tuple[Outcome, str, Failure | None]:
    """Turn an exception into outcome, reason, and failure.

    ``failed`` only for a check of an answer; whatever else goes wrong is ours or the network's: ``error``. An answer to
    the second of two changes, where nobody knows of the first, cannot be judged: a DELETE whose answer was lost finds
    nothing when it is repeated.
    """
    if isinstance(error, NotRunError):
        return Outcome.NOT_RUN, _clean(str(error), scrubber), None
    if isinstance(error, UnsupportedError):
        return Outcome.UNSUPPORTED, _clean(str(error), scrubber), None
    if isinstance(error, CheckFailedError) and not (error.exchange and error.exchange.unsure):
        return Outcome.FAILED, _clean(str(error), scrubber), _failure(error, stage, scrubber, reference)
    request, exchange = None, error.exchange if isinstance(error, CheckFailedError | TroubleError) else None
    kind: Literal["trouble", "input", "bug"]
    if isinstance(error, CheckFailedError) and error.exchange:
        lost = "an earlier attempt at this change got no answer and may have been carried out"
        kind, cause, message = "trouble", f"no answer to judge: {lost}", f"{lost}; then {error}"
        request = error.exchange.request
    elif isinstance(error, TroubleError):
        kind, cause, message = "trouble", f"no answer to judge: {error}", str(error)
        request = error.request
    elif isinstance(error, DefcoreError):
        kind = "trouble" if isinstance(error, CloudError) else "input"
        word = "the cloud" if kind == "trouble" else "the input"
        cause, message = f"{word}: {error.what}", str(error)
    else:
        last = traceback.extract_tb(error.__traceback__)[-1:]
        place = f" at {last[0].filename.rpartition('/')[2]}:{last[0].lineno}" if last else ""
        kind = "bug"
        cause = message = f"defcore's own fault: {type(error).__name__}: {error}{place}"
    failure = Failure(
        cause=_clean(cause, scrubber),
        message=_clean(message, scrubber),
        request=_clean(_request(request), scrubber) if request else None,
        stage=stage,
        kind=kind,
        request_id=exchange.request_id if exchange else None,
        curl=_clean(curl(exchange), scrubber, 2000) if exchange else None,
        reference=reference,
    )
    return Outcome.ERROR, failure.message, failure


def _failure(
    error: CheckFailedError, stage: Literal["setup", "test", "cleanup"], scrubber: Scrubber, reference: str
) -> Failure:
    exchange = error.exchange
    operation = exchange.operation if exchange else "the cloud"
    return Failure(
        cause=_clean(f"{operation}: {error.place} is {error.actual}, not {error.expected}", scrubber, 200),
        message=_clean(f"{operation}: {error}", scrubber),
        expected=_clean(error.expected, scrubber),
        actual=_clean(error.actual, scrubber),
        place=error.place,
        request=_clean(_request(exchange.request), scrubber) if exchange else None,
        request_id=exchange.request_id if exchange else None,
        stage=stage,
        curl=_clean(curl(exchange), scrubber, 2000) if exchange else None,
        reference=reference,
    )


def _request(value: str) -> str:
    method, _, url = value.partition(" ")
    return f"{method} {redact.url(url)}"


def _clean(text: str, scrubber: Scrubber, longest: int = LONGEST) -> str:
    clean = scrubber.text(text)
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"
