"""The test of tests: the suite passes on real clouds, leaves nothing there, and notices what it says it notices."""

from __future__ import annotations

import ast
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from defcore import refcloud as reference
from defcore.cloud.credential import read_credentials
from defcore.doctor import examine
from defcore.guideline import resolve
from defcore.kit.commons import COMMONS
from defcore.refcloud import profiles
from defcore.refcloud.services import SERVICES
from defcore.run.forecast import bounds, wishes
from defcore.run.journal import PlannedTest
from defcore.run.plan import Plan, slow_first
from defcore.run.pool import Options
from defcore.run.record import Cloud, Engine, Outcome, RunRecord
from defcore.run.runner import make_directory, run
from defcore.suite import SuiteTest, collect, operations, suite_dir

from .things import Account, accounts, move_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from defcore.cloud.credential import Credential

SUITE = collect(suite_dir())
IDS = sorted(SUITE)
NAMES = [SUITE[test_id].node.partition("::")[2] for test_id in IDS]
EACH = pytest.mark.parametrize("test_id", IDS, ids=NAMES)
EACH_OF_SUITE = pytest.mark.parametrize(
    "test", SUITE.values(), ids=[test.node.partition("::")[2] for test in SUITE.values()]
)
UNSUPPORTED = {
    "ac1ad47f-984b-4441-9274-c9079b7a0666": "operating system",
    "cbc0f52f-05aa-492b-bdc1-84b575ca294b": "operating system",
}
"""Tests that the reference cloud cannot carry out, and a word of the reason: no guest runs there."""
GUIDELINE = resolve("2026.11").guideline
LATER = {test.id for capability in GUIDELINE.capabilities for test in capability.tests}
"""The 287 ids of 2020.06, the 51 that came later, and 110 of our own."""
LIMITS = {"servers": 9, "requests": 1850}
"""What all tests together may boot and send on the plain cloud; 8 servers when it was written."""


@dataclass(frozen=True)
class Ran:
    """A run of the whole suite, and the accounts before and after."""

    record: RunRecord
    out: Path
    before: dict[str, Account]
    after: dict[str, Account]


def clouds_of(cloud: reference.Cloud) -> dict[str, Credential]:
    """Read the credentials of a cloud."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OS_CLIENT_CONFIG_FILE", str(cloud.clouds_yaml))
        return read_credentials(cloud.name)


def whole() -> Plan:
    """Plan all that the suite has, whatever a guideline asks for."""
    listed = tuple(PlannedTest(id=test_id, name=test.node, revision=1) for test_id, test in SUITE.items())
    return Plan(tuple(slow_first(SUITE.values())), listed, False, "the suite", "2026.11", "x")  # noqa: FBT003 - whole


def go(cloud: reference.Cloud, out: Path, *, altered: bool = False) -> Ran:
    """Run the suite; quotas are kept as the command keeps them."""
    credentials = clouds_of(cloud)
    before = accounts(credentials)
    make_directory(out)
    plan = whole()
    room = bounds(plan.tests, examine(credentials, wishes(plan.tests, 4)), 4)
    record = run(
        plan,
        credentials,
        out,
        suite=suite_dir(),
        cloud=Cloud(name=cloud.name, auth_url="http://x"),
        engine=Engine(name="native", version="0"),
        options=Options(altered=altered, settle=0.5 if altered else 5, wait=20 if altered else 300, room=room),
        progress=lambda _: None,
    )
    return Ran(record, out, before, accounts(credentials))


@pytest.fixture(scope="module")
def full(cloud_home: reference.Home) -> Iterator[reference.Cloud]:
    """Start the whole plain cloud."""
    with reference.running(cloud_home, "whole", services=SERVICES) as cloud:
        yield cloud


@pytest.fixture(scope="module")
def full_odd(cloud_home: reference.Home) -> Iterator[reference.Cloud]:
    """Start the whole odd cloud, with volumes: everything there has another name, and the quotas are small."""
    with reference.running(cloud_home, "whole-odd", services=SERVICES, profile="odd") as cloud:
        yield cloud


@pytest.fixture(scope="module")
def clean(full: reference.Cloud, full_odd: reference.Cloud, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """Run the suite in a project that is full of somebody else's things, and in an empty one with small quotas."""
    move_in(clouds_of(full))
    outs = {name: tmp_path_factory.mktemp(name) / "run" for name in ("plain", "odd")}
    with ThreadPoolExecutor() as both:
        found = {name: both.submit(go, cloud, outs[name]) for name, cloud in (("plain", full), ("odd", full_odd))}
        return {name: item.result() for name, item in found.items()}


