"""What a run is about: which tests, which are missing, and in which order."""

from __future__ import annotations

import pytest

from defcore.errors import InputError
from defcore.guideline import GuidelineFile
from defcore.guideline import model as m
from defcore.kit import Change
from defcore.kit.meta import TestMeta
from defcore.run.plan import Plan, default_program, make_plan
from defcore.suite import SuiteTest


def uid(number: int) -> str:
    """Return the id of test ``number``."""
    return f"{number:08x}-0000-4000-8000-000000000abc"


def _test(number: int, *, flagged: bool = False) -> m.Test:
    return m.Test(uid(number), f"test_{number}", (), m.Flag("r", "a", "d") if flagged else None)


def _capability(name: str, *tests: m.Test) -> m.Capability:
    return m.Capability(name, "", "swift", (), admin=False, required_since=None, tests=tests)


def _component(name: str, **states: str) -> m.Component:
    return m.Component(name, tuple((state, tuple(states.get(state.value, "").split())) for state in m.State), ())


def _program(name: str, *components: str) -> m.Program:
    return m.Program(m.slug(name), name, m.Kind.PLATFORM, "", tuple(map(m.ComponentRef, components)))


CAPABILITIES = (
    _capability("get", _test(1), _test(2, flagged=True)),
    _capability("put", _test(3), _test(1)),
    _capability("acl", _test(4)),
    _capability("old", _test(5)),
    _capability("gone", _test(6)),
    _capability("boot", _test(7), _test(8), _test(9), _test(10)),
)
COMPONENTS = (
    _component("store", required="get put", advisory="acl", deprecated="old", removed="gone"),
    _component("compute", required="boot"),
    _component("nothing"),
)
PROGRAMS = (
    _program("Storage", "store"),
    _program("Storage Again", "store"),
    _program("Compute", "compute"),
    _program("Whole", "store", "compute"),
    _program("Nothing", "nothing"),
)


def source(*programs: m.Program) -> GuidelineFile:
    """Return a guideline of these programs."""
    found = m.Guideline(
        id="2026.11",
        schema="2.0",
        status=m.Status.DRAFT,
        source="",
        reference="",
        replaces=None,
        releases=(),
        target_approval=None,
        authority=m.Authority("a", "m", "l", "p"),
        scoring=m.Scoring(None, ()),
        programs=programs,
        components=COMPONENTS,
        capabilities=CAPABILITIES,
        designated_sections=(),
        test_repositories=(),
    )
    return GuidelineFile(found, m.Provenance("g.json", "", b""))


def suite(*numbers: int, seconds: float = 1.0, revision: int = 1) -> dict[str, SuiteTest]:
    """Return a suite of these tests."""
    change = Change(on="GET /x", status=500)
    return {
        uid(number): SuiteTest(
            TestMeta(uid(number), "object-store", "", change, seconds=seconds, revision=revision), f"t::{number}", ""
        )
        for number in numbers
    }


def plan(*tests: str, capabilities: tuple[str, ...] = (), word: str | None = None) -> Plan:
    """Plan the storage program with a suite that has all of its tests but 3."""
    return make_plan(
        source(*PROGRAMS),
        "storage",
        suite(1, 2, 4, 5, 6, 7),
        word=word,
        only_tests=tests,
        only_capabilities=capabilities,
    )


def started(found: Plan) -> set[str]:
    """Return the ids that the plan starts."""
    return {test.meta.id for test in found.tests}


def listed(found: Plan) -> list[str]:
    """Return the ids that the record will name."""
    return [test.id for test in found.listed]


def test_a_whole_program() -> None:
    """Flagged, advisory and deprecated tests are run and shown too; a removed one and another program's are not."""
    found = plan()
    assert listed(found) == [uid(1), uid(2), uid(3), uid(4), uid(5)]
    assert started(found) == {uid(1), uid(2), uid(4), uid(5)}
    assert (found.partial, found.selection) == (False, "program storage of guideline 2026.11")
    assert (found.guideline, found.program) == ("2026.11", "storage")
    assert found.listed[0].name == "test_1"


def test_what_the_suite_lacks_is_missing() -> None:
    """A test that silently was not there would look like one that the cloud was never asked to pass."""
    found = {item.id: item.missing for item in plan().listed}
    assert found[uid(3)] == "the suite has no native test for this id"
    assert [test_id for test_id, missing in found.items() if missing] == [uid(3)]


def test_the_words_of_the_user_are_kept() -> None:
    """The run is scored with the guideline as its user named it."""
    assert plan(word="my/guideline.json").guideline == "my/guideline.json"
    found = make_plan(source(*PROGRAMS), "Storage Again", suite(1))
    assert (found.program, found.selection) == ("storage-again", "program storage-again of guideline 2026.11")


