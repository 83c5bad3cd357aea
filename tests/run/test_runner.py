"""The runner on a real cloud: what its tests do to it, what others do to it, and what it writes."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from defcore.errors import InputError
from defcore.run import pool, runner
from defcore.run.journal import JOURNAL, Journal, read
from defcore.run.ledger import LEDGER, Ledger
from defcore.run.lock import RunLock
from defcore.run.pool import Worker, WorkerDiedError, died
from defcore.run.record import Outcome
from defcore.run.runner import make_directory
from defcore.run.store import load_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from defcore.run.runner import Progress
    from tests.run.conftest import Bench


def test_every_end_of_a_test_has_its_outcome(bench: Bench) -> None:
    """Only a check of an answer may fail a cloud, and only what was checked may pass it."""
    bench.write(
        bench.creating(1)
        + '''
@declared(2)
def test_fails(store, session):
    """A container is created with 299."""
    store.put_container(session.name()).status(299)

@declared(3)
def test_breaks(store):
    """A slip of ours."""
    return 1 / 0

@declared(4)
def test_lacks_a_credential():
    """Something is missing."""
    raise NotRunError("give --this")

@declared(5)
def test_lacks_a_service(session):
    """The cloud has no compute service."""
    session.actor("main").service("compute")

@declared(6, extensions=("object-store:no-such-thing",))
def test_lacks_an_extension():
    """The cloud does not announce it."""

@declared(7)
def test_fails_when_it_prepares(store, session):
    """A container is made, but not as it should."""
    with store._actor.setting_up():
        store.put_container(session.name()).status(299)

@declared(8)
def test_asserts():
    """A bare assert is a slip of ours."""
    assert False

@declared(9, needs=("alt", "empty", "reader", "reseller"))
def test_uses_everybody(store, alt, empty, reseller, identity, session):
    """Each credential logs in."""
    for one in (store, alt, empty, reseller):
        one.head_account().success()
    assert identity.url.endswith("/v3")
    session.note("worth knowing")
    session.advise(lambda: store.head_account().status(299))

@declared(10)
def test_prints(store):
    """Noise does not disturb the answers of a worker."""
    print('{"id": "x", "result": 1}', flush=True)
    os.write(1, b"noise\\n")
'''
    )
    found = bench.run()
    assert bench.outcomes(found) == {
        1: "passed", 2: "failed", 3: "error", 4: "not_run", 5: "unsupported",
        6: "unsupported", 7: "failed", 8: "error", 9: "passed", 10: "passed",
    }  # fmt: skip
    stages = {number: failure.stage for number, item in found.items() if (failure := item.attempts[0].failure)}
    assert stages == {2: "test", 3: "test", 7: "setup", 8: "test"}
    assert bench.reason(found, 2) == "status: expected 299, got 201"
    assert bench.reason(found, 3).startswith("defcore's own fault: ZeroDivisionError")
    assert bench.reason(found, 4) == "give --this"
    assert [item.message for item in found[9].attempts[0].findings] == [
        "worth knowing",
        "HEAD /v1/{account}: status: expected 299, got 204",
    ]
    assert found[1].attempts[0].requests >= 2
    assert {step.done for step in bench.steps} == set(range(1, 11))
    assert bench.left() == []
    assert Ledger(bench.out / LEDGER).open_entries() == []


def test_what_a_run_writes_is_its_owners_alone(bench: Bench) -> None:
    """On a shared machine nobody else may read what is known of a cloud."""
    bench.write(bench.creating(1))
    bench.run(workers=1)
    assert bench.out.stat().st_mode & 0o077 == 0
    assert set(bench.written()) == {
        JOURNAL, LEDGER, "lock", "run.json", "workers.log", "evidence/00000000-0000-4000-8000-000000000001.jsonl",
    }  # fmt: skip
    assert load_run(bench.out) == load_run(bench.out / "run.json")


def test_declared_changes_fail_the_tests(bench: Bench) -> None:
    """Shows that the tests notice; a change that meets no response shows nothing, and is an error."""
    bench.write(
        bench.creating(1)
        + '''
@declared(2)
def test_sends_nothing():
    """No response can be altered."""
'''
    )
    found = bench.run(altered=True)
    assert bench.outcomes(found) == {1: "failed", 2: "error"}
    assert bench.reason(found, 2) == "the declared change met no response"


def test_a_test_that_pytest_does_not_collect_is_an_error(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that changes while the run goes on must not be taken for a test that passed."""
    bench.write(bench.creating(1, 2))
    real = pool.Job

    def lying(*words: Any) -> pool.Job:  # noqa: ANN401 - the fields of a job
        (bench.folder / "suite" / "test_small.py").write_text(
            (bench.folder / "suite" / "test_small.py").read_text(encoding="utf-8").replace("test_creates_2", "gone"),
            encoding="utf-8",
        )
        return real(*words)

    monkeypatch.setattr(runner, "Job", lying)
    found = bench.run(workers=1)
    assert bench.outcomes(found) == {1: "passed", 2: "error"}
    assert bench.reason(found, 2) == "pytest did not collect test_small.py::test_creates_2"


