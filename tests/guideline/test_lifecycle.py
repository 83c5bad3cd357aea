"""The life of a guideline: each step that the process forbids is refused, with its rule."""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from defcore.errors import DefcoreError, InputError, RefusedError
from defcore.guideline import dump, load_bytes
from defcore.guideline import lifecycle as life
from defcore.guideline import model as m
from defcore.guideline.model import State, Status

from .small import ALL, capability, component, draft, guideline, t, uid

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = dt.date(2026, 11, 20)
FLAG = m.Flag("D401: slow", "wait", "2026-11-20")


def states(found: m.Guideline, name: str = "store") -> dict[str, str]:
    """Map capability to state in a component."""
    part = found.component(name)
    assert part is not None
    return {word: state.value for state, names in part.capabilities for word in names}


def refused(rule: str, step: Callable[[], object]) -> str:
    """Expect a refusal by this rule, in one line; return what it says."""
    with pytest.raises(RefusedError) as caught:
        step()
    assert f"[{rule}]" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 1
    return str(caught.value)


# new


def test_a_draft_begins_from_the_previous_one() -> None:
    """A1.1: a guideline made from nothing would drop what was promised."""
    parts = (component(required="put", deprecated="old", removed="gone both"), component("far", required="both"))
    previous = guideline(
        capability("put", t(1, flag="D401: x"), achievements=("doc",)),
        capability("old", t(2)),
        capability("gone", t(3)),
        capability("both", t(4)),
        components=parts,
    )
    found = life.new(previous, "2026.11", source="guidelines/2026.11.json", releases=["2026.2"])
    assert (found.id, found.status, found.replaces, found.target_approval) == ("2026.11", "draft", "2026.05", "2026.11")
    assert found.releases == ("2026.2",)
    assert [item.name for item in found.capabilities] == ["put", "old", "both"]
    assert states(found) == {"put": "required", "old": "deprecated"}
    assert found.capabilities[0].tests == previous.capabilities[0].tests
    assert found.capabilities[0].achievements == ("doc", "sticky")
    assert "sticky" not in found.capabilities[1].achievements


@pytest.mark.parametrize(
    ("name", "previous", "target"),
    [
        ("next", "2026.05", None),
        ("2026.11", "2026.05", "2026.11"),
        ("dns.2026.11", "dns.2020.06", "2026.11"),
        ("dns.next", "dns.2020.06", None),
    ],
)
def test_names_of_drafts(name: str, previous: str, target: str | None) -> None:
    """A1.2 and D4: the working name is next, the id the year and month of approval."""
    found = life.new(guideline(id=previous), name, source="x")
    assert (found.target_approval, found.releases) == (target, ("2026.1",))


@pytest.mark.parametrize("name", ["", "2026", "2026.13", "2026.11 ", "DNS.2026.11", "x/2026.11"])
def test_a_name_that_is_no_date_is_bad_input(name: str) -> None:
    """A file that is named after nothing is found by nobody."""
    with pytest.raises(InputError, match="no guideline id"):
        life.new(guideline(), name, source="x")


def test_what_no_draft_begins_from() -> None:
    """From a draft, from itself, or from a later one nothing follows."""
    refused("A1.1", lambda: life.new(draft(), "2027.05", source="x"))
    refused("D4", lambda: life.new(guideline(), "2026.05", source="x"))
    refused("D4", lambda: life.new(guideline(), "2025.11", source="x"))
    assert life.new(guideline(status=Status.SUPERSEDED), "2026.11", source="x").status is Status.DRAFT


# propose


def test_a_capability_is_proposed() -> None:
    """What shall be required later is advisory first; a sorted list shows one new line."""
    found = life.propose(draft(capability("put", t(1))), "store", capability("get", t(2)))
    assert states(found) == {"put": "required", "get": "advisory"}
    assert [item.name for item in found.capabilities] == ["get", "put"]


def test_one_that_is_defined_is_proposed_by_its_name() -> None:
    """images-v2-import stands in the file and in no component."""
    known = draft(capability("put", t(1)), components=(component(),))
    found = life.propose(known, "store", capability("put"))
    assert (states(found), found.capabilities) == ({"put": "advisory"}, known.capabilities)
    with pytest.raises(InputError, match="defined already"):
        life.propose(known, "store", capability("put", t(7)))


def test_what_cannot_be_proposed() -> None:
    """Approved lists are closed, administrators' work is no interoperability, an id is that of one test."""
    found = draft(capability("put", t(1)))
    refused("D2.2", lambda: life.propose(guideline(), "store", capability("get", t(2))))
    refused("A4.6", lambda: life.propose(found, "store", capability("put")))
    refused("Core Criteria", lambda: life.propose(found, "store", capability("get", t(2), admin=True)))
    refused("A2.4", lambda: life.propose(found, "store", capability("get", t(1, "another name"))))
    with pytest.raises(InputError, match="no component 'far'"):
        life.propose(found, "far", capability("get", t(2)))


