"""A proof on a real cloud: what is tried, what counts, and that it can be cut off."""

from __future__ import annotations

import json
import signal
import time
from typing import TYPE_CHECKING

import pytest

from defcore.run.record import Attempt, Failure, Outcome
from defcore.sabotage.armed import Saboteur
from defcore.sabotage.kinds import Fault
from defcore.sabotage.prove import Known, Task, fresh, judged, wanted
from defcore.sabotage.trials import TRIALS, Clean, Trial, Varied
from defcore.sabotage.variations import VARIATIONS
from defcore.suite import collect, suite_dir

from .builders import server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Desk

SUITE = collect(suite_dir())
TEST = next(iter(SUITE.values()))
GET = "GET /servers/{server_id}"
CAPABILITY = ("suite", "prove", "--cloud", "plain", "--capability", "objectstore-container-create", "--out", "proof")


def came(outcome: Outcome, stage: str = "test", request: str = "req-a", altered: tuple[str, ...] = ("req-a",)) -> dict:  # type: ignore[type-arg]
    """Make what a worker tells of a trial."""
    failure = Failure.model_validate(
        {"cause": "c", "message": "m", "place": "status", "request_id": request, "stage": stage}
    )
    attempt = Attempt(
        outcome=outcome,
        started="2026-11-20T00:00:00Z",
        seconds=0,
        failure=failure if outcome in {Outcome.FAILED, Outcome.ERROR} else None,
    )
    return {"result": attempt.model_dump(mode="json"), "altered": list(altered), "applicable": []}


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (came(Outcome.FAILED), "killed"),
        (came(Outcome.FAILED, request="req-b"), "beside"),
        (came(Outcome.FAILED, stage="setup"), "error"),
        (came(Outcome.FAILED, altered=()), "error"),
        (came(Outcome.ERROR), "error"),
        (came(Outcome.PASSED), "survived"),
        (came(Outcome.PASSED, altered=()), "unmet"),
        ({"died": "the worker is gone"}, "error"),
    ],
)
def test_what_is_a_kill(found: dict, verdict: str) -> None:  # type: ignore[type-arg]
    """Whatever else counted as a kill would let the suite look stronger than it is."""
    event = judged(Task(TEST, fault=Fault(GET, "wrong-status")), found, 0.1)
    assert isinstance(event, Trial)
    assert event.verdict == verdict
    assert isinstance(judged(Task(TEST, variation="slow"), found, 0.1), Varied)


def test_what_is_tried_is_not_tried_again() -> None:
    """A proof that begins anew whenever it is gone on with never ends."""
    head = fresh("0" * 64, "c", "s", ["wrong-status", "extra-member"], ["slow"], [TEST.meta.id])
    clean = Clean(
        test=TEST.meta.id,
        outcome=Outcome.PASSED,
        seconds=0,
        applicable=((GET, "wrong-status"), (GET, "extra-member"), (GET, "null-member")),
    )
    assert len(wanted(clean, head, Known())) == 3
    known = Known(frozenset({(TEST.meta.id, GET, "wrong-status")}), frozenset({(TEST.meta.id, "slow")}))
    assert wanted(clean, head, known) == [(TEST.meta.id, Fault(GET, "extra-member"), None)]
    assert wanted(clean.model_copy(update={"outcome": Outcome.FAILED}), head, Known()) == []


def test_a_saboteur_alters_or_collects() -> None:
    """With nothing armed a test must see the cloud as it is, and what would have altered it must be known."""
    now = server()
    watching = Saboteur(history=[now])
    assert watching(now) is now
    assert Fault(GET, "wrong-status") in watching.applicable
    assert all(fault.operation == GET for fault in watching.applicable)
    lying = Saboteur(Fault(GET, "wrong-status"))
    assert lying(now).status == 202
    assert lying.altered == {now.request_id}
    varied = Saboteur(VARIATIONS["small-headers"])(now)
    assert (varied.status, varied.altered) == (200, False), "what an honest cloud answers is believed, ids and all"


def test_a_proof_is_cut_off_and_gone_on_with(cloud_desk: Desk) -> None:
    """An hour's work must survive Ctrl-C, and what was finished must not be done again."""
    process = cloud_desk.start(*CAPABILITY, "-n", "1")
    trials = cloud_desk.folder / "proof" / TRIALS
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (trials.exists() and trials.read_bytes().count(b"\n") > 1):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    begun = trials.read_bytes()
    done = cloud_desk.run("suite", "prove", "--resume", "proof", timeout=120)
    assert done.returncode == 0, done.stderr
    assert trials.read_bytes().startswith(begun)
    keys = [
        (item["test"], item.get("operation"), item.get("kind"), item.get("variation"))
        for item in map(json.loads, trials.read_bytes().splitlines()[1:])
    ]
    assert len(keys) == len(set(keys))
    assert "object-store: faults noticed" in done.stdout
    assert "allowed variations passed: 18 of 18" in done.stdout
    names = {path.name for path in (cloud_desk.folder / "proof").iterdir()}
    assert {"matrix.json", "matrix.html", "matrix.svg"} <= names
    value = json.loads((cloud_desk.folder / "proof" / "matrix.json").read_text(encoding="utf-8"))
    assert value["left"] == 0
    assert 0 < value["total"]["killed"] <= value["total"]["trials"] == len(value["trials"])
    again = cloud_desk.run("suite", "prove", "--resume", "proof", "--format", "json")
    assert json.loads(again.stdout) == value
    refused = cloud_desk.run(*CAPABILITY)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
    _of_another_suite(trials)
    changed = cloud_desk.run("suite", "prove", "--resume", "proof")
    assert changed.returncode == 2
    assert "begin a new proof" in changed.stderr


def _of_another_suite(trials: Path) -> None:
    head, *rest = trials.read_bytes().splitlines(keepends=True)
    value = json.loads(head) | {"suite_digest": "0" * 64}
    trials.write_bytes(b"".join([json.dumps(value).encode() + b"\n", *rest]))


@pytest.mark.parametrize(
    "words",
    [
        ["--capability", "nonsense"],
        ["--kind", "nonsense"],
        ["--service", "nonsense"],
        ["--resume", "nowhere"],
    ],
)
def test_a_wrong_word_is_one_line(desk: Desk, words: list[str]) -> None:
    """Nothing is started, and nothing written, before the words are understood."""
    found = desk.run("suite", "prove", *words)
    assert (found.returncode, found.stdout, len(found.stderr.splitlines())) == (2, "", 1)
    assert list(desk.folder.iterdir()) == []
