"""What a proof has shown, put together and shown to people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from defcore.errors import InputError
from defcore.guideline import resolve
from defcore.run.record import Outcome
from defcore.sabotage.choose import Wish, chosen, light
from defcore.sabotage.kinds import KINDS
from defcore.sabotage.matrix import matrix, matrix_json, strength
from defcore.sabotage.prove import begin, fresh
from defcore.sabotage.show import html, percent, svg, text
from defcore.sabotage.trials import TRIALS, Clean, Event, Trial, Varied, done, line, read
from defcore.suite import collect, suite_dir

if TYPE_CHECKING:
    from pathlib import Path

SUITE = collect(suite_dir())
ONE, TWO, THREE = sorted(key for key, test in SUITE.items() if test.meta.service == "compute")[:3]
HEAD = fresh("0" * 64, "<cloud>", "two tests", ["wrong-status", "extra-member"], ["slow"], [ONE, TWO, THREE])
GET = "GET /servers"


def trial(test: str, kind: str, verdict: str) -> Trial:
    """Make a trial."""
    return Trial.model_validate(
        {"test": test, "operation": GET, "kind": kind, "verdict": verdict, "reason": None, "seconds": 0.1}
    )


def clean(test: str, *kinds: str, outcome: Outcome = Outcome.PASSED) -> Clean:
    """Make a clean run to which these kinds apply."""
    return Clean(test=test, outcome=outcome, seconds=0.1, applicable=tuple((GET, kind) for kind in kinds))


EVENTS: list[Event] = [
    clean(ONE, "wrong-status", "extra-member", "null-member"),
    clean(TWO, "wrong-status", "extra-member"),
    clean(THREE, outcome=Outcome.ERROR),
    trial(ONE, "wrong-status", "error"),
    trial(ONE, "wrong-status", "killed"),
    trial(ONE, "extra-member", "beside"),
    trial(TWO, "wrong-status", "survived"),
    trial(TWO, "extra-member", "survived"),
    Varied(test=ONE, variation="slow", outcome=Outcome.PASSED, seconds=0.1),
    Varied(test=TWO, variation="slow", outcome=Outcome.FAILED, reason="<b>slow</b>", seconds=0.1),
]


def test_only_kills_count_and_all_that_applies_stands_below() -> None:
    """A rate whose denominator shrinks with what went wrong flatters the suite."""
    found = matrix(HEAD, EVENTS, SUITE)
    assert (found.total.killed, found.total.trials) == (1, 4)
    assert (found.total.noticed, found.total.faults) == (1, 2)
    assert [(item.operation, item.kind, len(item.tests)) for item in found.unnoticed] == [(GET, "extra-member", 2)]
    assert [item.id for item in found.idle] == [TWO]
    assert [item.id for item in found.unproven] == [THREE]
    assert [item.variation for item in found.alarms] == ["slow"]
    assert found.verdicts == {"killed": 1, "beside": 1, "survived": 2}
    assert found.left == 0


def test_what_is_left_is_told() -> None:
    """An unfinished proof that reads like a finished one hides what it has not tried."""
    found = matrix(HEAD, EVENTS[:4], SUITE)
    assert found.left == 3
    assert found.unnoticed == ()
    assert found.idle == ()
    assert "left to try: 3" in list(text(found))
    assert "3 trials are left" in html(found)
    assert matrix(HEAD, [], SUITE).left == 3


def test_pages_escape_and_stand_alone() -> None:
    """Words of a cloud must not become markup in the board's browser."""
    found = matrix(HEAD, EVENTS, SUITE)
    page = html(found)
    assert "&lt;cloud&gt;" in page
    assert "<b>slow" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert svg(found).startswith("<svg")
    assert svg(found).count("<title>") == 2
    assert page.index("What nobody notices") < page.index("Tests that notice nothing") < page.index("How much")