def test_a_worker_that_dies_costs_one_test(bench: Bench) -> None:
    """The out-of-memory killer ends a process in the middle; the others go on, and its container is not left."""
    bench.write(
        bench.creating(1, 2)
        + '''
@declared(3)
def test_is_killed(store, session):
    """The process ends in the middle."""
    store.put_container(session.name()).success()
    os.kill(os.getpid(), signal.SIGKILL)
'''
        + bench.creating(4, 5)
    )
    found = bench.run(workers=1)
    assert bench.outcomes(found) == {1: "passed", 2: "passed", 3: "error", 4: "passed", 5: "passed"}
    assert bench.reason(found, 3) == "the worker process died in this test (see workers.log)"
    assert bench.left() == []
    assert Ledger(bench.out / LEDGER).open_entries() == []
    assert load_run(bench.out).complete


def test_a_test_that_hangs_is_ended(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """One test that never ends must not keep the verdict on all others from the user."""
    monkeypatch.setattr(pool, "GRACE", 3)
    bench.write(
        bench.creating(1)
        + '''
@declared(2)
def test_hangs(store, session):
    """It sleeps for ever."""
    store.put_container(session.name()).success()
    time.sleep(1000)
'''
    )
    began = time.monotonic()
    found = bench.run(deadline=1)
    assert bench.outcomes(found) == {1: "passed", 2: "error"}
    assert bench.reason(found, 2) == "no end within 1 s"
    assert time.monotonic() - began < 20
    assert bench.left() == []


def test_a_deadline_ends_the_requests_of_a_test(bench: Bench) -> None:
    """A test that waits for the cloud for too long says so itself and cleans up."""
    bench.write(
        '''
@declared(1)
def test_is_late(store, session):
    """It sends a request when its time is over."""
    store.put_container(session.name()).success()
    session.deadline = time.monotonic() - 1
    store._actor.http._sleep = lambda _: None
    store.put_container(session.name()).success()
'''
    )
    found = bench.run()
    assert bench.outcomes(found) == {1: "error"}
    assert bench.left() == []


@pytest.mark.parametrize(
    "broken", ["raise RuntimeError('suite')", "os._exit(3)", "signal.raise_signal(signal.SIGKILL)"]
)
def test_workers_that_cannot_start_end_the_run_soon(bench: Bench, broken: str) -> None:
    """A machine on which no worker starts must not be told as a failed cloud, nor keep the user waiting."""
    bench.write(bench.creating(*range(1, 11)) + f"\nif os.getpid() != {os.getpid()}:\n    {broken}\n")
    found = bench.run()
    assert set(bench.outcomes(found).values()) == {"error"}
    told = any("the worker processes of the last" in note for note in load_run(bench.out).notes)
    assert told == (not broken.startswith("raise"))


# -- the parts --------------------------------------------------------------------------------------------------------


def test_a_run_directory_is_new_and_ours(tmp_path: Path) -> None:
    """Two runs mixed in one folder would be scored as one."""
    made = tmp_path / "a" / "b"
    make_directory(made)
    assert made.stat().st_mode & 0o777 == 0o700
    with pytest.raises(InputError, match=r"is not empty.*--out"):
        make_directory(made)
    empty = tmp_path / "empty"
    empty.mkdir()
    make_directory(empty)


def test_of_two_runs_in_one_directory_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs started in the same second would write one journal, and be scored as one."""
    make_directory(tmp_path / "run")
    monkeypatch.setattr(Path, "iterdir", lambda _: iter(()))
    with pytest.raises(InputError, match=r"is not empty.*--out"):
        make_directory(tmp_path / "run")


@pytest.mark.parametrize("place", ["/proc/no-such-place", "/dev/null", "/dev/null/run", "x" * 300])
def test_a_place_that_cannot_be_written_is_one_clear_line(place: str) -> None:
    """A run of an hour that cannot be written must be refused before it begins."""
    with pytest.raises(InputError, match=r"cannot be written: .*--out"):
        make_directory(Path(place))


def test_a_worker_that_is_gone_is_told_as_that(bench: Bench) -> None:
    """Every way in which a worker can end is one exception, so that the runner goes on."""
    bench.write(bench.creating(1))
    from defcore.suite import collect

    suite = collect(bench.folder / "suite")
    make_directory(bench.out)
    (test,) = suite.values()
    with RunLock(bench.out) as lock:
        suite_dir, nodes = bench.folder / "suite", (test.node,)
        worker = Worker(
            pool.Job(bench.out, "0123456789abcdef", suite_dir, bench.credentials, pool.Options(), nodes, lock.file)
        )
    assert "PYTEST_ADDOPTS" not in Path(f"/proc/{worker._process.pid}/environ").read_text(encoding="utf-8")
    assert worker.run(test, 1, 60).outcome is Outcome.PASSED
    os.kill(worker._process.pid, signal.SIGKILL)
    worker._process.wait()
    with pytest.raises(WorkerDiedError):
        worker.run(test, 2, 60)
    worker.finish()
    worker.kill()
    with pytest.raises(WorkerDiedError):
        worker._pipe(None)


@pytest.mark.parametrize(("seconds", "words"), [(5, "no end within 5 s"), (4, "the worker process died")])
def test_why_a_worker_died_is_told(seconds: float, words: str) -> None:
    """A test that is too slow for a cloud and a machine without memory need other remedies."""
    assert words in str(died("2026-11-20T10:00:00Z", seconds, 5).reason)


def test_an_error_of_a_handler_ends_the_run_and_is_raised(bench: Bench) -> None:
    """A full disk or a broken terminal must be told, and not leave threads at work behind."""
    bench.write(bench.creating(*range(1, 9)))

    def break_down(step: Progress) -> None:
        raise OSError(28, "No space left on device", str(step.done))

    bench.watch = break_down
    with pytest.raises(OSError, match="No space left"):
        bench.run()
    assert not load_run(bench.out).complete


def test_a_leak_is_told_in_the_record(bench: Bench) -> None:
    """What could not be deleted costs the vendor money: its name must be in the record."""
    bench.write(
        '''
@declared(1)
def test_leaks(store, session):
    """The cleaning up is made impossible."""
    session.shared("x", lambda: session.owe("unheard-of", "main", {"name": "leaked-thing"}))
'''
    )
    record = bench.record(workers=1)
    assert record.results[0].outcome is Outcome.PASSED
    assert any("could not end unheard-of leaked-thing" in note for note in record.notes)


@pytest.fixture
def interrupts() -> Iterator[Callable[[], None]]:
    """Send Ctrl-C to ourselves, as a terminal does, without an effect on anybody else."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield lambda: signal.raise_signal(signal.SIGINT)
    signal.signal(signal.SIGINT, before)


def _interrupt_main() -> None:
    main = threading.main_thread().ident
    assert main
    signal.pthread_kill(main, signal.SIGINT)


def test_ctrl_c_lets_the_tests_at_work_finish(bench: Bench, interrupts: object) -> None:
    """A run that is ended by its user leaves a record that says so, and nothing on the cloud."""
    assert interrupts
    bench.write(bench.creating(*range(1, 31)))
    bench.watch = lambda step: _interrupt_main() if step.done == 3 else None
    record = bench.record()
    found = [item.outcome for item in record.results]
    assert set(found) == {Outcome.PASSED, Outcome.NOT_RUN}
    assert not record.complete
    assert record.ended
    assert read(bench.out)[-1].model_dump()["interrupted"] is True
    assert bench.left() == []


def test_a_second_ctrl_c_ends_the_tests_at_work(bench: Bench, interrupts: object) -> None:
    """Who is in a hurry must not wait for a test of five minutes; what it made is cleaned up all the same."""
    assert interrupts
    bench.write(
        '''
@declared(1)
def test_sleeps(store, session):
    """It takes long."""
    store.put_container(session.name()).success()
    open("STARTED", "w").close()
    time.sleep(1000)
'''.replace("STARTED", str(bench.folder / "started"))
        + bench.creating(2, 3)
    )

    def hurry() -> None:
        while not (bench.folder / "started").exists():
            time.sleep(0.05)
        _interrupt_main()
        time.sleep(0.7)
        _interrupt_main()

    threading.Thread(target=hurry, daemon=True).start()
    began = time.monotonic()
    found = bench.run(workers=1)
    assert time.monotonic() - began < 20
    assert bench.outcomes(found) == {1: "error", 2: "not_run", 3: "not_run"}
    assert bench.left() == []


def test_the_header_stands_before_the_first_test(bench: Bench) -> None:
    """A run that is killed in its first second is still known as a run of that plan on that cloud."""
    bench.write(bench.creating(1))
    seen = []
    bench.watch = lambda _: seen.append(read(bench.out)[0])
    bench.run()
    assert seen[0].model_dump()["selection"] == "small"
    Journal(bench.out).close()
