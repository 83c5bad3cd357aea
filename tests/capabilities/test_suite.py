"""The test of tests: the suite passes on real clouds, leaves nothing there, and notices what it says it notices."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import requests

from defcore.cloud.credential import read_credentials
from defcore.cloud.target import Target
from defcore.guideline import resolve
from defcore.refcloud import profiles
from defcore.run.plan import make_plan
from defcore.run.pool import Options
from defcore.run.record import Cloud, Engine, Outcome, RunRecord
from defcore.run.runner import make_directory, run
from defcore.score import required_tests
from defcore.suite import SuiteTest, collect, suite_dir

if TYPE_CHECKING:
    from pathlib import Path

    from defcore import refcloud as reference
    from defcore.cloud.credential import Credential
    from tests.conftest import Desk

PROGRAM = "interoperable-cloud-storage"
SUITE = collect(suite_dir())
SOURCE = resolve("2026.11")
STORAGE = SOURCE.guideline.program(PROGRAM)
assert STORAGE
REQUIRED = sorted(test.id for test in required_tests(SOURCE.guideline, STORAGE))
NAMES = [SUITE[test_id].node.partition("::")[2] if test_id in SUITE else test_id for test_id in REQUIRED]
EACH = pytest.mark.parametrize("test_id", REQUIRED, ids=NAMES)
EACH_OF_SUITE = pytest.mark.parametrize(
    "test", SUITE.values(), ids=[test.node.partition("::")[2] for test in SUITE.values()]
)
STATE = ("X-Account-Meta-Quota-Bytes", "X-Account-Meta-Temp-URL-Key", "X-Account-Meta-Temp-URL-Key-2")


@dataclass(frozen=True)
class Account:
    """What could be left behind in a project: containers of ours, and headers of the account."""

    ours: tuple[str, ...]
    state: tuple[str | None, ...]


def accounts(credentials: dict[str, Credential]) -> dict[str, Account]:
    """Look into the account of every project that the suite may use."""
    found = {}
    for role in ("main", "alt", "empty"):
        target = Target(credentials[role])
        url = target.endpoint("object-store")
        assert url
        token, verify = {"X-Auth-Token": target.token()}, credentials[role].verify
        listing = requests.get(f"{url}?prefix=defcore-", headers=token, verify=verify, timeout=20)
        head = requests.head(url, headers=token, verify=verify, timeout=20)
        state = tuple(head.headers.get(name) for name in STATE)
        found[role] = Account(tuple(listing.text.splitlines()), state)
    return found


@dataclass(frozen=True)
class Ran:
    """A run of the whole program, what the command said, and the accounts before and after."""

    record: RunRecord
    out: Path
    code: int
    err: str
    before: dict[str, Account]
    after: dict[str, Account]


def clouds_of(cloud: reference.Cloud) -> dict[str, Credential]:
    """Read the credentials of a cloud."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OS_CLIENT_CONFIG_FILE", str(cloud.clouds_yaml))
        return read_credentials(cloud.name)


@pytest.fixture(scope="module")
def clean(
    refcloud: reference.Cloud,
    refcloud_odd: reference.Cloud,
    module_desk: Desk,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Ran]:
    """Run the storage program with the real command on both clouds, at the same time."""
    both = {"plain": refcloud, "odd": refcloud_odd}
    before = {name: accounts(clouds_of(cloud)) for name, cloud in both.items()}
    outs = {name: tmp_path_factory.mktemp(name) / "run" for name in both}
    words = ("run", "--program", PROGRAM, "-n", "4")
    started = {
        name: module_desk.start(
            *words, "--cloud", name, "--out", outs[name], OS_CLIENT_CONFIG_FILE=str(cloud.clouds_yaml)
        )
        for name, cloud in both.items()
    }
    found = {}
    for name, process in started.items():
        _, err = process.communicate(timeout=300)
        record = RunRecord.model_validate_json((outs[name] / "run.json").read_bytes())
        after = accounts(clouds_of(both[name]))
        found[name] = Ran(record, outs[name], process.returncode, err, before[name], after)
    return found


