"""What is told of two guidelines: by test ids, so that names alone change nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from defcore.guideline import model as m
from defcore.guideline.diff import Diff, MustPass, Regrouped, aligned, counterpart, diff, states_by_id
from defcore.guideline.diffwords import diff_json, diff_text, plural, release_note
from defcore.guideline.ids import nameless_id

from .builders import guidelines
from .small import capability, component, draft, guideline, t, uid


def notes(found: Diff) -> dict[str, tuple[str, ...]]:
    """Return the sentences by heading."""
    return {item.title: item.items for item in release_note(found)}


@settings(max_examples=50, deadline=None)
@given(found=guidelines())
def test_a_guideline_does_not_differ_from_itself(found: m.Guideline) -> None:
    """A diff that sees what is not there would send a meeting after ghosts."""
    result = diff(found, found)
    assert result.empty


@settings(max_examples=50, deadline=None)
@given(one=guidelines(), other=guidelines())
def test_any_two_guidelines_can_be_compared(one: m.Guideline, other: m.Guideline) -> None:
    """A board must be able to compare whatever it is handed."""
    found = diff(one, other)
    assert diff_text(found).endswith("\n")
    assert diff_json(found)["before"] == one.id
    gained = {name for item in found.must_pass for name in item.gained}
    assert gained <= {test.name for item in other.capabilities for test in item.tests}


def test_a_renamed_capability_is_neither_new_nor_gone() -> None:
    """objectstore-object-put became objectstore-temp-url-put in 2017.01: nobody lost or gained a test."""
    old = guideline(capability("objectstore-object-put", t(1)))
    new = draft(capability("objectstore-temp-url-put", t(1)))
    found = diff(old, new)
    assert found.regrouped == (Regrouped(("objectstore-object-put",), ("objectstore-temp-url-put",), renamed=True),)
    assert not (found.added)
    assert not (found.removed)
    assert not (found.moves)
    assert not (found.tests)
    assert found.must_pass == (MustPass("Store", 1, 1, (), ()),)
    assert notes(found)["Capabilities"] == (
        "objectstore-object-put is now called objectstore-temp-url-put: the same tests",
    )


def test_a_test_that_moved_between_known_capabilities_is_named() -> None:
    """Regrouping is allowed (A2.3); whoever reads the note must see that nothing is asked anew."""
    old = guideline(capability("put", t(1), t(2)), capability("get", t(3)))
    new = draft(capability("put", t(1)), capability("get", t(2), t(3)))
    found = diff(old, new)
    assert [(item.kind, item.before, item.after) for item in found.tests] == [("moved", "put", "get")]
    assert notes(found)["Tests"] == ("test_2: now in get, before in put",)


def test_a_split_and_a_merge_are_told_from_coming_and_going() -> None:
    """A capability that was divided keeps its tests: calling it removed would be wrong."""
    one, two = guideline(capability("all", t(1), t(2))), draft(capability("put", t(1)), capability("get", t(2)))
    split, merged = diff(one, two), diff(two, one)
    assert split.regrouped == (Regrouped(("all",), ("get", "put"), renamed=False),)
    assert (split.added, split.removed, merged.added, merged.removed) == ((), (), (), ())
    assert {item.after for item in merged.regrouped} == {("all",)}
    assert "regrouped" in notes(split)["Capabilities"][0]


def test_a_new_capability_of_an_old_and_a_new_test_names_where_the_old_one_came_from() -> None:
    """Half of it was asked before, and the note says which half."""
    old = guideline(capability("put", t(1), t(2)))
    new = draft(capability("put", t(1)), capability("get", t(2), t(3)))
    found = diff(old, new)
    assert found.regrouped == (Regrouped(("put",), ("get",), renamed=False),)
    assert found.added == ()


def test_coming_going_and_states() -> None:
    """Vendors read first what they must newly do."""
    old = guideline(capability("put", t(1)), capability("old", t(2)), capability("same", t(9)))
    parts = (component(required="same new", deprecated="put"),)
    new = draft(capability("put", t(1)), capability("new", t(3), t(4)), capability("same", t(9)), components=parts)
    found = diff(old, new)
    assert (found.added, found.removed) == (("new",), ("old",))
    assert found.must_pass == (MustPass("Store", 3, 3, ("test_3", "test_4"), ("test_1", "test_2")),)
    told = notes(found)
    assert told["What a product must pass"] == ("Store: 3 tests, before 3 (2 more, 2 fewer, by id)",)
    assert "new is required in store (not named before)" in told["Capabilities"]
    assert "put is deprecated in store (was required)" in told["Capabilities"]
    assert "old is no longer named in store (was required)" in told["Capabilities"]
    assert "new (with the capability): 2 tests new: test_3, test_4" in told["Tests"]
    assert "old (with the capability): 1 test gone: test_2" in told["Tests"]


def test_names_and_flags_of_tests() -> None:
    """A flag excuses every vendor; one that came or went unnoticed moves all results."""
    old = guideline(
        capability("put", t(1, "old name"), t(2), t(3, flag="D401: a"), t(4, flag="D401: a"), t(5, flag="[D401] a")),
    )
    new = draft(
        capability("put", t(1, "new name"), t(2, flag="D400: b"), t(3), t(4, flag="D406: c"), t(5, flag="D401: z"))
    )
    found = diff(old, new)
    kinds = {item.kind: item.id for item in found.tests}
    assert kinds == {"renamed": uid(1), "flagged": uid(2), "unflagged": uid(3), "reflagged": uid(4), "reworded": uid(5)}
    told = notes(found)
    assert told["Flags"] == (
        "test_2 (put): excused from now on: D400: b",
        "test_3 (put): to be passed again; excused before: D401: a",
        "test_4 (put): still excused, under another code or date: D406: c",
    )
    assert told["Words"] == ("1 flag in other words, with the same code and date",)
    assert told["Tests"] == (f"old name is now called new name: the same test ({uid(1)})",)


def test_header_weights_facts_and_sections() -> None:
    """What else decides a mark: cutoff, weights, releases, designated code, scores."""
    part = m.Part("proxy", "", designated=True)
    section = m.DesignatedSection("swift", "required", "", None, (part,))
    old = guideline(
        capability("put", t(1), description="x", required_since=""),
        components=(component(sections={"required": "swift"}, required="put"),),
        designated_sections=(section,),
    )
    new = draft(
        capability("put", t(1), admin=True, achievements=("doc",), required_since="2026.11"),
        components=(component(sections={"advisory": "swift"}, required="put"),),
        designated_sections=(
            replace(section, parts=(replace(part, designated=False), m.Part("new", "", designated=True))),
        ),
        scoring=m.Scoring(60, (m.Criterion("doc", "Doc", "", 9),)),
        releases=("2026.2", "2026.1"),
        test_repositories=(m.TestRepository("tempest", "", "47", ""),),
    )
    told = notes(diff(old, new))
    assert told["Designated sections"] == (
        "swift is advisory in store (was required)",
        "section swift (required): proxy: not designated, before designated",
        "section swift (required): new: designated is new",
    )
    assert "admin of put: yes, before no" in told["Scores and facts of capabilities"]
    assert "required_since of put: 2026.11 is new" in told["Scores and facts of capabilities"]
    assert told["Scores and facts of capabilities"][-1].startswith("achievements of put: now without atomic, clients")
    assert {"cutoff: 60, before 74", "weight of doc: 9, before 8", "releases: now with 2026.2"} <= set(
        told["The guideline itself"]
    )
    assert "weight of tools, atomic: 6 is gone" in told["The guideline itself"]
    assert "revision of tempest: 47 is new" in told["The guideline itself"]
    assert told["Words"] == ("1 capability described in other words",)


def test_order_alone_is_called_that() -> None:
    """Releases in another order are the same releases."""
    old, new = guideline(releases=("a", "b")), guideline(releases=("b", "a"))
    assert notes(diff(old, new))["The guideline itself"] == ("releases: now in another order",)


def test_programs_are_matched_by_key_then_by_what_they_are_made_of() -> None:
    """A program under a neutral name is still the same program, and its must-pass tests are compared."""
    one = guideline(capability("put", t(1)))
    renamed = replace(one.programs[0], key="other", name="Other")
    new = replace(one, programs=(renamed, m.Program("more", "More", m.Kind.ADD_ON, "", ())))
    found = diff(one, new)
    assert counterpart(one.programs[0], new.programs) == renamed
    told = notes(found)["Programs"]
    assert told == ("program: Other, before Store", "program: More is new")
    assert [item.before for item in found.must_pass] == [1, 0]
    gone = notes(diff(new, replace(one, programs=())))["Programs"]
    assert gone == ("program: Other is gone", "program: More is gone")


def test_components_of_a_program() -> None:
    """A program that grew by a component asks for all of it."""
    old = guideline(components=(component("a"), component("b")))
    grown = replace(old.programs[0], components=(*old.programs[0].components, m.ComponentRef("c")))
    told = notes(diff(old, replace(old, programs=(grown,))))
    assert told["Programs"] == ("components of Store: now with c",)


def test_tests_known_by_name_only_get_the_other_ones_id() -> None:
    """Schema 1.2 knows no ids: without this every test of 2015.05 would be gone in 2015.07."""
    by_name = m.Test(nameless_id("was"), "was")
    lost = m.Test(nameless_id("lost"), "lost")
    old = guideline(capability("put", by_name, lost))
    new = draft(capability("put", m.Test(uid(1), "is", ("was",))))
    assert [item.id for item in aligned(old, new).capabilities[0].tests] == [uid(1), lost.id]
    assert [(item.kind, item.name) for item in diff(old, new).tests] == [("renamed", "is"), ("removed", "lost")]
    assert aligned(new, old) is new


def test_the_strictest_state_of_a_test_counts() -> None:
    """A test under two capabilities has to pass when one of them is required."""
    parts = (component(required="a", advisory="b"), component("far", advisory="a"))
    found = guideline(capability("a", t(1)), capability("b", t(1), t(2)), capability("c", t(3)), components=parts)
    assert states_by_id(found) == {uid(1): m.State.REQUIRED, uid(2): m.State.ADVISORY}
    assert states_by_id(found, "far") == {uid(1): m.State.ADVISORY}


def test_nothing_to_tell_is_told() -> None:
    """An empty page could mean that the tool broke."""
    bare = guideline(programs=())
    assert diff_text(diff(bare, bare)) == "From guideline 2026.05 to 2026.05\n\nNothing differs.\n"


def test_long_lists_are_cut() -> None:
    """A note of a hundred names is read by nobody; the JSON has them all."""
    found = diff(guideline(), draft(capability("big", *(t(number) for number in range(1, 20)))))
    assert notes(found)["Tests"][0].endswith("and 7 more")
    assert len(diff_json(found)["must_pass"][0]["gained"]) == 19


@pytest.mark.parametrize(("count", "words"), [(1, "1 capability"), (2, "2 capabilities")])
def test_plurals(count: int, words: str) -> None:
    """Figures are read aloud in meetings."""
    assert plural(count, "capability") == words
