"""The whole examination: log-in first, then everything else side by side, within a bounded time."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from defcore.cloud.redact import Scrubber
from defcore.cloud.redact import url as clean_url
from defcore.doctor import auxiliary, catalogue, certificate, servers, storage
from defcore.doctor.login import Login, clocks, log_in, look, refused
from defcore.doctor.model import Diagnosis, Finding, found, note, ok, problem
from defcore.doctor.reader import Reader, content, dig, together
from defcore.doctor.room import answered, missing
from defcore.errors import CloudError, InputError
from defcore.kit.meta import NEEDS, PASSWORD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from defcore.cloud.credential import Credential
    from defcore.doctor.model import Wanted

BUDGET = 16.0
"""Seconds for everything: with the start of the program it stays under the twenty that are promised."""
LOGIN_SHARE = 0.6
"""The part of them that the main log-in may take."""
Clock = Callable[[], float]


def examine(
    credentials: Mapping[str, Credential], wanted: Wanted, *, now: Clock = time.time, budget: float = BUDGET
) -> Diagnosis:
    """Look at a cloud without changing anything on it: log-in and reading requests only.

    ``credentials`` are those of ``read_credentials``, by role; ``now`` gives our time in UNIX seconds, ``budget`` the
    seconds after which what is not known yet is told as too slow. What is wrong with the cloud is a finding, not an
    exception.
    """
    began = time.monotonic()
    main = credentials["main"]
    scrubber = Scrubber(secret for item in credentials.values() for secret in item.secrets())
    url = clean_url(str(main.auth["auth_url"]))
    (login,) = together([partial(log_in, main)], began + LOGIN_SHARE * budget)
    login = login or Login(error=CloudError("cloud-unreachable", f"{url} takes too long to answer"))
    if login.error:
        tls = certificate.hosts([str(main.auth["auth_url"])])
        looks = together([partial(certificate.look, item, main, now()) for item in tls], began + budget)
        findings = [refused(login, main.name), *(item for found_ in looks for item in found_ or ())]
        return Diagnosis(tuple(findings), login.error).without_secrets(scrubber)
    scrubber.add(login.token)
    return _Examination(credentials, wanted, login, now, began + budget).go().without_secrets(scrubber)


class _Examination:
    """What is looked at once the main user is in."""

    def __init__(
        self,
        credentials: Mapping[str, Credential],
        wanted: Wanted,
        login: Login,
        now: Clock,
        until: float,
    ) -> None:
        assert login.target  # noqa: S101 - the log-in worked
        assert login.access  # noqa: S101
        self.credentials, self.wanted, self.login, self.now, self.until = credentials, wanted, login, now, until
        self.target, self.access, self.main = login.target, login.access, credentials["main"]
        self.issued_by = now()
        self.dates: dict[str, tuple[str | None, float]] = {}
        self.announced: dict[str, frozenset[str]] = {}
        self.room: dict[str, int] = {}
        self.services: dict[str, str | None] = {kind: self._url(kind) for kind in wanted.services}

    def _url(self, kind: str) -> str | None:
        return self.target.identity_url() if kind == "identity" else self.target.endpoint(kind)

    def go(self) -> Diagnosis:
        """Look at everything and gather the findings."""
        now = self.now()
        first = look(self.login, self.main, self.wanted, now)
        if self.access.endpoints or self.access.scope == "project":
            first += catalogue.look(self.access, self.main, self.services)
        tasks = self._tasks(now)
        looks = together([task for _, task in tasks], self.until)
        more: list[Finding] = []
        for (where, _), result in zip(tasks, looks, strict=True):
            more += [problem("too-slow", where, "it was not done in time")] if result is None else result
        findings = [*first, *clocks(self.dates, self.access, self.issued_by), *more, *self._others()]
        reached = {kind: url for kind, url in self.services.items() if url}
        return Diagnosis(tuple(findings), self._blocked(reached), reached, self.announced, self.room)

    def _tasks(self, now: float) -> list[tuple[str, Callable[[], list[Finding]]]]:
        urls = [str(self.main.auth["auth_url"]), *(url for url in self.services.values() if url)]
        tasks: list[tuple[str, Callable[[], list[Finding]]]] = [
            (item, partial(certificate.look, item, self.main, now)) for item in certificate.hosts(urls)
        ]
        tasks += [(kind, partial(self._service, kind, url)) for kind, url in self.services.items() if url]
        tasks.append(("the rest of the catalogue", self._unneeded))
        main = auxiliary.Main(self.main, self.access, self.services.get("object-store"))
        for role in NEEDS:
            if not self.wanted.needing(role):
                continue
            if role in self.credentials:
                entry = self.credentials[role]
                tasks.append((entry.name, partial(auxiliary.look, role, entry, main, self.credentials, self.wanted)))
            else:
                tasks.append((role, partial(auxiliary.missing, role, self.main, self.wanted)))
        return tasks

    def _service(self, kind: str, url: str) -> list[Finding]:
        """Look at a service that the tests need."""
        reader = Reader(self.main, self.login.token)
        if kind == "identity":
            findings = _identity(url, reader)
        elif kind == "object-store":
            anonymous = Reader(self.main)
            findings, announced = storage.look(url, reader, anonymous, self.wanted, self.main.name, self.now())
            if announced is not None:
                self.announced[kind] = frozenset(announced)
        elif kind in servers.LOOKS:
            findings, left = servers.LOOKS[kind](url, reader, self.wanted, self.access.project_id)
            self.room |= left
            if kind == "network" and self.wanted.extensions(kind):
                names = servers.extensions(url, reader)
                if names is not None:
                    self.announced[kind] = names
                    findings += missing(kind, names, self.wanted)
        else:
            findings = answered(kind, reader.get(url)) or [ok("service", kind, f"answers at {clean_url(url)}")]
        self.dates[kind] = reader.date()
        return findings

    def _unneeded(self) -> list[Finding]:
        """See that the rest of the catalogue answers at all; nobody there is shown our token."""
        rest = {kind: url for kind, url in catalogue.used(self.access, self.main).items() if kind not in self.services}
        rest = {kind: url for kind, url in rest.items() if not catalogue.fault(url, str(self.main.auth["auth_url"]))}
        looks = together([partial(Reader(self.main).get, url) for url in rest.values()], self.until - 0.5)
        silent = [kind for kind, seen in zip(rest, looks, strict=True) if seen is None or not 0 < seen.status < 500]  # noqa: PLR2004 - HTTP
        return [note("not-needed", "catalogue", f"no answer from: {', '.join(silent)}")] if silent else []

    def _others(self) -> list[Finding]:
        """Tell of a password that is not there."""
        tests = self.wanted.needing(PASSWORD)
        if not tests or self.main.auth.get("password"):
            return []
        severity, words = self.wanted.weigh(tests)
        what = f"it logs in with {self.main.auth_type}, without a password"
        return [found("missing-password", severity, self.main.name, what, tests=words)]

    def _blocked(self, reached: Mapping[str, str]) -> InputError | None:
        """Say why a run would be pointless: not one of the services that it is about is there."""
        where = f"cloud {self.main.name}"
        if self.access.scope != "project":
            hint = "name the project in clouds.yaml: project_name and project_domain_name, or project_id"
            return InputError("no-project", "the user's token belongs to no project", where=where, hint=hint)
        about = [kind for kind in self.wanted.services if kind != "identity"]
        if not about or any(kind in reached for kind in about):
            return None
        if self.main.region and self.main.region not in self.access.regions:
            what = f"the catalogue has nothing in region {self.main.region!r}"
            known = ", ".join(self.access.regions) or "none"
            return InputError("unknown-region", what, where=where, hint=f"set region_name to one of: {known}")
        what = f"the catalogue has no {' or '.join(about)}, so nothing of the program can be tested"
        return InputError("no-service", what, where=where, hint="check region_name and interface in clouds.yaml")


def _identity(url: str, reader: Reader) -> list[Finding]:
    exchange = reader.get(url)
    if findings := answered("identity", exchange):
        return findings
    version = dig(content(exchange), "version", "id")
    named = f" {version}" if isinstance(version, str) else ""
    return [ok("service", "identity", f"Keystone{named} answers at {clean_url(url)}")]
