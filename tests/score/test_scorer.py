"""Verdicts: every rule of the scorer in a table."""

from __future__ import annotations

import pytest

from defcore.errors import InputError
from defcore.guideline.ids import nameless_id
from defcore.guideline.model import Repair, State
from defcore.run.record import Attempt, Failure, Outcome
from defcore.score import Interop, outcomes_of, program_tests, required_tests, score
from defcore.score.model import Counts

from .builders import (
    TODAY,
    E,
    F,
    N,
    P,
    S,
    U,
    codes,
    component,
    guideline,
    judge,
    nameless,
    program,
    record,
    result,
    run,
    t,
    uid,
)

AT = "2026-11-20T10:00:00Z"


@pytest.mark.parametrize(
    ("outcomes", "verdict", "reasons"),
    [
        ((P, P), "pass", ["all-passed"]),
        ((P, F), "fail", ["tests-failed"]),
        ((P, S), "fail", ["tests-skipped"]),
        ((P, U), "fail", ["tests-unsupported"]),
        ((P, E), "untested", ["tests-error"]),
        ((P, N), "untested", ["tests-not-run"]),
        ((P,), "untested", ["tests-not-run"]),
        ((), "untested", ["tests-not-run"]),
        ((E, N), "untested", ["tests-error", "tests-not-run"]),
        ((F, E), "fail", ["tests-failed", "tests-error"]),
        ((U, E), "fail", ["tests-unsupported", "tests-error"]),
        ((S, N), "fail", ["tests-skipped", "tests-not-run"]),
        ((F, S), "fail", ["tests-failed", "tests-skipped"]),
    ],
)
def test_the_verdict(outcomes: tuple[Outcome, ...], verdict: str, reasons: list[str]) -> None:
    """A dead cloud must not be called a bad one, and nothing but passes may be called good."""
    card = judge(guideline({"a": [t(1), t(2)]}), run(*outcomes))
    assert card.interop == verdict
    assert codes(card) == reasons
    assert card.capabilities[0].verdict == verdict


@pytest.mark.parametrize(("verdict", "code"), [("pass", 0), ("fail", 1), ("untested", 3)])
def test_exit_codes(verdict: str, code: int) -> None:
    """Scripts go by them: 0 pass, 1 fail, 3 untested."""
    assert Interop(verdict).exit_code == code


def test_the_card_says_what_it_rests_on() -> None:
    """A verdict without guideline, digest, program and date cannot be checked by anybody."""
    card = judge(guideline({"a": [t(1)]}), run(P))
    assert (card.guideline, card.guideline_digest, card.guideline_status) == ("2026.11", "ab" * 32, "approved")
    assert (card.program, card.program_name, card.date) == ("all-of-it", "All Of It", "2026-11-20")
    assert (card.authority, card.mark_name, card.label, card.level) == ("us", "our mark", "unread", "L0")
    assert card.findings == ()


def test_counts_are_of_required_tests() -> None:
    """The figures in a report are these; one outcome in another's column would mislead every reader."""
    tests = [t(number) for number in range(1, 8)]
    source = guideline({"a": [*tests, t(9, flagged=True)]})
    card = judge(source, run(P, P, F, E, S, U))
    assert card.tests == Counts(required=7, passed=2, failed=1, error=1, skipped=1, unsupported=1, not_run=1, flagged=1)


def test_no_required_test_is_untested() -> None:
    """0 of 0 tests gave "YES" in the old server."""
    only_advisory = guideline({"a": [t(1)]}, component("all", advisory="a"))
    for source in (guideline({}), guideline({"a": []}), only_advisory):
        card = judge(source, run(P))
        assert (card.interop, codes(card)) == (Interop.UNTESTED, ["no-required-test"])
        assert card.tests.required == 0


def test_a_capability_of_flagged_tests_blocks_nothing_and_is_disclosed() -> None:
    """A required capability that nothing proves must not pass unseen, nor fail a good cloud."""
    source = guideline({"a": [t(1)], "resize": [t(2, flagged=True)], "empty": []})
    card = judge(source, run(P, F))
    assert (card.interop, card.tests.flagged) == (Interop.PASS, 1)
    assert [item.verdict for item in card.capabilities] == ["pass", "untested", "untested"]
    assert card.findings == (
        "capability resize is required, but all its tests are flagged: untested",
        "capability empty is required, but it has no test: untested",
    )