def test_text_begins_with_what_nobody_notices() -> None:
    """What is to be repaired is read first, and every rate has its denominator."""
    found = list(text(matrix(HEAD, EVENTS, SUITE)))
    assert found[0] == "unnoticed faults: 1, of which 0 are explained"
    assert "all: faults noticed 1 of 2 (50.0 %); trials killed 1 of 4 (25.0 %); 3 tests" in found
    assert percent(0, 0) == "0 of 0"
    many: list[Event] = [clean(ONE, *KINDS), *(trial(ONE, kind, "survived") for kind in KINDS)]
    head = HEAD.model_copy(update={"kinds": tuple(KINDS)})
    assert any(item.startswith("  and ") for item in text(matrix(head, many, SUITE)))


def test_explained_faults_stay_in_the_denominator() -> None:
    """An explanation that made a rate better would be the first thing that anybody writes."""
    found = matrix(HEAD, EVENTS, SUITE, {f"extra-member {GET}": "nobody <b>can</b> know"})
    assert found.total == matrix(HEAD, EVENTS, SUITE).total
    assert [item.why for item in found.unnoticed] == ["nobody <b>can</b> know"]
    assert list(text(found))[1].endswith(f"{GET}: nobody <b>can</b> know")
    assert "nobody &lt;b&gt;can" in html(found)


def test_the_small_form_says_the_same() -> None:
    """A board that reads the small file must not see another strength than in the matrix."""
    found = strength(matrix(HEAD, EVENTS, SUITE))
    assert found.counts() == {ONE: (1, 2), TWO: (0, 2)}
    assert (found.together([ONE, TWO]).noticed, found.together([ONE, TWO]).faults) == (1, 2)
    assert found.faults == (f"extra-member {GET}", f"wrong-status {GET}")


def test_json_holds_every_trial() -> None:
    """A script that asks for proof of a test reads it here."""
    value = json.loads(json.dumps(matrix_json(matrix(HEAD, EVENTS, SUITE))))
    assert value["format"] == "defcore-matrix/1"
    assert len(value["trials"]) == 4
    assert value["total"]["killed"] == 1
    assert {item["id"]: item["killed"] for item in value["tests"]} == {ONE: 1, TWO: 0, THREE: 0}


def test_a_proof_is_read_as_it_was_written(tmp_path: Path) -> None:
    """What a killed proof had finished must count when it is gone on with; a torn line does not."""
    begin(tmp_path, HEAD)
    with (tmp_path / TRIALS).open("ab") as stream:
        stream.write(b"".join(line(event) for event in EVENTS) + b'{"event": "tri')
    head, events = read(tmp_path)
    assert (head, events) == (HEAD, EVENTS)
    assert done(events)[1][ONE, GET, "wrong-status"].verdict == "killed"


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "no-proof"), (b"{}\n", "bad-proof"), (line(EVENTS[0]), "bad-proof"), (b"", "bad-proof")],
)
def test_a_bad_proof_is_refused(tmp_path: Path, content: bytes | None, code: str) -> None:
    """A half-understood file must not become a matrix."""
    if content is not None:
        (tmp_path / TRIALS).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read(tmp_path)
    assert caught.value.code == code


def test_tests_are_chosen_by_what_users_know() -> None:
    """A word that is mistyped must not prove something else."""
    guideline = resolve().guideline
    whole, words = chosen(guideline, SUITE, Wish())
    assert (len(whole), words) == (len(SUITE), "the whole suite")
    assert not light(whole)
    few, words = chosen(guideline, SUITE, Wish(("objectstore-container-create",), (whole[0].function,)))
    assert words == f"capability objectstore-container-create, test {whole[0].function}"
    assert whole[0] in few
    assert light(chosen(guideline, SUITE, Wish(services=("identity",)))[0])
    for wish, code in (
        (Wish(("nonsense",)), "unknown-capability"),
        (Wish(tests=("nonsense",)), "unknown-test"),
        (Wish(services=("nonsense",)), "unknown-service"),
    ):
        with pytest.raises(InputError) as caught:
            chosen(guideline, SUITE, wish)
        assert caught.value.code == code
    with pytest.raises(InputError) as caught:
        chosen(guideline, {}, Wish(("objectstore-container-create",)))
    assert caught.value.code == "no-tests"
