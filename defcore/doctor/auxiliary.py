"""The further credentials: do they work, and are they what their tests need them to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.doctor.login import Login, log_in, refused
from defcore.doctor.model import found, ok, problem
from defcore.doctor.reader import Reader
from defcore.doctor.room import answered
from defcore.doctor.storage import account
from defcore.kit.meta import NEEDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from defcore.cloud.access import Access
    from defcore.cloud.credential import Credential
    from defcore.doctor.model import Finding, Wanted

READS = (200, 204)


@dataclass(frozen=True, slots=True)
class Main:
    """The main user, as the others are compared with it. ``store`` is its account's URL, where there is one."""

    credential: Credential
    access: Access
    store: str | None


@dataclass(frozen=True, slots=True)
class _Case:
    """A further credential that has logged in, and the tests for which it does."""

    role: str
    entry: str
    access: Access
    store: str | None
    reader: Reader
    tests: str


def missing(role: str, main: Credential, wanted: Wanted) -> list[Finding]:
    """Tell that a credential is not there, and of which tests it keeps us."""
    severity, words = wanted.weigh(wanted.needing(role))
    entry, person = f"{main.name}-{role}", NEEDS[role]
    what = f"no entry of clouds.yaml for {person}"
    return [
        found("missing-credential", severity, entry, what, tests=words, entry=entry, role=role, person=person),
    ]


def look(
    role: str, credential: Credential, main: Main, others: Mapping[str, Credential], wanted: Wanted
) -> list[Finding]:
    """Log in with a further credential and judge it. ``others`` are all credentials, by role."""
    entry = credential.name
    _, tests = wanted.weigh(wanted.needing(role))
    login = log_in(credential)
    if login.access is None or login.target is None:
        words = refused(login, entry).what
        return [problem("credential-refused", entry, words, tests=tests, entry=entry)]
    case = _Case(role, entry, login.access, _store(login), Reader(credential, login.token), tests)
    findings = _CHECKS[role](case, main, others)
    if findings:
        return findings
    return [ok("credential", entry, f"{NEEDS[role].removeprefix('a ')}: it works, and is as it should be")]


def _store(login: Login) -> str | None:
    return login.target.endpoint("object-store") if login.target else None


def _apart(case: _Case, main: Main) -> list[Finding]:
    """Require another project than the main one."""
    if case.access.project_id != main.access.project_id:
        return []
    what = f"it leads to the same project as {main.credential.name}"
    return [problem("same-project", case.entry, what, tests=case.tests, entry=case.entry)]


def _alt(case: _Case, main: Main, others: Mapping[str, Credential]) -> list[Finding]:
    del others
    if (findings := _apart(case, main)) or main.store is None:
        return findings
    if case.reader.head(main.store).status in READS:
        what = f"it can read the account of {main.credential.name}"
        return [problem("reads-all", case.entry, what, entry=case.entry)]
    return []


def _empty(case: _Case, main: Main, others: Mapping[str, Credential]) -> list[Finding]:
    del others
    if (findings := _apart(case, main)) or case.store is None:
        return findings
    exchange = case.reader.head(case.store)
    if findings := answered(case.entry, exchange, json=False):
        return findings
    told = account(exchange)
    if told.containers or told.marks:
        what = f"its account has {told.containers} containers and {told.marks} items of metadata"
        return [problem("not-empty", case.entry, what, tests=case.tests, entry=case.entry)]
    return []


def _reader(case: _Case, main: Main, others: Mapping[str, Credential]) -> list[Finding]:
    del main, others
    if {name.lower() for name in case.access.roles} == {"reader"}:
        return []
    what = f"its roles are: {', '.join(case.access.roles) or 'none'}"
    return [problem("not-a-reader", case.entry, what, tests=case.tests, entry=case.entry)]


def _reseller(case: _Case, main: Main, others: Mapping[str, Credential]) -> list[Finding]:
    """Require that it reads an account of a project that is not its own: nobody but a ResellerAdmin can."""
    foreign = main.store if case.access.project_id != main.access.project_id else _foreign(case, others)
    if foreign is not None:
        can = case.reader.head(foreign).status in READS
    else:
        can = any("reseller" in name.lower() for name in case.access.roles)
    if can:
        return []
    what = f"it has no right over other accounts; its roles are: {', '.join(case.access.roles) or 'none'}"
    return [problem("no-reseller", case.entry, what, tests=case.tests, entry=case.entry)]


def _foreign(case: _Case, others: Mapping[str, Credential]) -> str | None:
    """Return the URL of an account in another project than the reseller's own."""
    for role in ("alt", "empty"):
        if role in others:
            login = log_in(others[role])
            if login.access and login.access.project_id != case.access.project_id:
                return _store(login)
    return None


def _spare(case: _Case, main: Main, others: Mapping[str, Credential]) -> list[Finding]:
    """Require a user of its own that has a password."""
    if not others[case.role].auth.get("password"):
        what = "it logs in by other means than a password"
    elif case.access.user_id == main.access.user_id:
        what = f"it is the user of {main.credential.name} too"
    else:
        return []
    return [problem("same-user", case.entry, what, tests=case.tests, entry=case.entry)]


_CHECKS: dict[str, Callable[[_Case, Main, Mapping[str, Credential]], list[Finding]]] = {
    "alt": _alt,
    "empty": _empty,
    "reader": _reader,
    "reseller": _reseller,
    "spare": _spare,
}