# promote


def advisory(*capabilities: m.Capability, **fields: object) -> m.Guideline:
    """Return a draft in which all are advisory."""
    names = " ".join(item.name for item in capabilities)
    return draft(*capabilities, components=(component(advisory=names),), **fields)


def before(*tests: m.Test, state: str = "advisory") -> m.Guideline:
    """Return the previous guideline, with these tests under another capability's name."""
    states: dict[str, Any] = {state: "former"}
    return guideline(capability("former", *tests), components=(component(**states),))


def test_an_advisory_capability_is_promoted() -> None:
    """A4.6, judged by test ids: what was regrouped since was still announced."""
    found = life.promote(advisory(capability("get", t(1), t(2, flag="D401: x"))), "store", "get", before(t(1)))
    assert states(found) == {"get": "required"}
    assert found.capabilities[0].required_since == "2026.11"


def test_required_since_is_kept() -> None:
    """A capability that is required again was first required when it was."""
    known = advisory(capability("get", t(1), required_since="2016.08"))
    found = life.promote(known, "store", "get", before(t(1), state="required"))
    assert found.capabilities[0].required_since == "2016.08"


def test_what_cannot_be_promoted() -> None:
    """Each refusal protects vendors from a demand that was not announced, or decides nothing."""
    good = advisory(capability("get", t(1)))
    said = refused("A4.6", lambda: life.promote(advisory(capability("get", t(1), t(2))), "store", "get", before(t(1))))
    assert "its test test_2" in said
    said = refused("A4.6", lambda: life.promote(good, "store", "get", before(t(1), state="deprecated")))
    many = advisory(capability("get", t(1), t(2)))
    assert "2 of its tests" in refused("A4.6", lambda: life.promote(many, "store", "get", before(t(9))))
    refused("A4.6", lambda: life.promote(draft(capability("get", t(1))), "store", "get", before(t(1))))
    refused("D2.2", lambda: life.promote(guideline(capability("get", t(1))), "store", "get", before(t(1))))
    low = advisory(capability("get", t(1), achievements=("doc",)))
    assert "scores 8, and the cutoff is 74" in refused("A4.4", lambda: life.promote(low, "store", "get", before(t(1))))
    flagged = advisory(capability("get", t(1, flag="D401: x")))
    assert "only flagged" in refused("Test spec", lambda: life.promote(flagged, "store", "get", before(t(1))))
    assert "no test" in refused(
        "Test spec", lambda: life.promote(advisory(capability("get")), "store", "get", before())
    )
    admin = advisory(capability("get", t(1), admin=True))
    refused("Core Criteria", lambda: life.promote(admin, "store", "get", before(t(1))))
    with pytest.raises(InputError, match=r"replaces 2026\.05, not 2020\.06"):
        life.promote(good, "store", "get", guideline(id="2020.06"))
    with pytest.raises(InputError, match="defines no capability 'nix'"):
        life.promote(good, "store", "nix", before(t(1)))


# deprecate, demote, remove


def test_deprecating_and_demoting() -> None:
    """Both take the decision away from a capability; only the first says that it will go."""
    found = draft(capability("put", t(1)), capability("get", t(2)))
    assert states(life.deprecate(found, "store", "put")) == {"get": "required", "put": "deprecated"}
    assert states(life.demote(found, "store", "put")) == {"get": "required", "put": "advisory"}
    assert states(life.deprecate(advisory(capability("put", t(1))), "store", "put")) == {"put": "deprecated"}
    refused("A4.5", lambda: life.deprecate(found, "store", "nix"))
    refused("A4.6", lambda: life.demote(advisory(capability("put", t(1))), "store", "put"))
    refused("D2.2", lambda: life.demote(guideline(capability("put", t(1))), "store", "put"))
    refused("D2.2", lambda: life.deprecate(guideline(capability("put", t(1))), "store", "put"))


def test_removing() -> None:
    """A4.5: whoever built on a capability was warned a guideline before, judged by test ids."""
    found = draft(capability("put", t(1)), components=(component(deprecated="put"),))
    assert states(life.remove(found, "store", "put", before(t(1), state="deprecated"))) == {"put": "removed"}
    said = refused("A4.5", lambda: life.remove(found, "store", "put", before(t(1), state="required")))
    assert "deprecate it now" in said
    refused("A4.5", lambda: life.remove(found, "store", "put", before(t(1))))
    gone = draft(capability("put", t(1)), components=(component(removed="put"),))
    refused("A4.5", lambda: life.remove(gone, "store", "put", before(t(1), state="deprecated")))


