"""What counts as Tempest's kill, and that it is told the same lies: by a worker that pretends, and by the real one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from defcore.cloud.credential import read_credentials
from defcore.cloud.redact import Scrubber
from defcore.cloud.target import Target
from defcore.run.record import Attempt, Outcome
from defcore.sabotage.entries import through, write
from defcore.sabotage.kinds import KINDS, Fault
from defcore.sabotage.prove import begin, fresh
from defcore.sabotage.proxy import Proxy, addresses
from defcore.sabotage.recognise import Recogniser
from defcore.sabotage.tempest import SHORT, Post, Round, Stand, Task, judged, meets, post, prove, tasks
from defcore.sabotage.trials import Clean, Trial, done, read
from defcore.suite import suite_dir
from defcore.suite.operations import known_names, load
from defcore.tempest.engine import Options, prepare

from .builders import server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from defcore.cloud.credential import Credential
    from defcore.cloud.http import Exchange
    from defcore.sabotage.replay import Script
    from defcore.tempest.environment import Environment

GET, OTHER = "GET /servers/{server_id}", "GET /servers"
TEST = "5f9cc1a0-0000-4000-8000-000000000000"
STATUS, MEMBER, ELSEWHERE = Fault(GET, "wrong-status"), Fault(GET, "missing-member"), Fault(OTHER, "wrong-status")
NAME = "tempest.A.test"


def came(outcome: Outcome, altered: int = 1, *, of_class: bool = False) -> Round:
    """Make a round."""
    return Round(Attempt(outcome=outcome, started="2026-11-20T00:00:00Z", seconds=0), altered, of_class)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (came(Outcome.FAILED), "killed"),
        (came(Outcome.FAILED, 0), "error"),
        (came(Outcome.FAILED, of_class=True), "setup"),
        (came(Outcome.SKIPPED, of_class=True), "setup"),
        (came(Outcome.FAILED, 0, of_class=True), "error"),
        (came(Outcome.ERROR), "error"),
        (came(Outcome.SKIPPED), "error"),
        (came(Outcome.PASSED), "survived"),
        (came(Outcome.PASSED, 0), "unmet"),
    ],
)
def test_what_is_a_kill_of_tempest(found: Round, verdict: str) -> None:
    """Whatever else counted would make Tempest look stronger than it is; whatever less, weaker."""
    assert judged(found)[0] == verdict


def test_a_lie_that_meets_nothing_is_known_beforehand() -> None:
    """Else each lie about what Tempest does not ask costs a run of its test."""
    answers = [server(), server(status="BUILD")]
    assert meets(STATUS, answers)
    assert meets(STATUS, answers, 1)
    assert not meets(STATUS, answers, 2)
    assert not meets(ELSEWHERE, answers)


# -- a worker that pretends: what it says of each round stands in a file ----------------------------------------------

SCRIPT = """
import json, os, sys, time
def say(event, **words): print(json.dumps({"event": event, "requests": [], **words}), flush=True)
rounds = json.load(open("rounds.json"))
trace = "Traceback (most recent call last):\\nAssertionError: no\\n"
def play():
    word = rounds.pop(0) if rounds else "success"
    open("played", "a").write(word + "\\n")
    json.dump(rounds, open("rounds.json", "w"))
    if word == "die": os._exit(7)
    if word == "class": return say("class", name="setUpClass (tempest.A)", status="fail", traceback=trace)
    print(json.dumps({"event": "started", "name": "t", "at": 2.0}), flush=True)
    if word == "nothing": return
    say("finished", name="t", at=2.0, seconds=0.1, status=word, traceback=trace)
