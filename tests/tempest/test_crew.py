"""The crew and its processes: what a worker of Tempest can do wrong, played by scripts that are none."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from defcore.cloud.redact import Scrubber
from defcore.errors import CloudError
from defcore.run.journal import Ended, Journal, Started, read, replay, stamp
from defcore.run.lock import RunLock
from defcore.run.record import Cloud, Engine
from defcore.tempest import crew as crews
from defcore.tempest.crew import Crew, Group, Job, Task
from defcore.tempest.process import Process
from defcore.tempest.requests import Requests, count

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from defcore.run.crew import Progress
    from defcore.tempest.environment import Environment

HEAD = """
import json, os, signal, sys, time
def say(event, **words): print(json.dumps({"event": event, **words}), flush=True)
def ended(name, **words):
    sent = [[202, "POST", "http://c/v2.1/servers", 0.1, "", None]]
    say("finished", name=name, at=time.time(), seconds=0.1, requests=sent, **({"status": "success"} | words))
stopped = []
signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
say("ready", tests=1)
for line in sys.stdin:
    tests = json.loads(line)["tests"]
    for name in tests:
        if stopped: break
"""
WELL = """
        say("setup", requests=[[200, "GET", "http://c/v3", 0.1, "", "C:setUpClass"]])
        say("started", name=name, at=time.time())
        ended(name)
    say("done", requests=[])
"""


def body(script: str) -> str:
    """Put a script into the loop over the tests."""
    return HEAD + script


class Stage:
    """A run directory, a script in the place of Tempest, and what comes of it."""

    def __init__(self, out: Path, environment: Environment) -> None:
        self.out, self.environment = out, environment
        self.steps: list[Progress] = []
        self.crew: Crew | None = None

    def play(self, *names: str, workers: int = 1, deadline: float = 20, limit: float = 60) -> dict[str, Any]:
        """Run tests, ``CLASS.TEST`` each; return what is known of each: outcome, reason, cut."""
        groups: dict[str, list[Task]] = {}
        for number, name in enumerate(names):
            groups.setdefault(name.partition(".")[0], []).append(Task(identity(number), name, 1))
        self.out.mkdir()
        with RunLock(self.out) as lock:
            job = Job(self.environment, self.out, workers, deadline, limit, lock.file)
            first = Process(self.environment, self.out, deadline, lock.file)
            first.ready()
            journal, requests = Journal(self.out), Requests(self.out, Scrubber())
            journal.add(
                Started(
                    id="r",
                    at=stamp(0),
                    cloud=Cloud(name="c", auth_url="http://c"),
                    engine=Engine(name="tempest", version="47"),
                    partial=False,
                    selection="",
                    plan=(),
                )
            )
            made = [Group(name, tuple(tasks)) for name, tasks in groups.items()]
            self.crew = Crew(job, made, journal, requests, Scrubber(), self.steps.append, first)
            self.interrupted = self.crew.work()
            journal.close()
            requests.close()
        told = replay(self.out).attempts
        return {name: told.get(identity(number), {}).get(1) for number, name in enumerate(names)}


def identity(number: int) -> str:
    """Make an id."""
    return f"{number:08d}-0000-4000-8000-000000000000"


@pytest.fixture
def stage(tmp_path: Path, pretend: Callable[[str], Environment]) -> Callable[[str], Stage]:
    """Make a stage for a script."""
    return lambda script: Stage(tmp_path / "run", pretend(body(script)))


def test_classes_are_shared_out_and_requests_counted(stage: Callable[[str], Stage]) -> None:
    """Each test must be run once, wherever; and a benchmark must know what it cost."""
    found = stage(WELL)
    told = found.play("A.a", "A.b", "B.c", "C.d", workers=2)
    assert [item.outcome for item in told.values()] == ["passed"] * 4
    assert not found.interrupted
    assert sorted(step.done for step in found.steps) == [1, 2, 3, 4]
    counts = count(found.out)
    assert (counts.in_tests, counts.in_fixtures, counts.servers, counts.created, counts.total) == (4, 4, 4, 4, 8)


def test_a_process_that_dies_costs_the_test_that_it_died_in(stage: Callable[[str], Stage]) -> None:
    """One test that kills its process must not take the results of others with it."""
    told = stage("""
        say("started", name=name, at=time.time())
        if name == "A.b": os._exit(7)
        ended(name)
    say("done", requests=[])
""").play("A.a", "A.b", "A.c", "B.d")
    assert [item.outcome for item in told.values()] == ["passed", "error", "passed", "passed"]
    assert told["A.b"].reason == "the process of Tempest died in this test"
    assert told["A.b"].cut


def test_a_process_that_dies_between_tests_costs_the_rest_of_its_class(stage: Callable[[str], Stage]) -> None:
    """Else a class whose set-up kills the process would be tried for ever."""
    told = stage("""
        if name == "A.a": os._exit(7)
        ended(name)
    say("done", requests=[])
""").play("A.a", "A.b", "B.c")
    assert [item.outcome for item in told.values()] == ["error", "error", "passed"]


def test_a_test_that_hangs_is_ended(stage: Callable[[str], Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    """A hung test must not hold up the run; the others of its class are run by a new process."""
    monkeypatch.setattr(crews, "GRACE", 0.5)
    told = stage("""
        say("started", name=name, at=time.time())
        if name == "A.a": time.sleep(60)
        ended(name)
    say("done", requests=[])