@pytest.mark.parametrize("state", ["advisory", "deprecated"])
@pytest.mark.parametrize("outcome", Outcome)
def test_advisory_and_deprecated_never_decide(state: str, outcome: Outcome) -> None:
    """They are tested and shown; a product is not refused for them."""
    parts = component("all", **{"required": "a", state: "b"})
    card = judge(guideline({"a": [t(1)], "b": [t(2)]}, parts), run(P, outcome))
    assert (card.interop, card.tests.required) == (Interop.PASS, 1)
    assert [(item.name, item.status.value) for item in card.capabilities] == [("a", "required"), ("b", state)]
    assert card.capabilities[1].tests[0].outcome is outcome


def test_removed_is_not_even_shown() -> None:
    """What left the guideline is no part of the verdict's picture."""
    source = guideline({"a": [t(1)], "b": [t(2)], "c": [t(3)]}, component("all", required="a", removed="b"))
    assert [item.name for item in judge(source, run(P)).capabilities] == ["a"]


@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        ("required", "advisory", "required"),
        ("advisory", "required", "required"),
        ("deprecated", "advisory", "advisory"),
        ("removed", "deprecated", "deprecated"),
    ],
)
def test_the_strictest_state_wins_where_components_overlap(one: str, other: str, status: str) -> None:
    """A platform must not become easier by holding a component that is milder."""
    parts = (component("x", **{one: "a"}), component("y", **{other: "a"}))
    source = guideline({"a": [t(1)]}, *parts)
    card = judge(source, run(F))
    assert [item.status.value for item in card.capabilities] == [status]
    assert (card.interop is Interop.FAIL) is (status == "required")
    assert program_tests(source.guideline, source.guideline.programs[0])[0][1] is State(status)


@pytest.mark.parametrize(
    ("regions", "outcome", "verdict"),
    [
        ((P, P), P, "pass"),
        ((P, F), F, "fail"),
        ((N, P), N, "untested"),
        ((P, E, N), E, "untested"),
        ((E, S), S, "fail"),
        ((U, E), U, "fail"),
        ((S, U, F), F, "fail"),
        ((F, E), F, "fail"),
    ],
)
def test_several_runs_give_the_worst(regions: tuple[Outcome, ...], outcome: Outcome, verdict: str) -> None:
    """One region that works must not vouch for another, nor a broken harness cover a region that lacks something."""
    card = judge(guideline({"a": [t(1)]}), *(run(item) for item in regions))
    assert card.capabilities[0].tests[0].outcome is outcome
    assert card.interop == verdict
    assert judge(guideline({"a": [t(1)]}), *(run(item) for item in reversed(regions))).interop == verdict


def test_the_reason_is_that_of_the_worst_run() -> None:
    """A reason beside an outcome that it does not explain sends people looking in the wrong region."""
    runs = [record(result(uid(1), F, reason="region one")), record(result(uid(1), P, reason="region two"))]
    assert judge(guideline({"a": [t(1)]}), *runs).capabilities[0].tests[0].reason == "region one"


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_results_under_one_id_the_worse_counts(order: int) -> None:
    """A second line in a record must not hide a failure."""
    results = [result(uid(1), F), result(uid(1), P)][::order]
    assert judge(guideline({"a": [t(1)]}), record(*results)).interop is Interop.FAIL


MATCHES = {
    "id": ([result(uid(1), name="something else")], "id", P),
    "id before name": ([nameless("test_1", F), result(uid(1))], "id", P),
    "name": ([nameless("test_1")], "name", P),
    "name before alias": ([nameless("old.name", F), nameless("test_1")], "name", P),
    "alias": ([nameless("old.name")], "alias", P),
    "second alias": ([nameless("older.name")], "alias", P),
    "another id under the name": ([result(uid(7), name="test_1")], None, N),
    "another id beside the nameless": ([nameless("test_1"), result(uid(7), F, name="test_1")], "name", P),
    "the nameless id under another name": ([result(nameless_id("test_1"), name="other")], None, N),
    "nothing": ([], None, N),
}


@pytest.mark.parametrize(("results", "how", "outcome"), MATCHES.values(), ids=MATCHES.keys())
def test_a_test_is_found_by_id_then_name_then_alias(results: list, how: str | None, outcome: Outcome) -> None:  # type: ignore[type-arg]
    """By name alone a third of the old tests were lost, and an invented name could count as a pass."""
    card = judge(guideline({"a": [t(1, "old.name", "older.name")]}), record(*results))
    (found,) = card.capabilities[0].tests
    assert (found.matched, found.outcome) == (how, outcome)
    wanted = (f"test {uid(1)} was matched by {how}, not by id",) if how in ("name", "alias") else ()
    assert card.findings == wanted