print(json.dumps({"event": "ready", "tests": 1}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    if not order: open("played", "a").write("cleared\\n")
    else: play()
    say("done")
"""


class Pretence:
    """A proxy through which some answers came, altered by what is armed."""

    def __init__(self, *seen: Exchange) -> None:
        self.seen = list(seen)
        self.fault: Fault | None = None
        self.leaving = False

    def arm(self, fault: Fault | None, before: Iterable[Exchange] = (), script: Script | None = None) -> None:
        """Take a fault; with ``leaving``, whatever is asked while it is told stands in no script."""
        del before
        self.fault = fault
        if script and fault and self.leaving:
            script.left = True

    @property
    def altered(self) -> int:
        """Count as the proxy does."""
        return int(self.fault is not None and meets(self.fault, self.seen))

    @property
    def history(self) -> list[Exchange]:
        """Give what was seen."""
        return self.seen


@pytest.fixture
def stage(
    tmp_path: Path, pretend: Callable[[str], Environment]
) -> Callable[..., tuple[list[tuple[str, Any]], list[str]]]:
    """Give a function that plays rounds; it returns what is told of each, and what the worker did."""

    def play(
        rounds: list[str],
        *faults: Fault,
        seen: tuple[Exchange, ...] = (replace(server(), started=3.0),),
        live: bool = True,
        leaving: bool = False,
    ) -> tuple[list[tuple[str, Any]], list[str]]:
        folder = tmp_path / "post"
        folder.mkdir()
        (folder / "rounds.json").write_text(json.dumps(rounds))
        with (folder / "lock").open("w") as lock:
            proxy = Pretence(*seen)
            proxy.leaving = leaving
            stand = Stand(Post(folder, proxy, Scrubber()), pretend(SCRIPT), lock.fileno(), live=live)  # type: ignore[arg-type]
            applicable = tuple((fault.operation, fault.kind) for fault in faults)
            events = list(stand.examine(Task(TEST, NAME, applicable, faults)))
            stand.clear()
            stand.close()
        told = [(str(item.outcome if isinstance(item, Clean) else item.verdict), item.reason) for item in events]
        return told, (folder / "played").read_text().split()

    return play


def test_one_class_serves_all_lies(stage: Callable[..., Any]) -> None:
    """What a class sets up takes longer than its tests; and what no answer meets is not even tried."""
    told, played = stage(["success", "fail", "success"], STATUS, MEMBER, ELSEWHERE)
    assert [word for word, _ in told] == ["passed", "killed", "survived", "unmet"]
    assert told[1][1] == "AssertionError: no"
    assert played == ["success", "fail", "success", "cleared"]


def test_a_failure_for_what_an_earlier_lie_left_is_no_kill(stage: Callable[..., Any]) -> None:
    """A server that one lie has broken would else count as noticed by every test after it."""
    told, played = stage(["success", "fail", "fail", "fail", "success", "success"], STATUS, MEMBER)
    assert [word for word, _ in told] == ["passed", "killed", "survived"]
    assert played == ["success", "fail", "fail", "fail", "cleared", "success", "success", "cleared"]
    assert told[2][1] is None


def test_a_failure_that_goes_away_without_the_lie_is_a_kill(stage: Callable[..., Any]) -> None:
    """The lie is then all that differs."""
    told, played = stage(["success", "fail", "fail", "success"], STATUS, MEMBER)
    assert [word for word, _ in told] == ["passed", "killed", "killed"]
    assert played == ["success", "fail", "fail", "success", "cleared"]


def test_a_class_that_stays_broken_is_an_error(stage: Callable[..., Any]) -> None:
    """Where the test fails without a lie, nothing can be said of the lies."""
    told, _ = stage(["success", "fail", "fail", "fail", "fail", "fail"], STATUS, MEMBER)
    assert [word for word, _ in told] == ["passed", "killed", "error"]
    assert told[2][1] == "without the lie: AssertionError: no"


def test_what_the_class_alone_meets_is_told_from_its_set_up_on(stage: Callable[..., Any]) -> None:
    """Tempest judges in tests what its classes have read before; and a class that breaks is no kill."""
    told, played = stage(["success", "class", "success"], STATUS, MEMBER, seen=(server(),))
    assert [word for word, _ in told] == ["passed", "setup", "survived"]
    assert played == ["success", "cleared", "class", "cleared", "success", "cleared"]


def test_a_test_that_does_not_pass_has_no_trials(stage: Callable[..., Any]) -> None:
    """It is listed as not carried out."""
    told, _ = stage(["fail"], STATUS)
    assert told == [("failed", "AssertionError: no")]


@pytest.mark.parametrize(("word", "reason"), [("die", "died"), ("nothing", "does not say why")])
def test_a_worker_that_ends_or_says_nothing_costs_one_trial(stage: Callable[..., Any], word: str, reason: str) -> None:
    """The next lie gets a process of its own; and silence is no verdict."""
    told, _ = stage(["success", word, "success", "success"], STATUS, MEMBER)
    assert [item for item, _ in told] == ["passed", "error", "survived"]
    assert reason in told[1][1]


def test_a_replay_asks_no_cloud_and_leaves_nothing_behind(stage: Callable[..., Any]) -> None:
    """So no other round has to make sure of a failure; the first one does, that a replay is the clean run again."""
    told, played = stage(["success", "success", "fail", "fail"], STATUS, MEMBER, live=False)
    assert [word for word, _ in told] == ["passed", "killed", "killed"]
    assert played == ["success", "success", "fail", "fail", "cleared"]


def test_a_test_that_is_another_when_replayed_is_tried_on_the_cloud(stage: Callable[..., Any]) -> None:
    """Such as one that signs the time: what it does on recorded answers says nothing."""
    told, played = stage(["success", "fail", "success", "success"], STATUS, MEMBER, live=False)
    assert [word for word, _ in told] == ["passed", "survived", "survived"]
    assert played == ["success", "fail", "success", "success", "cleared"]


def test_a_replay_that_leaves_the_script_counts_only_if_the_test_had_failed_before(stage: Callable[..., Any]) -> None:
    """What the cloud would have answered is not known; but what a test clears up after its failure changes nothing."""
    told, played = stage(["success", "success", "fail", "success", "fail"], STATUS, MEMBER, live=False, leaving=True)
    assert [word for word, _ in told] == ["passed", "killed", "killed"]
    assert played == ["success", "success", "fail", "success", "fail", "cleared"]


# -- the real one -----------------------------------------------------------------------------------------------------


def test_tempest_itself_meets_the_lies(
    credentials: dict[str, Credential], tempest: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is measured must be Tempest on a real cloud; and what is tried must not be tried again."""
    name = "tempest.api.object_storage.test_account_services.AccountTest.test_list_containers"
    listed = "GET /v1/{account}"
    applicable = tuple((listed, kind) for kind in ("list-emptied", "wrong-status", "dead-link"))
    clean = Clean(test=TEST, outcome=Outcome.PASSED, seconds=0, applicable=(*applicable, (GET, "wrong-status")))
    out = tmp_path / "proof"
    out.mkdir()
    begin(out, fresh("0" * 64, "plain", "one", list(KINDS), [], [TEST]))
    proxy = Proxy(addresses(Target(credentials["main"])), None, Recogniser(known_names(load(suite_dir()))))
    write(tmp_path / "lying.yaml", through(credentials, proxy.here))
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "lying.yaml"))
    found = {role: item for role, item in read_credentials("plain").items() if role != "admin"}
    told: list[Clean | Trial] = []
    with proxy.serving():
        where = post(tmp_path / "post", proxy, prepare(found, Options(tempest, 1, 60, own=SHORT)))
        left = tasks(out, {TEST: clean}, {TEST: name})
        assert not prove(out, left, [where], tempest, 300, told.append)
    assert [item.verdict for item in told if isinstance(item, Trial)] == ["killed", "killed", "unmet", "unmet"]
    assert done(read(out)[1])[0][TEST].applicable == clean.applicable
    assert tasks(out, {TEST: clean}, {TEST: name}) == []
    assert prove(out, left, [where], tempest, 0, told.append)
