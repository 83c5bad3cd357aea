"""What is foretold of a run: the tests, the peak and the time, and that it comes true."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from defcore.cloud.credential import Credential
from defcore.doctor import Diagnosis
from defcore.guideline import resolve
from defcore.kit.change import Change
from defcore.kit.meta import TestMeta
from defcore.run.certify import Request, carry_out
from defcore.run.forecast import START, duration, foresee, peak, want
from defcore.run.plan import make_plan
from defcore.run.record import Outcome
from defcore.suite import SuiteTest, collect, suite_dir

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = "interoperable-cloud-storage"
SUITE = collect(suite_dir())
SOURCE = resolve("2026.11")
SERVICES = {"identity": "http://k", "object-store": "http://o"}
AUTH = {"auth_url": "http://k/v3", "password": "planted"}
MAIN = Credential("x", "password", AUTH, None, "public", True, None, {})  # noqa: FBT003 - to verify TLS
EVERYBODY = dict.fromkeys(("main", "alt", "empty", "reseller"), MAIN)


def sample(number: int = 1, path: str = "test_it.py", **words: Any) -> SuiteTest:  # noqa: ANN401 - of TestMeta
    """Make a test."""
    usual: dict[str, Any] = {"service": "object-store", "reference": "r", "fails_if": Change(on="GET /", status=500)}
    return SuiteTest(
        TestMeta(f"00000000-0000-4000-8000-{number:012d}", **(usual | words)), f"{path}::test_{number}", ""
    )


def test_the_peak_counts_as_many_tests_as_there_are_workers() -> None:
    """Whoever has a small quota must see how many things exist at once, and not how many in all."""
    tests = [sample(n, creates={"container": count}) for n, count in enumerate((1, 5, 2, 3))]
    assert [peak(tests, workers) for workers in (1, 2, 9)] == [{"container": 5}, {"container": 8}, {"container": 11}]
    assert peak([], 4) == {}
    assert peak([sample(creates={"container": 0})], 4) == {}


def test_what_a_file_shares_is_held_by_every_worker_beside_its_own() -> None:
    """Shared things stay until a worker ends, so they add up with what the test at work creates."""
    shared = [sample(n, "a.py", shared=True, creates={"container": 6}) for n in range(3)]
    alone = [sample(9, "b.py", creates={"container": 2, "object": 1})]
    assert peak([*shared, *alone], 1) == {"container": 8, "object": 1}
    assert peak([*shared, *alone], 2) == {"container": 14, "object": 1}
    assert peak([*shared, *alone], 8) == {"container": 20, "object": 1}


def test_the_time_is_that_of_the_worker_that_is_ready_last() -> None:
    """Slow tests are started first, and each goes to whoever is free."""
    tests = [sample(n, seconds=seconds) for n, seconds in enumerate((8, 3, 3, 2))]
    assert [duration(tests, workers) - START for workers in (1, 2, 4, 32)] == [16, 8, 8, 8]
    assert duration([], 4) == 0


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=30), st.integers(1, 32))
def test_more_workers_never_need_more_than_all_in_a_row(seconds: list[float], workers: int) -> None:
    """An estimate beyond the sum, or below the longest test, would be nonsense."""
    tests = [sample(n, seconds=value) for n, value in enumerate(sorted(seconds, reverse=True))]
    took = duration(tests, workers) - START
    assert max(seconds) - 1e-6 <= took <= sum(seconds) + 1e-6


def test_each_test_is_told_as_it_will_end(tmp_path: Path) -> None:
    """A plan that promises what the run does not do is worse than none."""
    assert tmp_path
    plan = make_plan(SOURCE, PROGRAM, SUITE)
    token = Credential("x", "v3token", {"auth_url": "http://k"}, None, "public", True, None, {})  # noqa: FBT003
    announced = {"object-store": frozenset({"swift", "tempurl", "slo", "container_quotas", "versioned_writes"})}
    found = foresee(plan, {"main": token, "empty": token}, Diagnosis((), None, SERVICES, announced), 4)
    assert {(item.outcome, item.reason) for item in found.idle} == {
        (Outcome.NOT_RUN, "needs a password: entry x of clouds.yaml logs in by other means"),
        (Outcome.NOT_RUN, "needs a second project: give --alt NAME, or add an entry x-alt to clouds.yaml"),
        (
            Outcome.NOT_RUN,
            "needs a user with the role ResellerAdmin: give --reseller NAME, or add an entry x-reseller to clouds.yaml",
        ),
    }
    assert len(found.running) + len(found.idle) == len(found.tests) == len(plan.listed)
    bare = foresee(plan, EVERYBODY, Diagnosis((), None, {"identity": "http://k"}), 4)
    assert {item.reason for item in bare.idle} == {"the catalogue has no object-store service"}
    assert {item.outcome for item in bare.idle} == {Outcome.UNSUPPORTED}
    few = {"object-store": frozenset({"swift"})}
    told = {item.reason for item in foresee(plan, EVERYBODY, Diagnosis((), None, SERVICES, few), 4).idle}
    assert "the object-store service does not announce account_quotas" in told


def test_a_test_that_the_suite_lacks_is_told() -> None:
    """Most programs have tests that are not written yet."""
    plan = make_plan(SOURCE, PROGRAM, {})
    found = foresee(plan, EVERYBODY, Diagnosis((), None, SERVICES), 4)
    assert {item.reason for item in found.tests} == {"the suite has no native test for this id"}
    assert (found.peak, found.seconds, found.running) == ({}, 0, ())


def test_the_doctor_is_told_what_is_required() -> None:
    """A missing credential is a problem only where a required test needs it."""
    plan = make_plan(SOURCE, PROGRAM, SUITE)
    wanted = want(plan, SOURCE, 4)
    assert wanted.services == ("identity", "object-store")
    needing = {item.meta.id for item in wanted.needing("alt")}
    assert needing & wanted.required
    assert needing - wanted.required
    assert wanted.peak["container"] == peak(plan.tests, 4)["container"]


def test_no_run_creates_more_than_was_foretold(clouds_yaml: Path, tmp_path: Path) -> None:
    """The ledger of a real run: at no moment more, and of each test no more than it declares."""
    assert clouds_yaml
    workers = 3
    request = Request(cloud="plain", guideline="2026.11", program=PROGRAM, workers=workers, out=tmp_path / "run")
    done = carry_out(request, started=lambda *_: None, progress=lambda _: None)
    foretold = peak(SUITE.values(), workers)
    lines = [json.loads(line) for line in (tmp_path / "run" / "ledger.jsonl").read_text("utf-8").splitlines()]
    open_now: dict[str, str | None] = {}
    most, made = 0, dict.fromkeys(SUITE, 0)
    for line in lines:
        if line["op"] == "owes" and line["kind"] == "container":
            open_now[line["number"]] = line["test"]
            if line["test"]:
                made[line["test"]] += 1
        elif line["op"] != "owes":
            open_now.pop(line["number"], None)
        most = max(most, len(open_now))
    assert done.record.complete
    assert 0 < most <= foretold["container"]
    assert {key: count for key, count in made.items() if count > SUITE[key].meta.creates.get("container", 0)} == {}