def test_what_only_this_draft_proposed_can_be_taken_back() -> None:
    """A proposal that was dropped in review needs no farewell."""
    found = life.propose(draft(capability("put", t(1))), "store", capability("get", t(2)))
    assert states(life.remove(found, "store", "get", before(t(1), state="required"))) == {"put": "required"}


# flag


@pytest.mark.parametrize("word", [uid(1), f"id-{uid(1)}", uid(1).upper(), "test_1"])
@pytest.mark.parametrize("status", [Status.DRAFT, Status.APPROVED])
def test_a_test_is_flagged_wherever_its_id_stands(word: str, status: Status) -> None:
    """D2.1: before and after approval. A flag in one of two capabilities would excuse nobody."""
    found = life.flag(guideline(capability("a", t(1)), capability("b", t(1), t(2)), status=status), word, FLAG)
    assert [[test.flag for test in item.tests] for item in found.capabilities] == [[FLAG], [FLAG, None]]


@pytest.mark.parametrize(
    ("flag", "rule"),
    [
        (replace(FLAG, reason=" "), "D307"),
        (replace(FLAG, action=""), "D307"),
        (replace(FLAG, date=""), "D307"),
        (replace(FLAG, reason="slow"), "D309"),
        (replace(FLAG, reason="D407: x"), "D309"),
        (replace(FLAG, reason="D4000"), "D309"),
    ],
)
def test_a_flag_without_grounds_is_refused(flag: m.Flag, rule: str) -> None:
    """A test was excused for five years with no code at all."""
    refused(rule, lambda: life.flag(draft(capability("a", t(1))), "test_1", flag))


def test_flags_of_approved_and_superseded_guidelines() -> None:
    """D311: a flag stays for the guideline's life; a superseded one does not change."""
    flagged = capability("a", t(1, flag="D401: x"), t(2))
    refused("D311", lambda: life.flag(guideline(flagged), "test_1", FLAG))
    refused("D311", lambda: life.unflag(guideline(flagged), "test_1"))
    refused("C6", lambda: life.flag(guideline(flagged, status=Status.SUPERSEDED), "test_2", FLAG))
    found = life.unflag(draft(flagged), "test_1")
    assert [test.flag for test in found.capabilities[0].tests] == [None, None]
    with pytest.raises(InputError, match="has no flag"):
        life.unflag(found, "test_1")
    with pytest.raises(InputError, match="has no test 'nix'"):
        life.unflag(found, "nix")


# approve


def test_a_draft_is_approved() -> None:
    """Id, status, target and predecessor are set together, so that no file says two things."""
    previous = guideline(capability("put", t(1)))
    found = life.approve(draft(capability("put", t(1))), DAY, previous, [previous])
    assert (found.id, found.status, found.target_approval, found.replaces) == (
        "2026.11",
        Status.APPROVED,
        "2026.11",
        "2026.05",
    )


@pytest.mark.parametrize(("name", "approved"), [("next", "2026.11"), ("dns.next", "dns.2026.11"), ("dns.2026.11",) * 2])
def test_next_becomes_the_month_of_approval(name: str, approved: str) -> None:
    """D4: the id is the year and month of approval, whatever was planned."""
    previous = guideline(capability("put", t(1)))
    assert life.approve(draft(capability("put", t(1)), id=name), DAY, previous, []).id == approved


@pytest.mark.parametrize(
    ("rule", "item", "fields"),
    [
        ("D4", capability("put", t(1)), {"id": "2026.10"}),
        ("A4.4", capability("put", t(1)), {"scoring": m.Scoring(None, ())}),
        ("A4.4", capability("put", t(1), achievements=()), {}),
        ("Core Criteria", capability("put", t(1), admin=True), {}),
        ("Test spec", capability("put"), {}),
        ("D312", capability("put", t(1), t(2, flag="D401: x")), {}),
        ("A4.6", capability("put", t(1), t(3)), {}),
        ("A4.5", capability("put", t(2)), {}),
        ("D2.2", capability("put", t(1)), {"status": Status.APPROVED}),
    ],
)
def test_what_is_not_approved(rule: str, item: m.Capability, fields: dict[str, object]) -> None:
    """Nine of nine published guidelines were approved against a rule that nobody checked."""
    previous = guideline(capability("put", t(1), t(2)))
    keep = capability("keep", t(2), t(1)) if rule != "A4.5" else capability("keep")
    found = draft(item, keep, components=(component(required="put", advisory="keep"),), **fields)
    refused(rule, lambda: life.approve(found, DAY, previous, []))


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("A3.2", {}, {"required": "swift"}),
        ("A3.2", {"deprecated": "swift"}, {"required": "swift"}),
        ("A3.1", {"required": "swift"}, {}),
        ("A3.1", {"advisory": "swift"}, {"removed": "swift"}),
    ],
)
def test_designated_code_has_a_life_too(rule: str, before: dict[str, str], after: dict[str, str]) -> None:
    """Code that a product must contain from one day to the next cannot be contained by anybody."""
    old = guideline(capability("put", t(1)), components=(component(required="put", sections=before),))
    new = draft(capability("put", t(1)), components=(component(required="put", sections=after),))
    refused(rule, lambda: life.approve(new, DAY, old, []))
    assert life.approve(new, DAY, old, [], justified=[rule]).status is Status.APPROVED


