"""The pytest plugin: fixtures for tests of ``capabilities/``, and their outcomes.

The runner's workers register it with a session of theirs; ``capabilities/conftest.py`` registers it for
``pytest capabilities/… --cloud NAME``.
"""

from __future__ import annotations

import tempfile
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from defcore.kit.meta import NEEDS, meta_of
from defcore.kit.outcomes import NotRunError, UnsupportedError, judge
from defcore.kit.session import SETTLE, Session
from defcore.run.record import Attempt, Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Generator

    from defcore.kit.compute import Compute
    from defcore.kit.identity import Identity
    from defcore.kit.image import Images
    from defcore.kit.meta import TestMeta
    from defcore.kit.network import Networks
    from defcore.kit.objectstore import ObjectStore
    from defcore.kit.volume import Volumes
    from defcore.run.record import Failure

DEADLINE = 900.0
"""Seconds that one test may take."""


@dataclass(slots=True)
class _Going:
    meta: TestMeta
    number: int
    began: float
    started: str
    outcome: Outcome = Outcome.PASSED
    reason: str | None = None
    failure: Failure | None = None


class Plugin:
    """Runs each declared test within a session and keeps its last attempt in ``attempt``."""

    def __init__(self, session: Session, deadline: float = DEADLINE) -> None:
        """Take the session; ``deadline`` in seconds bounds each test."""
        self.session = session
        self.attempt: Attempt | None = None
        self.number = 1
        self._deadline = deadline
        self._going: _Going | None = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Open and close the test around pytest's own protocol."""
        meta = meta_of(getattr(item, "function", None))
        if meta is None:
            return (yield)
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self._going = _Going(meta, self.number, time.monotonic(), now)
        try:
            return (yield)
        finally:
            self.attempt = self._closed(self._going)
            self._going = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, None, None]:
        """See that the test's needs are met before its fixtures are made."""
        del item
        if self._going:
            self.session.begin(self._going.meta, self._going.number, self._deadline)
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn what was raised into an outcome; by hand, what was not run is shown as skipped."""
        report = yield
        if self._going is None or call.excinfo is None:
            return report
        error = call.excinfo.value
        if self._going.outcome is Outcome.PASSED and not isinstance(error, pytest.exit.Exception | KeyboardInterrupt):
            going = self._going
            verdict = judge(error, self.session.stage, self.session.scrubber, going.meta.reference)
            going.outcome, going.reason, going.failure = verdict
            report.longrepr = f"{going.outcome.value}: {going.reason}"
        if isinstance(error, NotRunError | UnsupportedError):
            report.outcome = "skipped"
            report.longrepr = (str(item.path), item.location[1] or 0, f"Skipped: {error}")
        return report

    def _closed(self, going: _Going) -> Attempt:
        session = self.session
        changer = session.changer
        session.end()
        outcome, reason = going.outcome, going.reason
        if changer is not None and changer.applied == 0 and outcome is Outcome.PASSED:
            outcome, reason = Outcome.ERROR, "the declared change met no response"
        return Attempt(
            outcome=outcome,
            started=going.started,
            seconds=round(time.monotonic() - going.began, 3),
            requests=session.requests,
            retries=session.retries,
            reason=reason,
            failure=going.failure,
            findings=tuple(dict.fromkeys(session.findings)),
        )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """End what the tests shared, and tell what could not be ended."""
        self.session.findings = []
        self.session.close()
        for item in self.session.findings:
            terminalreporter.write_line(item.message)

    @property
    def repeated(self) -> list[Finding]:
        """What had to be tried again when the tests' common things were ended."""
        return [item for item in self.session.findings if item.kind == "flaky"]

    @pytest.fixture(name="session")
    def _session_fixture(self) -> Session:
        """Names, findings, settling: what all tests share."""
        return self.session

    @pytest.fixture
    def store(self) -> ObjectStore:
        """The object store as the main user sees it."""
        return self.session.actor("main").object_store

    @pytest.fixture
    def alt(self) -> ObjectStore:
        """The object store as the user of a second project sees it."""
        return self.session.actor("alt").object_store

    @pytest.fixture
    def empty(self) -> ObjectStore:
        """The object store of a project in which nothing was ever stored."""
        return self.session.actor("empty").object_store

    @pytest.fixture
    def reseller(self) -> ObjectStore:
        """The object store as a ResellerAdmin sees it."""
        return self.session.actor("reseller").object_store

    @pytest.fixture
    def compute(self) -> Compute:
        """Nova as the main user sees it."""
        return self.session.actor("main").compute

    @pytest.fixture
    def images(self) -> Images:
        """Glance as the main user sees it."""
        return self.session.actor("main").image

    @pytest.fixture
    def networks(self) -> Networks:
        """Neutron as the main user sees it."""
        return self.session.actor("main").network

    @pytest.fixture
    def volumes(self) -> Volumes:
        """Cinder as the main user sees it."""
        return self.session.actor("main").block_storage

    @pytest.fixture
    def identity(self) -> Identity:
        """Keystone as the main user sees it."""
        return self.session.actor("main").identity


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options for running tests of the suite by hand."""
    group = parser.getgroup("defcore")
    group.addoption("--cloud", help="entry of clouds.yaml to test (needed to run tests of capabilities/ by hand)")
    for need in NEEDS:
        group.addoption(f"--{need}", help=f"entry of clouds.yaml for it (default: CLOUD-{need})")
    group.addoption("--altered", action="store_true", help="apply each test's declared change: every test must fail")


def pytest_configure(config: pytest.Config) -> None:
    """Open a session for the cloud that was named."""
    from defcore.cloud.credential import read_credentials  # noqa: PLC0415 - openstacksdk is slow to import
    from defcore.errors import DefcoreError  # noqa: PLC0415
    from defcore.run.ledger import LEDGER, Ledger  # noqa: PLC0415

    cloud = config.getoption("--cloud", None)
    if not cloud:
        return
    named = {need: config.getoption(f"--{need}") for need in NEEDS}
    try:
        credentials = read_credentials(cloud, {need: name for need, name in named.items() if name})
    except DefcoreError as error:
        raise pytest.UsageError(str(error)) from error
    run = Path(tempfile.mkdtemp(prefix="defcore-by-hand-"))
    run_id = uuid.uuid4().hex[:16]
    altered = bool(config.getoption("--altered"))
    session = Session(
        run, run_id, credentials, Ledger(run / LEDGER), altered=altered, settle=0.5 if altered else SETTLE
    )
    plugin = Plugin(session)
    config.pluginmanager.register(plugin, "defcore-session")
    config.add_cleanup(session.close)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Say what is missing when tests of the suite are to run without a cloud."""
    if not config.pluginmanager.hasplugin("defcore-session") and any(
        meta_of(getattr(i, "function", None)) for i in items
    ):
        message = "the tests of capabilities/ need a cloud: add --cloud NAME, an entry of clouds.yaml"
        raise pytest.UsageError(message)