def test_a_match_by_name_in_any_run_is_disclosed() -> None:
    """The weaker match must be told even where another region's result was the worse one."""
    card = judge(guideline({"a": [t(1)]}), record(result(uid(1), F)), record(nameless("test_1")))
    assert card.findings == (f"test {uid(1)} was matched by name, not by id",)


def test_a_nameless_id_stays_what_it_is() -> None:
    """Records written today are scored for ever: the stand-in for a name must never change."""
    assert nameless_id("test_1") == "38a810eb-dd0b-9125-3efb-af708316ec74"


def test_an_id_under_two_capabilities_counts_once() -> None:
    """Counted twice, 58 tests would be 60 and no two reports would agree."""
    source = guideline({"a": [t(1), t(2)], "b": [t(1)]})
    card = judge(source, run(P, P))
    assert (card.tests.required, card.tests.passed, card.interop) == (2, 2, Interop.PASS)
    assert card.findings == (f"test {uid(1)} stands under 2 capabilities, counted once",)
    assert [item.id for item in required_tests(source.guideline, source.guideline.programs[0])] == [uid(1), uid(2)]


def test_required_tests_are_the_unflagged_ones_of_required_capabilities() -> None:
    """The planner and the choice of a program rest on this list; one test too many and no suite covers it."""
    parts = component("all", required="a", advisory="b")
    source = guideline({"a": [t(1), t(2, flagged=True)], "b": [t(3)]}, parts)
    assert required_tests(source.guideline, source.guideline.programs[0]) == (t(1),)


def test_an_id_twice_in_one_capability_is_no_second_capability() -> None:
    """A published guideline holds such an id; the finding must not tell a wrong story about it."""
    source = guideline({"a": [t(1), t(1, name="again")]})
    card = judge(source, run(P))
    assert (card.tests.required, card.findings) == (1, ())


def test_flagged_in_one_capability_and_not_in_another_is_required() -> None:
    """The strict reading: a flag excuses a test in its own capability only."""
    source = guideline({"a": [t(1, flagged=True)], "b": [t(1)]})
    card = judge(source, run(F))
    assert (card.interop, card.tests.required, card.tests.flagged) == (Interop.FAIL, 1, 0)
    assert "required tests: failed (b)" in card.reasons[0].message


@pytest.mark.parametrize(("one", "two"), [(P, F), (F, P)])
def test_two_names_of_one_id_that_differ_give_the_worse(one: Outcome, two: Outcome) -> None:
    """2018.02 gave two tests one id; a foreign result that knows names only must not hide the one that failed."""
    source = guideline({"a": [t(1)], "b": [t(1, name="second")]})
    card = judge(source, record(nameless("test_1", one), nameless("second", two)))
    assert (card.interop, card.tests.failed, card.tests.required) == (Interop.FAIL, 1, 1)


@pytest.mark.parametrize(
    ("word", "key", "names"),
    [
        ("small", "small", ["a"]),
        ("Small", "small", ["a"]),
        ("y", "y", ["b"]),
        ("big", "big", ["a", "b"]),
    ],
)
def test_the_program_by_key_name_or_component(word: str, key: str, names: list[str]) -> None:
    """One run is scored for several programs; each must mean its own capabilities."""
    parts = (component("x", required="a"), component("y", required="b"))
    source = guideline({"a": [t(1)], "b": [t(2)]}, *parts, programs=(program("Small", "x"), program("Big", "x", "y")))
    card = judge(source, run(P, P), word=word)
    assert (card.program, [item.name for item in card.capabilities]) == (key, names)


def test_an_unknown_program_is_refused() -> None:
    """A verdict for a program that does not exist was how invented guidelines got verified."""
    with pytest.raises(InputError, match="has no program 'smal'") as caught:
        judge(guideline({"a": [t(1)]}), run(P), word="smal")
    assert caught.value.hint == "one of: all-of-it, all"


def test_no_run_is_refused() -> None:
    """Nothing can be scored from nothing."""
    with pytest.raises(InputError, match="there is no run to score"):
        score(guideline({"a": [t(1)]}), [], "all-of-it", date=TODAY)


