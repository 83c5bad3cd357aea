"""What all tests of one process share: who acts, the ledger, the evidence, the run's name."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from defcore.cloud.http import SAFE, Exchange, Policy, TroubleError
from defcore.cloud.redact import Scrubber
from defcore.kit import common
from defcore.kit.actor import Actor
from defcore.kit.answer import CheckFailedError
from defcore.kit.change import Changer
from defcore.kit.debts import Debts
from defcore.kit.meta import ANNOUNCING, unmet
from defcore.kit.names import LIFETIME, fresh
from defcore.kit.outcomes import NotRunError, UnsupportedError
from defcore.kit.sharing import Sharing
from defcore.kit.waiting import WAIT, Waiting
from defcore.run.evidence import Evidence
from defcore.run.record import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from typing import Literal

    from defcore.cloud.credential import Credential
    from defcore.kit.answer import Answer
    from defcore.kit.meta import TestMeta
    from defcore.run.ledger import Entry, Ledger

T = TypeVar("T")
SETTLE = 5.0
"""Seconds within which an eventually consistent read must have settled."""


class Session(Sharing):
    """The context of the tests in one process. One test at a time is open between ``begin`` and ``end``."""

    def __init__(  # noqa: PLR0913 - each is a choice of its own, by keyword
        self,
        run: Path,
        run_id: str,
        credentials: Mapping[str, Credential],
        ledger: Ledger,
        *,
        policy: Policy | None = None,
        settle: float = SETTLE,
        altered: bool = False,
        wait: float = WAIT,
        shared_for: float = LIFETIME,
        evidence: bool = True,
        alone: bool = True,
        tidy: bool = False,
        pins: Mapping[str, str] | None = None,
    ) -> None:
        """Take the run's directory, id and credentials.

        ``altered`` applies each test's declared change; without ``evidence`` no exchange is kept. What tests
        share is in use for ``shared_for`` seconds at most, and expires no sooner; no state is waited for longer than
        ``wait`` seconds. Unless the session is ``alone`` in its run, somebody else ends what the whole run shares.
        ``tidy`` sees to it that what a test made is gone before the next one begins. ``pins`` are choices of the user:
        image, flavor and the like, by name or id.
        """
        self.run_id = run_id
        self.pins = dict(pins or {})
        self.wait = Waiting(wait, run / common.FOLDER)
        self.policy = policy or Policy()
        self.settle_seconds = settle
        self.scrubber = Scrubber(secret for item in credentials.values() for secret in item.secrets())
        self.ledger = ledger
        self.changer: Changer | None = None
        self.deadline: float | None = None
        self.stage: Literal["setup", "test", "cleanup"] = "setup"
        self.requests = 0
        self.retries = 0
        self.findings: list[Finding] = []
        self._altered = altered
        self._shared_for = max(shared_for, LIFETIME)
        self._credentials = credentials
        self._actors: dict[str, Actor] = {}
        self._evidence = Evidence(run, self.scrubber) if evidence else None
        self._meta: TestMeta | None = None
        self._attempt = 1
        self.debts = Debts(ledger, self.actor, self.scrubber)
        self._run = run
        self._alone = alone
        self._tidy = tidy
        super().__init__()
        self._last = ""

    def begin(self, meta: TestMeta, attempt: int, seconds: float) -> None:
        """Open a test that may take ``seconds``, and see that its needs are met."""
        self._meta, self._attempt = meta, attempt
        self.requests = self.retries = 0
        self.findings = []
        self.stage = "setup"
        self.deadline = time.monotonic() + seconds
        main = self._credentials["main"]
        if message := unmet(meta, main.name, self._credentials, password=bool(main.auth.get("password"))):
            raise NotRunError(message)
        for extension in meta.extensions:
            service, _, name = extension.partition(":")
            if service in ANNOUNCING and self.actor("main").client(service).lacks(name):
                message = f"the {service} service does not announce {name}"
                raise UnsupportedError(message)
        self.stage = "test"
        self.changer = Changer(meta.fails_if) if self._altered else None

    def end(self) -> None:
        """Close the test: end what it owes, oldest last, and note what cannot be ended."""
        self.stage, self.changer = "cleanup", None
        self._end(self.debts.of(self._meta.id if self._meta else None), wait=self._tidy)
        self._meta, self.deadline = None, None

    def close(self) -> None:
        """End what the tests shared; alone, see too that all that was told to go is gone."""
        self.stage, self.changer = "cleanup", None
        self._end(self.debts.all(), wait=self._alone)
        if self._alone:
            common.forget(self._run)

    def _end(self, entries: list[Entry], *, wait: bool) -> None:
        self.deadline = time.monotonic() + self.policy.total
        for entry, problem in self.debts.end(entries, self.policy.total, wait=wait):
            message = f"could not end {entry.kind} {entry.where.get('name', entry.kind)}: {problem}"
            self.findings.append(Finding(kind="cleanup", message=message))
            if self._meta is None:
                # A cloud that is down is not asked again and again for each thing that is owed.
                for actor in self._actors.values():
                    actor.http.policy = replace(self.policy, retries=0)

    def release(self, entry: Entry) -> str | None:
        """End one thing that is owed, wait until it is gone, and settle it in the ledger; return what went wrong."""
        problem = self.debts.release(entry)
        return problem or next((problem for _, problem in self.debts.confirm(self.policy.total)), None)

    @property
    def actors(self) -> tuple[str, ...]:
        """The roles for which a credential was supplied."""
        return tuple(self._credentials)

    def actor(self, role: str) -> Actor:
        """Return who acts in that role."""
        if role not in self._actors:
            self._actors[role] = Actor(role, self._credentials[role], self)
        return self._actors[role]

    def owe(self, kind: str, role: str, where: dict[str, Any]) -> Entry:
        """Enter in the ledger what is about to be created or changed."""
        test = self._meta.id if self._meta and not self._sharing else None
        entry = self.ledger.enter(kind, role, where, test=test, expires=self._expiry(), made=time.time())
        if self._lending is not None and not self._common:
            self._lending.append(entry.number)
        if self._alone or not (self._common or self._lending is not None):
            self.debts.add(entry, test)
        return entry

    def learn(self, entry: Entry, **where: str) -> None:
        """Note in the ledger what the cloud tells of a thing that was entered, such as its id."""
        self.debts.learn(entry, **where)

    def found(self, kind: str, name: str, thing: str, listed: Answer) -> None:
        """Note in the ledger the id of a thing that was made with others, and is now found by its name in a list.

        A list that was altered is not believed: with a wrong id nothing would be ended.
        """
        if not listed.exchange.altered:
            self.debts.found(kind, name, thing)

    def adopt(self, entry: Entry, *, leaving: bool = False) -> None:
        """Take over what a process has left in the ledger; ``leaving``: its deletion was accepted."""
        if leaving:
            self.debts.told_to_go(entry)
        else:
            self.debts.add(entry, None)

    def settled(self, entry: Entry) -> None:
        """Note that a thing is gone by the test's own doing."""
        self.debts.settle(entry)

    def over(self, thing: str) -> None:
        """Note that the thing of this id is gone."""
        self.debts.over(thing)

    def leaves(self, thing: str) -> None:
        """Note that the deletion of the thing of this id was accepted."""
        self.debts.leaves(thing)

    def name(self, word: str = "") -> str:
        """Return a fresh name that carries the run's id, when it expires, and nothing of the test."""
        return fresh(self.run_id, self._expiry(), word)

    def _expiry(self) -> float:
        lasting = self._sharing or (self._meta and self._meta.gives)
        return time.time() + (self._shared_for if lasting else LIFETIME)

    def know(self, *found: str) -> None:
        """Remember secrets, so that they are written nowhere."""
        for item in found:
            self.scrubber.add(item)

    def note(self, message: str) -> None:
        """Add an advisory finding: worth knowing, deciding nothing."""
        self.findings.append(Finding(kind="advisory", message=self.scrubber.text(message)))

    def stumbled(self, message: str) -> None:
        """Note that something had to be tried again before it worked."""
        self.findings.append(Finding(kind="flaky", message=self.scrubber.text(message)))

    def saw(self, exchange: Exchange) -> None:
        """Count and keep an exchange, and learn what in it is secret before anything is written."""
        self.requests += 1
        if exchange.method not in SAFE:
            self.wait.changed(exchange.operation)
        self.know(*exchange.secrets())
        if exchange.attempt > 1:
            self.retries += 1
            self.stumbled(f"{exchange.operation} was sent again, attempt {exchange.attempt}: {self._last}")
        self._last = exchange.error or f"status {exchange.status}"
        if self._meta and self._evidence:
            self._evidence.add(self._meta.id, exchange, self._attempt, self.stage)

    @contextmanager
    def setting_up(self) -> Iterator[None]:
        """Mark what is done inside as preparation."""
        stage, changer = self.stage, self.changer
        self.stage, self.changer = "setup", None
        yield
        # Left as it is on an exception, so that the failure is told to be one of the preparation.
        self.stage, self.changer = stage, changer

    def judged(self, answer: Answer, shape: Any) -> Answer:  # noqa: ANN401 - any shape
        """Hold an answer to its shape where a test judges: in preparation only what is needed of it counts.

        The published tests' clients hold every answer to its schema, those that they wait with too.
        """
        return answer.shape(shape) if self.stage == "test" else answer

    def advise(self, check: Callable[[], object]) -> None:
        """Do a check that goes beyond the published test: where it fails there is a finding, and no failure."""
        try:
            check()
        except CheckFailedError as error:
            if error.exchange and error.exchange.unsure:
                return
            where = f"{error.exchange.operation}: " if error.exchange else ""
            self.note(f"{where}{error}")
        except TroubleError as error:
            self.note(f"{error.request or 'a request'}: {error}")

    @contextmanager
    def in_time(self, seconds: float) -> Iterator[None]:
        """Judge what is checked inside only if all of it was over within ``seconds``: for what holds for a while.

        Raises TroubleError in the place of a failure that came too late.
        """
        end = time.monotonic() + seconds
        try:
            yield
        except CheckFailedError as error:
            if time.monotonic() < end:
                raise
            message = f"too slow to be judged: what was to be seen within {seconds:.0f} s took longer"
            raise TroubleError(message, exchange=error.exchange) from error

    def settle(self, check: Callable[[], T], seconds: float | None = None) -> T:
        """Repeat a check of an eventually consistent read until it holds, for ``seconds`` (else five) at most."""
        longest = self.settle_seconds if seconds is None or self._altered else seconds
        end = time.monotonic() + longest
        pause = 0.05
        while True:
            try:
                return check()
            except CheckFailedError:
                if time.monotonic() >= end:
                    raise
            time.sleep(pause)
            pause = min(pause * 2, 1)
