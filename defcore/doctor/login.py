"""Logging in, and what that tells: scope, rights, life of the token, clocks."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from defcore.cloud.http import Policy
from defcore.cloud.redact import url as clean_url
from defcore.cloud.target import Target
from defcore.doctor.model import note, ok, problem
from defcore.errors import CloudError, DefcoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from defcore.cloud.access import Access
    from defcore.cloud.credential import Credential
    from defcore.doctor.model import Finding, Wanted

LOGIN_SECONDS = 5
"""For each of the two requests of a log-in."""
HURRY = Policy(retries=2, backoff=0.2, longest_wait=1)
"""A single 503 at the log-in must not stop a run before it begins."""
TOLERANCE = 30.0
"""Seconds by which two clocks may differ: half of the shortest time that a test sets on an object."""
SHORT = 600.0
"""A token that lives less than ten minutes is worth a word."""
MARGIN = 300.0
"""Seconds that a token which cannot be renewed must live beyond the estimated end of the run."""
_POWERFUL = frozenset({"admin", "cloud_admin", "administrator", "manager", "service", "reselleradmin"})
"""Roles beyond those of a customer, by name, in lower case: keystone's own, and those of usual deployments."""


@dataclass(frozen=True, slots=True)
class Login:
    """What became of a log-in: ``access`` and ``token``, or ``error``."""

    target: Target | None = None
    access: Access | None = None
    token: str = ""
    error: DefcoreError | None = None


def log_in(credential: Credential) -> Login:
    """Try to log in, quickly: a Keystone that is busy for a moment is asked again, one that is silent is not."""
    try:
        target = Target(credential, timeout=LOGIN_SECONDS, policy=HURRY)
        return Login(target, target.access(), target.token())
    except DefcoreError as error:
        return Login(error=error)


def refused(login: Login, entry: str) -> Finding:
    """Tell of a log-in that did not work."""
    error = login.error
    kind = "cloud-unreachable" if isinstance(error, CloudError) else "login-refused"
    hint = f" ({error.hint})" if error and error.hint else ""
    return problem(kind, entry, f"{error.what if error else 'no log-in in time'}{hint}", entry=entry)


def look(login: Login, credential: Credential, wanted: Wanted, now: float) -> list[Finding]:
    """Judge a log-in that worked: ``now`` in UNIX seconds."""
    access = login.access
    assert access  # noqa: S101 - the caller has looked
    entry = credential.name
    roles = ", ".join(access.roles) or "none"
    url = clean_url(str(credential.auth["auth_url"]))
    findings = [ok("login", entry, f"logged in at {url} with {credential.auth_type}")]
    if access.scope != "project":
        what = f"the token is scoped to {access.scope}, not to a project"
        findings.append(problem("no-project", entry, what, entry=entry))
    powerful = [name for name in access.roles if name.lower() in _POWERFUL]
    if powerful or access.scope == "system":
        what = (
            f"the user has the role {' and '.join(powerful)}" if powerful else "the token is one for the whole system"
        )
        findings.append(problem("too-many-rights", entry, what))
    else:
        findings.append(ok("rights", entry, f"an ordinary user, with the roles: {roles}"))
    if "passcode" in credential.auth or "totp" in credential.auth_type:
        findings.append(problem("one-time-login", entry, f"{credential.auth_type} logs in with a passcode"))
    return findings + _life(access, credential, wanted, now)


def _life(access: Access, credential: Credential, wanted: Wanted, now: float) -> list[Finding]:
    if access.expires is None:
        return [note("token-short", credential.name, "the token has no end that could be read", entry=credential.name)]
    left = access.expires - now
    what = f"the token lives another {_span(left)}" if left > 0 else f"the token ended {_span(-left)} ago"
    fixed = credential.auth_type.endswith("token")
    if left <= 0 or (fixed and left < wanted.seconds + MARGIN):
        more = ", and cannot be renewed" if fixed else ""
        return [problem("token-short", credential.name, what + more, entry=credential.name)]
    if left < SHORT:
        return [note("token-short", credential.name, what, entry=credential.name)]
    return [ok("token-life", credential.name, what)]


def clocks(dates: Mapping[str, tuple[str | None, float]], access: Access | None, issued_by: float) -> list[Finding]:
    """Compare clocks. ``dates`` maps who answered to its Date header and our own time at that moment.

    ``issued_by`` is our time when the token was there. Only what is off is told of each; else one line for all.
    """
    apart = {who: seconds for who, (date, ours) in dates.items() if (seconds := skew(date, ours)) is not None}
    if access and access.issued is not None:
        apart["identity, by its tokens"] = access.issued - issued_by
    off = {who: seconds for who, seconds in apart.items() if abs(seconds) > TOLERANCE}
    findings = [
        problem("clock-off", who, f"its clock is {_span(abs(by))} {'ahead of' if by > 0 else 'behind'} ours")
        for who, by in sorted(off.items())
    ]
    if findings or not apart:
        return findings
    return [ok("clock", "identity", f"clocks agree within {TOLERANCE:.0f} s")]


def skew(date: str | None, ours: float) -> float | None:
    """Return by how many seconds an HTTP date is ahead of ``ours``, None for one that cannot be read."""
    try:
        return parsedate_to_datetime(date or "").timestamp() - ours
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _span(seconds: float) -> str:
    """Say a time span in the unit that fits."""
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