@pytest.fixture(params=["plain", "odd"])
def ran(request: pytest.FixtureRequest, clean: dict[str, Ran]) -> Ran:
    """Give the run on either cloud."""
    return clean[request.param]


@pytest.fixture(scope="module")
def altered(refcloud: reference.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Run the storage program on the plain cloud with each test's declared change applied."""
    credentials = clouds_of(refcloud)
    before = accounts(credentials)
    out = tmp_path_factory.mktemp("altered") / "run"
    make_directory(out)
    record = run(
        make_plan(SOURCE, PROGRAM, SUITE),
        credentials,
        out,
        suite=suite_dir(),
        cloud=Cloud(name="plain", auth_url="http://x"),
        engine=Engine(name="native", version="0"),
        options=Options(altered=True, settle=0.5),
        progress=lambda _: None,
    )
    return Ran(record, out, 0, "", before, accounts(credentials))


# -- on real clouds ---------------------------------------------------------------------------------------------------


def test_the_command_ends_with_0(ran: Ran) -> None:
    """A script that certifies a good cloud would take it for a bad one."""
    assert ran.code == 0, ran.err
    assert ran.record.complete
    assert not ran.record.partial
    assert "58 passed" in ran.err


@EACH
@pytest.mark.parametrize("profile", ["plain", "odd"])
def test_it_passes_on_a_real_cloud(clean: dict[str, Ran], profile: str, test_id: str) -> None:
    """A test that fails on upstream OpenStack would condemn every cloud; on the odd one, every unfamiliar cloud."""
    found = clean[profile].record.by_id()[test_id]
    assert found.outcome is Outcome.PASSED, found.attempts or found.reason
    assert not [item for item in found.attempts[0].findings if item.kind == "cleanup"]


@EACH
def test_it_fails_when_what_it_checks_is_changed(altered: Ran, test_id: str) -> None:
    """A test that passes whatever comes back is decoration, and the verdict that rests on it a lie."""
    found = altered.record.by_id()[test_id]
    assert found.outcome is Outcome.FAILED, found.attempts or found.reason
    failure = found.attempts[0].failure
    assert failure
    change = SUITE[test_id].meta.fails_if
    assert failure.stage == "test", failure
    assert failure.cause.startswith(f"{change.on}: "), failure
    lines = (altered.out / "evidence" / f"{test_id}.jsonl").read_text(encoding="utf-8").splitlines()
    named = [item for item in map(json.loads, lines) if item["request_id"] == failure.request_id]
    assert [item["operation"] for item in named] == [change.on]


def test_nothing_is_left_after_a_run(ran: Ran) -> None:
    """A vendor who finds our containers or a quota of ours in its project will not run us again."""
    assert ran.after == ran.before
    assert not any(item.ours for item in ran.after.values())


def test_nothing_is_left_after_failing_tests(altered: Ran) -> None:
    """Tests that fail must clean up as well as those that pass."""
    assert altered.after == altered.before
    assert altered.record.notes == ()


def test_no_request_tells_which_test_sends_it(ran: Ran) -> None:
    """A cloud that knew which test is asking could answer that test alone as it should."""
    for test_id in REQUIRED:
        text = (ran.out / "evidence" / f"{test_id}.jsonl").read_text(encoding="utf-8")
        assert text
        assert test_id not in text
        assert SUITE[test_id].node.partition("::")[2] not in text


# -- rules for the source ---------------------------------------------------------------------------------------------


def test_the_suite_has_exactly_the_required_tests() -> None:
    """With one missing no cloud can pass; with one too many somebody is judged by what no guideline asks."""
    assert sorted(SUITE) == REQUIRED
    assert len(REQUIRED) == 58


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
