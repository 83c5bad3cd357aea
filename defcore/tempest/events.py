"""What a worker of Tempest says, and what we make of it: an attempt at a test, in the words of a run record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import Field, TypeAdapter, ValidationError

from defcore.cloud.redact import url as clean_url
from defcore.errors import CloudError
from defcore.run.journal import stamp
from defcore.run.record import Attempt, Failure, Outcome, Wire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.cloud.redact import Scrubber

LONGEST = 6000
"""Characters of a traceback that are kept: its end, which says what happened."""
Status = Literal["success", "fail", "error", "skip", "xfail", "uxsuccess"]


class Sent(NamedTuple):
    """A request of which Tempest's log tells; ``caller`` is ``CLASS:METHOD`` as that log has it."""

    status: int
    method: str
    url: str
    seconds: float
    request_id: str
    caller: str | None


class Listing(Wire):
    """Every test: name, ids, class. ``broken`` are modules that cannot be imported, with the reason."""

    event: Literal["listing"]
    tests: tuple[tuple[str, tuple[str, ...], str], ...]
    broken: tuple[tuple[str, str], ...]
    packages: dict[str, str]


class Ready(Wire):
    """The worker knows its tests."""

    event: Literal["ready"]
    tests: int


class Setup(Wire):
    """What was sent between two tests: the class's own fixtures."""

    event: Literal["setup"]
    requests: tuple[Sent, ...]


class Began(Wire):
    """A test begins; ``at`` in UNIX seconds."""

    event: Literal["started"]
    name: str
    at: float


class Finished(Wire):
    """A test has ended."""

    event: Literal["finished"]
    name: str
    at: float
    seconds: float
    requests: tuple[Sent, ...]
    status: Status
    reason: str | None = None
    traceback: str | None = None


class OfClass(Wire):
    """Something befell a class as a whole: ``name`` is ``setUpClass (CLASS)`` or the like."""

    event: Literal["class"]
    name: str
    requests: tuple[Sent, ...]
    status: Status
    reason: str | None = None
    traceback: str | None = None

    @property
    def before(self) -> bool:
        """Whether it kept the tests of the class from being run."""
        return self.name.startswith("setUp")


class Done(Wire):
    """All that was ordered has been run, and its class has cleaned up."""

    event: Literal["done"]
    requests: tuple[Sent, ...]


AnyEvent = Listing | Ready | Setup | Began | Finished | OfClass | Done
_EVENT: TypeAdapter[AnyEvent] = TypeAdapter(Annotated[AnyEvent, Field(discriminator="event")])


def parse(line: bytes) -> AnyEvent:
    """Read one line of a worker. Raises CloudError for what is none."""
    try:
        return _EVENT.validate_json(line)
    except ValidationError as error:
        told = line[:80].decode("utf-8", "replace")
        raise CloudError("tempest-broken", f"Tempest's worker said what nobody understands: {told}") from error


_LAST = re.compile(r"^(?P<kind>[A-Za-z_][\w.]*)(?:: (?P<text>.*))?$")
_NETWORK = re.compile(
    r"urllib3\.exceptions\.|requests\.exceptions\.|http\.client\.|ssl\.|socket\.|"
    r"(Connection\w*|BrokenPipe|Timeout)Error$|.*\.RateLimitExceeded$|.*\.ServiceUnavailable$"
)
_INPUT = re.compile(r".*\.(InvalidConfiguration|InvalidCredentials|InvalidIdentityVersion|InvalidScopeType)$")
_OURS = re.compile(r"(Import|ModuleNotFound|Name|Syntax|NotImplemented)Error$")
_LATE = re.compile(r"fixtures\..*TimeoutException$")
_MARKS = re.compile(r"\s+[~^]+\s*$")
_PLACE = re.compile(r'File "[^"\n]*/(?:site-packages|python3\.\d+)/')
_STATUS = {"BadRequest": "400", "Unauthorized": "401", "Forbidden": "403", "NotFound": "404", "Conflict": "409"}
_STATUS |= {"OverLimit": "413", "Gone": "410"}


def attempt(found: Finished | OfClass, scrubber: Scrubber, at: float, seconds: float) -> Attempt:
    """Say in the words of a run record how a test ended; ``at`` in UNIX seconds.

    Tempest has one word for everything that went wrong, and we have two: what it raised tells whether the cloud
    answered wrongly (``failed``) or nothing can be said of it (``error``). A test that Tempest skips is ``skipped``.
    """
    requests = found.requests if isinstance(found, Finished) else ()
    fixed = {"started": stamp(at), "seconds": round(max(seconds, 0), 3), "requests": len(requests)}
    if found.status == "success":
        return Attempt(outcome=Outcome.PASSED, **fixed)
    if found.status in {"skip", "xfail"}:
        expected = "Tempest expects it to fail" if found.status == "xfail" else "Tempest gives no reason"
        reason = scrubber.text(found.reason or expected)
        return Attempt(outcome=Outcome.SKIPPED, reason=reason, **fixed)
    if found.status == "uxsuccess":
        reason = "it passed where Tempest knows that it must not"
        return Attempt(outcome=Outcome.FAILED, reason=reason, failure=Failure(cause=reason, message=reason), **fixed)
    outcome, failure = _judge(found, found.requests, scrubber)
    return Attempt(outcome=outcome, reason=failure.cause, failure=failure, **fixed)


def _judge(found: Finished | OfClass, requests: Sequence[Sent], scrubber: Scrubber) -> tuple[Outcome, Failure]:
    trace = scrubber.text(_lean(found.traceback or found.reason or "Tempest gives no traceback"))
    kind, words = _raised(trace)
    outcome: Outcome = Outcome.ERROR
    whose: Literal["answer", "trouble", "input", "bug"]
    if _NETWORK.match(kind) or _LATE.match(kind):
        whose = "trouble"
    elif _INPUT.match(kind):
        whose = "input"
    elif not kind or _OURS.match(kind):
        whose = "bug"
    else:
        outcome, whose = Outcome.FAILED, "answer"
    last = requests[-1] if requests else None
    short = kind.rpartition(".")[2]
    status = _STATUS.get(short) if outcome is Outcome.FAILED else None
    failure = Failure(
        cause=": ".join(word for word in (short, words) if word),
        message=trace if len(trace) <= LONGEST else f"…{trace[-LONGEST:]}",
        actual=status,
        place="status" if status else None,
        request=scrubber.text(f"{last.method} {clean_url(last.url)}") if last else None,
        request_id=(last.request_id or None) if last else None,
        stage="setup" if isinstance(found, OfClass) else "test",
        kind=whose,
    )
    return outcome, failure


def _lean(trace: str) -> str:
    """Leave out where this machine keeps its files, which is nobody's business, and marks under the lines."""
    lines = [line for line in trace.splitlines(keepends=True) if not _MARKS.match(line)]
    return _PLACE.sub('File "', "".join(lines))


def _raised(trace: str) -> tuple[str, str]:
    """Return what a traceback says was raised, and the first line of what it says of it."""
    found, words = "", ""
    inside = False
    for line in trace.splitlines():
        if line.startswith("Traceback (most recent call last)"):
            inside = True
        elif inside and (match := _LAST.match(line)):
            found, words, inside = match["kind"], match["text"] or "", False
    if found:
        return found, " ".join(words.split())[:200]
    lines = [line for line in trace.splitlines() if line.strip()]
    return "", lines[-1].strip()[:200] if lines else "no reason is given"