""").play("A.a", "A.b", deadline=0.5)
    assert [item.outcome for item in told.values()] == ["error", "passed"]
    assert told["A.a"].reason == "no end within 0 s"
    assert not told["A.a"].cut


def test_what_befalls_a_class_befalls_its_tests(stage: Callable[[str], Stage]) -> None:
    """Tempest tells of a class that cannot be set up once, and not by test; each test must have its outcome."""
    found = stage("""
        pass
    trace = "Traceback (most recent call last):\\nKeyError: 1\\n"
    words = {"status": "error", "traceback": trace}
    if name[0] == "A": words = {"status": "skip", "reason": "no such service"}
    say("class", name=f"setUpClass (x.{name[0]})", requests=[], **words)
    say("class", name=f"tearDownClass (x.{name[0]})", requests=[], status="error", traceback=trace)
    say("done", requests=[])
""")
    told = found.play("A.a", "A.b", "B.c")
    assert [(item.outcome, item.reason) for item in told.values()] == [
        ("skipped", "no such service"),
        ("skipped", "no such service"),
        ("failed", "KeyError: 1"),
    ]
    assert found.crew
    assert found.crew.notes == [f"tearDownClass (x.{name}): KeyError: 1" for name in "AB"]


def test_a_test_of_which_nothing_is_heard_is_no_pass(stage: Callable[[str], Stage]) -> None:
    """What Tempest leaves out without a word must be told, and not passed over."""
    told = stage("""
        pass
    ended("somebody.else")
    say("done", requests=[])
""").play("A.a")
    assert (told["A.a"].outcome, told["A.a"].reason) == ("error", "Tempest did not run it, and does not say why")


def test_ctrl_c_lets_the_test_at_work_finish_and_a_second_one_does_not(stage: Callable[[str], Stage]) -> None:
    """Whoever ends a run wants the cloud tidy first, and then to be obeyed."""
    slow = """
        say("started", name=name, at=time.time())
        for _ in range(20 if name == "A.a" else 600):
            time.sleep(0.05)
        ended(name)
    say("done", requests=[])
"""
    found = stage(slow)

    def later() -> None:
        while not found.crew or "test-started" not in (found.out / "journal.jsonl").read_text(encoding="utf-8"):
            time.sleep(0.02)
        found.crew.interrupt()

    threading.Thread(target=later, daemon=True).start()
    told = found.play("A.a", "A.b", "B.c")
    assert found.interrupted
    assert [item and item.outcome for item in told.values()] == ["passed", None, None]


def test_the_second_ctrl_c_ends_it_at_once(stage: Callable[[str], Stage]) -> None:
    """Nobody waits for a test that takes half a minute, if they do not want to."""
    found = stage("""
        say("started", name=name, at=time.time())
        time.sleep(0.1) if stopped else [time.sleep(0.05) for _ in range(600)]
        ended(name)
    say("done", requests=[])
""")

    def later() -> None:
        while not found.crew or "test-started" not in (found.out / "journal.jsonl").read_text(encoding="utf-8"):
            time.sleep(0.02)
        found.crew.interrupt()
        found.crew.interrupt()

    threading.Thread(target=later, daemon=True).start()
    began = time.monotonic()
    told = found.play("A.a", "B.b")
    assert time.monotonic() - began < 20
    assert (told["A.a"].outcome, told["A.a"].cut, told["A.a"].reason) == (
        "error",
        True,
        "the run was ended in this test",
    )


def test_the_runs_time_ends_it_as_ctrl_c_does(stage: Callable[[str], Stage]) -> None:
    """A job with a time limit of its own must get a record, and not be killed."""
    found = stage("""
        say("started", name=name, at=time.time())
        time.sleep(0.6)
        ended(name)
    say("done", requests=[])
""")
    told = found.play("A.a", "A.b", "A.c", "A.d", limit=1.0)
    assert found.interrupted
    assert told["A.a"].outcome == "passed"
    assert told["A.d"] is None
    assert found.crew
    assert found.crew.notes == ["the run's time of 1 s was up before its last test"]


def test_a_worker_that_talks_nonsense_ends_the_run(stage: Callable[[str], Stage]) -> None:
    """What cannot be understood must not be guessed at; the journal keeps what came before."""
    found = stage("""
        ended(name)
    print("nonsense", flush=True)
""")
    with pytest.raises(CloudError, match="nobody understands: nonsense"):
        found.play("A.a")
    assert not any(isinstance(event, Ended) for event in read(found.out))


def test_a_worker_that_does_not_start_is_one_line(tmp_path: Path, pretend: Callable[[str], Environment]) -> None:
    """The last thing that Tempest printed says why."""
    environment = pretend("raise ValueError('bad option in tempest.conf')")
    (tmp_path / "run").mkdir()
    with RunLock(tmp_path / "run") as lock, pytest.raises(CloudError, match="ValueError: bad option") as caught:
        Process(environment, tmp_path / "run", 10, lock.file).ready()
    assert caught.value.code == "tempest-start"