@pytest.fixture(params=["plain", "odd"])
def ran(request: pytest.FixtureRequest, clean: dict[str, Ran]) -> Ran:
    """Give the run on either cloud."""
    return clean[request.param]


@pytest.fixture(scope="module")
def altered(clean: dict[str, Ran], full: reference.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Run the suite on the plain cloud with each test's declared change applied."""
    assert clean
    return go(full, tmp_path_factory.mktemp("altered") / "run", altered=True)


# -- on real clouds ---------------------------------------------------------------------------------------------------


def test_the_run_is_whole(ran: Ran) -> None:
    """A run that breaks off, or is taken for no result, says nothing of the tests."""
    assert ran.record.complete
    assert ran.record.void is None


@EACH
@pytest.mark.parametrize("profile", ["plain", "odd"])
def test_it_passes_on_a_real_cloud(clean: dict[str, Ran], profile: str, test_id: str) -> None:
    """A test that fails on upstream OpenStack would condemn every cloud; on the odd one, every unfamiliar cloud."""
    found = clean[profile].record.by_id()[test_id]
    if test_id in UNSUPPORTED:
        assert found.outcome is Outcome.UNSUPPORTED
        assert UNSUPPORTED[test_id] in str(found.attempts[-1].reason)
        return
    assert found.outcome is Outcome.PASSED, found.attempts or found.reason
    assert not [item for item in found.attempts[0].findings if item.kind == "cleanup"]


@EACH
def test_it_fails_when_what_it_checks_is_changed(altered: Ran, test_id: str) -> None:
    """A test that passes whatever comes back is decoration, and the verdict that rests on it a lie."""
    found = altered.record.by_id()[test_id]
    if test_id in UNSUPPORTED:
        assert found.outcome is Outcome.UNSUPPORTED
        return
    assert found.outcome is Outcome.FAILED, found.attempts or found.reason
    failure = found.attempts[0].failure
    assert failure
    change = SUITE[test_id].meta.fails_if
    assert failure.stage == "test", failure
    assert failure.cause.startswith(f"{change.on}: "), failure
    lines = (altered.out / "evidence" / f"{test_id}.jsonl").read_text(encoding="utf-8").splitlines()
    named = [item for item in map(json.loads, lines) if item["request_id"] == failure.request_id]
    assert [item["operation"] for item in named] == [change.on]


def test_each_test_asks_what_is_recorded_of_it(clean: dict[str, Ran]) -> None:
    """Otherwise documents and coverage tell of other API calls than those that are made: make suite-data."""
    recorded = operations.load(suite_dir()).tests
    for profile in clean.values():
        found = operations.seen(profile.out, profile.record).tests
        assert {key: entry.operations for key, entry in found.items()} == {
            key: recorded[key].operations if key in recorded else () for key in found
        }


def test_nothing_is_left_after_a_run(ran: Ran) -> None:
    """A vendor who finds our containers or a quota of ours in its project will not run us again."""
    assert ran.after == ran.before
    assert {role: item.ours for role, item in ran.after.items()} == {role: set() for role in ran.after}


def test_nothing_is_left_after_failing_tests(altered: Ran) -> None:
    """Tests that fail must clean up as well as those that pass."""
    assert altered.after == altered.before
    assert [note for note in altered.record.notes if not note.startswith("what servers and volumes were made of")] == []


def test_no_request_tells_which_test_sends_it(ran: Ran) -> None:
    """A cloud that knew which test is asking could answer that test alone as it should."""
    for test_id in set(IDS) - set(UNSUPPORTED):
        text = (ran.out / "evidence" / f"{test_id}.jsonl").read_text(encoding="utf-8")
        assert text
        assert test_id not in text
        assert SUITE[test_id].node.partition("::")[2] not in text


# -- rules for the source ---------------------------------------------------------------------------------------------


def test_the_suite_has_exactly_the_tests_of_the_guideline() -> None:
    """With one missing no cloud can pass; with one too many somebody is judged by what no guideline asks."""
    assert set(IDS) == LATER
    assert len(IDS) == 448


def test_few_servers_and_requests(clean: dict[str, Ran]) -> None:
    """A vendor pays for each server that is booted, and a public cloud for each request."""
    lines = [json.loads(line) for line in (clean["plain"].out / "ledger.jsonl").read_bytes().splitlines()]
    owed = {line["number"] for line in lines if line["op"] == "owes" and line["kind"] == "server"}
    servers = sum(line["op"] == "learned" and line["number"] in owed for line in lines)
    requests = sum(item.attempts[0].requests for item in clean["plain"].record.results if item.attempts)
    assert servers <= LIMITS["servers"], f"{len(IDS)} tests: {servers} servers, {requests} requests"
    assert requests <= LIMITS["requests"], f"{len(IDS)} tests: {servers} servers, {requests} requests"


@EACH_OF_SUITE
def test_what_it_shares_is_known(test: SuiteTest) -> None:
    """A misspelt key is found by nobody but the run that stumbles over it."""
    assert set(test.meta.uses) <= set(COMMONS)


@EACH_OF_SUITE
def test_a_docstring_is_one_sentence(test: SuiteTest) -> None:
    """The suite is read as a specification: one requirement, one sentence."""
    text = " ".join(test.says.split())
    assert re.fullmatch(r"[A-Z].*[^.]\.", text), test.node
    assert not re.search(r"\. [A-Z]", text), test.node


@EACH_OF_SUITE
def test_a_reference_leads_to_documentation(test: SuiteTest) -> None:
    """Whoever is failed by a test must be able to read what the API promises."""
    assert re.fullmatch(r"https://(docs|developer|specs)\.openstack\.org/\S+", test.meta.reference), test.node


FILES = sorted(suite_dir().rglob("test_*.py"))
EACH_FILE = pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])