def test_a_component_of_another_file_is_never_passed() -> None:
    """A program half of which nobody tested must not be called interoperable."""
    source = guideline({"a": [t(1)]}, component("x", required="a"), programs=(program("Both", "x", "far"),))
    card = judge(source, run(P), word="both")
    assert (card.interop, codes(card)) == (Interop.UNTESTED, ["component-elsewhere"])
    assert judge(source, run(F), word="both").interop is Interop.FAIL


def test_an_add_on_stands_on_its_host() -> None:
    """Host components in the same file are scored along; those elsewhere are disclosed and leave the mark open."""
    source = guideline(
        {"a": [t(1)], "b": [t(2)]},
        component("x", required="a"),
        component("y", required="b"),
        programs=(program("Here", "x", host=("y",)), program("There", "x", host=("far", "farther"))),
    )
    here = judge(source, run(P, F), word="here")
    assert (here.interop, here.findings) == (Interop.FAIL, ())
    there = judge(source, run(P), word="there")
    assert there.interop is Interop.PASS
    assert there.findings == ("the add-on also needs far, farther of its host platform, which was not scored",)
    assert codes(there, "mark") == ["host-not-scored", "host-not-scored", "no-product"]


def test_partial_and_cut_off_runs_are_told() -> None:
    """Who reads "untested" must learn that the run was one of a subset, or ended early."""
    source = guideline({"a": [t(1)]})
    card = judge(source, run(P, partial=True, selection="test x"), run(P, complete=False), run(P, partial=True))
    assert [item.message for item in card.reasons if item.about == "interop"] == [
        "all 1 required tests passed",
        "run run-1 is of a subset only: test x",
        "run run-1 was cut off before its end",
        "run run-1 is of a subset only",
    ]


@pytest.mark.parametrize(
    ("count", "names"), [(3, "c0, c1, c2"), (4, "c0, c1, c2 and 1 more"), (9, "c0, c1, c2 and 6 more")]
)
def test_a_reason_names_the_capabilities(count: int, names: str) -> None:
    """A count alone does not say where to begin; seventy names say it no better."""
    source = guideline({f"c{number}": [t(number + 1)] for number in range(count)})
    message = judge(source, run(*[F] * count)).reasons[0].message
    assert message == f"{count} of {count} required tests: failed ({names})"


def _attempt(outcome: Outcome, reason: str | None = None, failure: str | None = None) -> Attempt:
    words = Failure(cause="c", message=failure) if failure else None
    return Attempt(outcome=outcome, started=AT, seconds=1, reason=reason, failure=words)


@pytest.mark.parametrize(
    ("reason", "attempts", "said"),
    [
        ("of the result", (_attempt(F, "of the attempt"),), "of the result"),
        (None, (), None),
        (None, (_attempt(P, "fine"), _attempt(F, "of the attempt")), "of the attempt"),
        (None, (_attempt(F, None, "of the failure"), _attempt(P)), "of the failure"),
        (None, (_attempt(E, "of the first"), _attempt(S, "of the last")), "of the last"),
        (None, (_attempt(F),), None),
    ],
)
def test_the_reason_of_an_outcome(reason: str | None, attempts: tuple[Attempt, ...], said: str | None) -> None:
    """A skip or a failure without its reason cannot be mended."""
    card = judge(guideline({"a": [t(1)]}), record(result(uid(1), F, reason=reason, attempts=attempts)))
    assert card.capabilities[0].tests[0].reason == said


def test_what_is_not_in_the_run_says_so() -> None:
    """Not run at all and planned but not run are two different things to look into."""
    (found,) = judge(guideline({"a": [t(1)]}), run()).capabilities[0].tests
    assert (found.outcome, found.matched, found.reason) == (N, None, "not in the run")


def test_repairs_of_the_guideline_are_findings() -> None:
    """A verdict by a file that was read as meant must say what was read otherwise."""
    source = guideline({"a": [t(1)]}, repairs=(Repair("$.x", 7, "key 'a' read as 'b'"),))
    assert judge(source, run(P)).findings == ("guideline, line 7, $.x: key 'a' read as 'b'",)


def test_outcomes_are_found_as_the_scorer_finds_them() -> None:
    """A forecast that finds tests in another way than the verdict would promise what does not come."""
    tests = [t(1), t(2, "old_2"), t(3), t(4, name="now_4")]
    run = record(result(uid(1), F), nameless("old_2", P), result(uid(9), P), nameless("test_4", P))
    assert outcomes_of(tests, run) == [F, P, None, None]