def test_a_component_of_this_draft_was_announced_by_nobody() -> None:
    """A component that is new requires at once what nobody was told of."""
    old = guideline(capability("put", t(1)))
    parts = (component(required="put"), component("far", sections={"required": "nova"}))
    refused("A3.2", lambda: life.approve(draft(capability("put", t(1)), components=parts), DAY, old, []))


def test_a_documented_justification_silences_a_rule() -> None:
    """A7.2: a flag may be unavoidable, and then the record says why."""
    previous = guideline(capability("put", t(1), t(2)))
    found = draft(capability("put", t(1), t(2, flag="D401: x")))
    refused("D312", lambda: life.approve(found, DAY, previous, []))
    assert life.approve(found, DAY, previous, [], justified=["D312"]).status is Status.APPROVED


def test_two_are_approved_at_a_time() -> None:
    """C6: a third would leave vendors guessing which two count; an add-on is counted in a line of its own."""
    previous = guideline(capability("put", t(1)))
    ready = draft(capability("put", t(1)))
    third = guideline(id="2025.11")
    said = refused("C6", lambda: life.approve(ready, DAY, previous, [previous, third]))
    assert "supersede 2025.11 first" in said
    others = [previous, replace(third, status=Status.SUPERSEDED), guideline(id="dns.2020.06")]
    assert life.approve(ready, DAY, previous, others).status is Status.APPROVED
    assert life.approve(ready, DAY, previous, [previous, third], justified=["C6"]).status is Status.APPROVED


# supersede


def test_superseding() -> None:
    """An approved guideline ends when a newer approved one is there, and nothing else in it changes (C6.2)."""
    old, new = guideline(), guideline(id="2026.11")
    assert life.supersede(old, [old, new]) == replace(old, status=Status.SUPERSEDED)
    refused("C6", lambda: life.supersede(new, [old, new]))
    refused("C6", lambda: life.supersede(old, [draft(), guideline(id="dns.2027.05")]))
    refused("D4", lambda: life.supersede(draft(), [new]))


def test_a_step_changes_few_lines() -> None:
    """A reviewer reads the diff of the file: whatever else moved would hide what was decided."""
    start = draft(
        capability("get", t(2)), capability("put", t(1)), components=(component(required="put", advisory="get"),)
    )
    lines = dump(start).decode().splitlines()
    for step, most in (
        (life.flag(start, "test_1", FLAG), 7),
        (life.deprecate(start, "store", "put"), 8),
        (life.promote(start, "store", "get", before(t(2))), 8),
    ):
        after = dump(step).decode().splitlines()
        changed = [line for line in difflib.ndiff(lines, after) if line[0] in "+-"]
        assert len(changed) <= most, changed
        assert load_bytes(dump(step), "x.json").guideline == step
    assert set(ALL) == set(start.capabilities[0].achievements)


def test_every_refusal_is_an_error_of_ours() -> None:
    """A script tells a rule by its code."""
    with pytest.raises(DefcoreError) as caught:
        life.supersede(draft(), [])
    assert caught.value.code == "rule-d4"


def test_states_hold_after_a_walk_through_a_whole_life() -> None:
    """Proposed → advisory → required → deprecated → removed, in four guidelines, each from the last."""
    first = life.propose(
        life.new(guideline(capability("put", t(1))), "2026.11", source="x"), "store", capability("get", t(2))
    )
    first = life.approve(first, DAY, guideline(capability("put", t(1))), [])
    second = life.promote(life.new(first, "2027.05", source="x"), "store", "get", first)
    second = life.approve(second, dt.date(2027, 5, 1), first, [])
    third = life.deprecate(life.new(second, "2027.11", source="x"), "store", "get")
    third = life.approve(third, dt.date(2027, 11, 1), second, [])
    fourth = life.remove(life.new(third, "2028.05", source="x"), "store", "get", third)
    fourth = life.approve(fourth, dt.date(2028, 5, 1), third, [])
    last = life.new(fourth, "2028.11", source="x")
    assert [states(item).get("get") for item in (first, second, third, fourth, last)] == [
        *(state.value for state in (State.ADVISORY, State.REQUIRED, State.DEPRECATED, State.REMOVED)),
        None,
    ]
    assert last.capability("get") is None