@EACH_FILE
def test_no_bare_assert(path: Path) -> None:
    """An assert tells the user neither what was expected nor which request it was, and python -O drops it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]


@EACH_FILE
def test_every_test_function_is_declared(path: Path) -> None:
    """A function that is called test_ without an id would never be run, and nobody would notice."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
    relative = path.relative_to(suite_dir()).as_posix()
    declared = {test.node.partition("::")[2] for test in SUITE.values() if test.node.startswith(f"{relative}::")}
    assert names == declared


@EACH_FILE
def test_no_test_knows_a_cloud(path: Path) -> None:
    """A test that knows the reference cloud passes there and means nothing elsewhere."""
    text = path.read_text(encoding="utf-8")
    known = {"127.0.0.1", "localhost", "refcloud", "clouds.yaml", "environ"}
    for profile in profiles.PROFILES.values():
        known |= {profile.region, *profile.prefixes.values()}
        known |= {word for word in (*profile.users.values(), *profile.projects.values()) if "-" in word}
    assert not [word for word in known if word and word in text]
    assert not re.search(r"(?<![\d\w]):\d{4,5}\b", text)


@EACH_FILE
def test_each_function_fits_on_a_screen(path: Path) -> None:
    """What nobody can read at a glance is no sentence of a specification."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert not [node.name for node in functions if (node.end_lineno or node.lineno) - node.lineno >= 60]