def test_the_revision_is_the_suites() -> None:
    """A result must say which revision of the behaviour it saw."""
    found = make_plan(source(*PROGRAMS), "storage", suite(1, revision=3))
    assert [item.revision for item in found.listed] == [3, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ((uid(1),), [1]),
        ((f"id-{uid(1)}",), [1]),
        ((uid(4).upper(),), [4]),
        ((f"id-{uid(4).upper()}",), [4]),
        (("test_3",), [3]),
        ((uid(5), "test_1", uid(5)), [1, 5]),
    ],
)
def test_by_id_or_name(words: tuple[str, ...], ids: list[int]) -> None:
    """Whoever mends one failure runs that one test, by the id that the report shows."""
    found = plan(*words)
    assert listed(found) == [uid(number) for number in ids]
    assert found.partial
    assert found.selection.endswith(f", only {', '.join(f'test {word}' for word in words)}")


def test_by_capability() -> None:
    """All tests of a capability, those that it shares with another too."""
    found = plan(capabilities=("put",))
    assert (listed(found), started(found)) == ([uid(1), uid(3)], {uid(1)})
    assert (found.partial, found.selection) == (True, "program storage of guideline 2026.11, only capability put")


def test_by_both() -> None:
    """Tests and capabilities together are both meant."""
    found = plan("test_4", capabilities=("put", "old"))
    assert listed(found) == [uid(1), uid(3), uid(4), uid(5)]
    assert found.selection.endswith(", only test test_4, capability put, capability old")


@pytest.mark.parametrize("word", [uid(7), uid(6), "test", "", "TEST_1", uid(99)])
def test_an_unknown_test_is_refused(word: str) -> None:
    """A mistyped id must not end in a run of nothing."""
    with pytest.raises(InputError) as caught:
        plan("test_1", word)
    assert caught.value.code == "unknown-test"
    assert caught.value.what == f"program storage of guideline 2026.11 has no test {word!r}"


@pytest.mark.parametrize("word", ["gone", "boot", "pu", ""])
def test_an_unknown_capability_is_refused(word: str) -> None:
    """One line must be enough to choose again."""
    with pytest.raises(InputError) as caught:
        plan(capabilities=("put", word))
    assert caught.value.code == "unknown-capability"
    assert caught.value.hint == "one of: acl, get, old, put"


def test_an_unknown_capability_of_an_empty_program() -> None:
    """A list of nothing would read like a fault of ours."""
    with pytest.raises(InputError) as caught:
        make_plan(source(*PROGRAMS), "nothing", {}, only_capabilities=("put",))
    assert caught.value.hint == "one of: none"


def test_an_unknown_program_is_refused() -> None:
    """The hint names every program, so that the next try is right."""
    with pytest.raises(InputError, match="has no program 'stroage'") as caught:
        make_plan(source(*PROGRAMS), "stroage", {})
    assert caught.value.hint
    assert "storage, storage-again, compute, whole, nothing" in caught.value.hint


def test_slow_ones_first() -> None:
    """Started last, the slowest test would be waited for alone."""
    tests = suite(1, 2) | suite(4, seconds=60) | suite(5, seconds=9)
    found = make_plan(source(*PROGRAMS), "storage", tests)
    assert [test.meta.id for test in found.tests] == [uid(4), uid(5), uid(1), uid(2)]


@pytest.mark.parametrize(
    ("numbers", "key"),
    [
        ((1, 3), "storage"),
        ((7, 8, 9, 10), "compute"),
        ((1, 3, 7, 8, 9, 10), "whole"),
        ((1, 3, 7, 8, 9), "storage"),
    ],
)
def test_the_default_program_is_the_largest_that_the_suite_covers(numbers: tuple[int, ...], key: str) -> None:
    """Who names no program is asked for as much as can be tested, and not for more."""
    assert default_program(source(*PROGRAMS), suite(*numbers)) == key


@pytest.mark.parametrize("numbers", [(), (1,), (7, 8, 9)])
def test_no_default_where_the_suite_covers_none(numbers: tuple[int, ...]) -> None:
    """A program of which tests are missing can never pass; the user has to choose it knowingly."""
    with pytest.raises(InputError) as caught:
        default_program(source(*PROGRAMS), suite(*numbers))
    assert str(caught.value) == (
        "the suite covers no program of guideline 2026.11 entirely "
        "(choose with --program: storage, storage-again, compute, whole, nothing)"
    )


def test_the_only_program_is_the_default() -> None:
    """Who names a list of tests has chosen; a test that the suite lacks is not run, and says so."""
    assert default_program(source(PROGRAMS[0]), suite()) == PROGRAMS[0].key
