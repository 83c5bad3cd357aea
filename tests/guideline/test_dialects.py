"""Every dialect from 1.2 to 2.0 into the one model, and back as 2.0."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.guideline import GuidelineFile, dump, load_bytes
from defcore.guideline.build import PUBLISHED_AUTHORITY
from defcore.guideline.dialects import DIALECTS, v1_2, v2_0
from defcore.guideline.dialects.one import place
from defcore.guideline.ids import nameless_id
from defcore.guideline.model import RepairKind, State, Status
from defcore.strictjson import Path, line_of, show

from .builders import ID1, ID2, Doc, at, drop, load, paths_of, put, text_of
from .old_files import EVERY, ONE, THREE, TWO, every


def told(found: GuidelineFile, kind: RepairKind) -> list[tuple[str, str]]:
    """Return path and message of the repairs of one kind."""
    return [(item.path, item.message) for item in found.provenance.repairs if item.kind is kind]


@pytest.mark.parametrize("name", EVERY)
def test_every_dialect_is_read_and_written_back_as_2_0(name: str) -> None:
    """Who scores or compares an older guideline must get the same one, whether from its file or from our copy."""
    found = load(every(name)).guideline
    again = load_bytes(dump(found), "again.json").guideline
    assert again == dataclasses.replace(found, schema="2.0")
    assert found.authority == PUBLISHED_AUTHORITY


@pytest.mark.parametrize("schema", ["1.2", "1.3", "1.4", "1.5", "1.6"])
def test_the_header_of_an_older_file(schema: str) -> None:
    """A status, release or cutoff that is lost on the way judges products by other terms."""
    found = load(every(schema)).guideline
    assert found.schema == schema
    assert found.scoring.cutoff == (74 if schema in ("1.5", "1.6") else None)
    assert found.target_approval == ("2016-01-27" if schema in ("1.4", "1.5", "1.6") else None)
    assert found.status is (Status.SUPERSEDED if schema == "1.2" else Status.APPROVED)
    assert [(item.key, item.name, item.weight) for item in found.scoring.criteria] == [
        ("atomic", "Atomic", 40),
        ("sticky", "Core in Last Release", 60),
    ]
    assert found.scoring.criteria[0].description == "stands alone"


def test_tests_by_name_only() -> None:
    """In 1.2 a test is a name: results must find it by that, and a flag is no more than that it is there."""
    capability = load(every("1.2")).guideline.capabilities[0]
    assert [(test.name, test.id) for test in capability.tests] == [(ONE, nameless_id(ONE)), (TWO, nameless_id(TWO))]
    assert all(test.by_name for test in capability.tests)
    assert [test.flag is not None for test in capability.tests] == [False, True]


def test_the_oldest_guideline_that_required_it() -> None:
    """1.2 lists the guidelines of a capability; the first of them is since when it is required."""
    found = load(every("1.2")).guideline
    assert [item.required_since for item in found.capabilities] == ["2014.07", "2014.07", None]


def test_tests_by_id() -> None:
    """From 1.3 on ids, aliases and the reasons of flags are there; losing one would orphan results or excuses."""
    first, second = load(every("1.6")).guideline.capabilities[0].tests
    assert (first.id, first.aliases, first.flag, first.by_name) == (ID1, ("an.older.name",), None, False)
    assert second.id == ID2
    assert second.flag is not None
    assert second.flag.date == "2015-05-06"


def test_not_required_is_no_date() -> None:
    """An empty ``required-since`` means that a capability is not required, not that it is since nothing."""
    assert [item.required_since for item in load(every("1.5")).guideline.capabilities] == ["2014.07", None]


def test_the_platform_is_a_program() -> None:
    """Somebody who certified for the platform of 2015 asks for it by a name, and for a component by its key."""
    guideline = load(every("1.2")).guideline
    (program,) = guideline.programs
    assert (program.key, [item.name for item in program.components]) == (
        "openstack-powered-platform",
        ["compute", "object"],
    )
    assert guideline.program("object") is not None


def test_sections_go_to_the_components_that_need_them() -> None:
    """Up to 1.6 sections are listed once for all; they are enforced where a project has required capabilities."""
    guideline = load(every("1.2")).guideline
    compute, objects = guideline.components
    assert dict(objects.designated_sections)[State.REQUIRED] == ("swift",)
    assert dict(compute.designated_sections)[State.REQUIRED] == ()
    assert dict(compute.designated_sections)[State.ADVISORY] == ("keystone",)
    assert [(item.project, item.status) for item in guideline.designated_sections] == [
        ("swift", "required"),
        ("keystone", "advisory"),
        ("heat", "informational"),
    ]


def test_a_section_of_two_statuses_goes_by_the_stricter() -> None:
    """A project named twice in a component would be refused as a contradiction."""
    doc = every("1.2")
    doc["designated-sections"]["advisory"]["swift"] = {"guidance": "", "sections": []}
    _, objects = load(doc).guideline.components
    assert dict(objects.designated_sections)[State.REQUIRED] == ("swift",)
    assert dict(objects.designated_sections)[State.ADVISORY] == ()


def test_repositories_are_pinned() -> None:
    """Without the revision nobody could run the tests that a guideline means."""
    (repository,) = load(every("1.4")).guideline.test_repositories
    assert (repository.name, repository.reference) == ("tempest", "26149b612d")
    assert repository.repository.endswith("/openstack/tempest/")


def test_what_finds_no_place_is_told() -> None:
    """Whoever converts a file must know what the copy no longer says."""
    found = load(every("1.2"))
    assert told(found, RepairKind.SLIP) == [("$.platform.depricated", "key 'depricated' read as 'deprecated'")]
    assert told(found, RepairKind.LEFT_OUT) == [
        ("$.capabilities.auth-token.name", "the name 'Tokens' is left out, the key 'auth-token' is its name"),
        (
            "$.designated-sections.required.swift.required",
            "key 'required' left out, the section stands under 'required'",
        ),
        (
            "$.designated-sections.informational.heat.required",
            "key 'required' left out, the section stands under 'informational'",
        ),
    ]


def test_what_contradicts_itself_is_told() -> None:
    """1.2 says some things twice; where they differ one of them is lost, and that is not kept quiet."""
    doc = put(every("1.2"), ("capabilities", "auth-token", "status"), "required")
    doc["capabilities"]["lonely"] = {**doc["capabilities"]["auth-token"], "name": "lonely", "status": "removed"}
    doc["capabilities"]["objectstore-object"]["flagged"].append("nowhere")
    doc["capabilities"]["objectstore-object"]["tests"].append(ONE)
    doc["platform"]["removed"] = ["volume"]
    messages = {message for _, message in told(load(doc), RepairKind.LEFT_OUT)}
    assert {
        "status 'required' is left out, 'auth-token' is advisory in the components",
        "status 'removed' is left out, 'lonely' is in no component",
        "test 'nowhere' is flagged but not among the tests, left out",
        f"test {ONE!r} is named twice, left out",
        "component 'volume' is removed in the platform: schema 2.0 has no place for that, left out",
    } <= messages


def test_flags_in_the_way_of_1_2_are_told() -> None:
    """A list of flagged names in a later file was given up and excuses nobody; that must not go unseen."""
    doc = put(every("1.3"), ("capabilities", "objectstore-object-put", "flagged"), [ONE])
    ((path, message),) = [item for item in told(load(doc), RepairKind.LEFT_OUT) if "flagged" in item[0]]
    assert path == "$.capabilities.objectstore-object-put.flagged[0]"
    assert message == f"test {ONE!r} is flagged in the way of 1.2, which 1.3 gave up: left out"
    assert load(doc).guideline.capabilities[0].tests[0].flag is None


def test_a_source_of_somebody_else_is_told() -> None:
    """A file of an old dialect with a strange source is taken for the old group's, but not silently."""
    doc = put(every("1.6"), ("source",), "https://example.org/mine")
    assert told(load(doc), RepairKind.LEFT_OUT)[0][0] == "$.source"
    assert load_bytes(dump(load(doc).guideline), "g.json").guideline.authority == PUBLISHED_AUTHORITY


@pytest.mark.parametrize(
    ("name", "path", "key", "meant"),
    [
        ("1.6", ("capabilities", "objectstore-object-put", "required-since"), "required_since", "required-since"),
        ("1.6", ("designated-sections",), "designated_sections", "designated-sections"),
        ("1.6", ("test-repositories",), "test_repositories", "test-repositories"),
        ("1.6", ("criteria", "atomic", "Description"), "description", "Description"),
        ("1.2", ("components", "object", "deprecated"), "depricated", "deprecated"),
        ("1.2", ("capabilities", "objectstore-object", "achievements"), "acheivements", "achievements"),
        ("1.4", ("capabilities", "objectstore-object-put", "tests", TWO, "flagged"), "flag", "flagged"),
        ("2.0", ("capabilities", "objectstore-object-put", "required_since"), "required-since", "required_since"),
    ],
)
def test_the_spelling_of_another_dialect_is_read_as_meant(name: str, path: Path, key: str, meant: str) -> None:
    """2018.02 mixes the spellings of two dialects; each means one thing."""
    doc = put(drop(every(name), path), (*path[:-1], key), at(every(name), path))
    found = load(doc)
    assert (show((*path[:-1], key)), f"key {key!r} read as {meant!r}") in told(found, RepairKind.SLIP)
    again, before = (dump(item.guideline) for item in (found, load(every(name))))
    assert sorted(again.split()) == sorted(before.split())


def test_names_of_tests_lose_their_spaces_in_every_dialect() -> None:
    """A name with a space matches no result that knows names only; dns.2018.02 and lists of 1.2 can have one."""
    doc = put(every("1.2"), ("capabilities", "objectstore-object", "tests"), [f"{ONE} ", TWO])
    found = load(put(doc, ("capabilities", "objectstore-object", "flagged"), [f" {TWO}"]))
    assert [(test.name, test.flag is None) for test in found.guideline.capabilities[0].tests] == [
        (ONE, True),
        (TWO, False),
    ]
    assert (
        "$.capabilities.objectstore-object.tests[0]",
        f"name '{ONE} ' read as {ONE!r}",
    ) in told(found, RepairKind.SLIP)
    assert [test.name for test in load(every("add-on")).guideline.capabilities[0].tests] == [TWO, ONE][::-1]


@pytest.mark.parametrize("name", ["1.2", "1.6"])
def test_an_achievement_is_mended_in_every_dialect(name: str) -> None:
    """An empty achievement or a wrong word counts as nothing and would shift a score."""
    doc = every(name)
    (first, *_) = doc["capabilities"]
    found = load(put(doc, ("capabilities", first, "achievements"), ["atomic", ""]))
    assert found.guideline.capabilities[0].achievements == ("atomic",)


@pytest.mark.parametrize("name", [name for name in EVERY if name != "1.2"])
def test_the_same_id_on_two_names_is_taken_as_it_is(name: str) -> None:
    """Published guidelines hold such ids from 2015.07 on; they count as they were approved."""
    doc = every(name)
    (first, *_) = doc["capabilities"]
    tests = doc["capabilities"][first]["tests"]
    tests["another.name"] = {"idempotent_id": f"id-{ID1}"}
    ((path, message),) = told(load(doc), RepairKind.TAKEN)
    assert path == show(("capabilities", first, "tests", "another.name", "idempotent_id"))
    assert message == f"id {ID1} stands twice in {first!r}; taken as it is"


@pytest.mark.parametrize(
    ("name", "path", "value", "shown"),
    [
        ("1.2", ("components", "object", "required", 0), "nowhere", None),
        ("1.2", ("platform", "required", 1), "nowhere", None),
        ("1.2", ("capabilities", "objectstore-object", "achievements", 0), "atomik", None),
        ("1.2", ("capabilities", "objectstore-object", "tests", 0), 7, None),
        ("1.2", ("capabilities", "objectstore-object", "tests"), {}, None),
        ("1.2", ("designated-sections", "informational", "heat", "sections"), ["x"], None),
        ("1.3", ("capabilities", "objectstore-object-put", "tests"), [ONE], None),
        ("1.4", ("capabilities", "objectstore-object-put", "tests", ONE, "idempotent_id"), "", None),
        ("1.5", ("cutoff_score",), "many", None),
        ("1.5", ("cutoff_score",), "101", None),
        ("1.5", ("cutoff_score",), 74, None),
        ("1.6", ("criteria", "atomic", "weight"), "6", None),
        ("1.6", ("status",), "finished", None),
        ("1.6", ("platform", "required", 0), "nowhere", None),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(name: str, path: Path, value: object, shown: Path | None) -> None:
    """The place is where somebody mends it, in the words of that file's own dialect."""
    doc = put(every(name), path, value)
    with pytest.raises(InputError) as caught:
        load(doc)
    place = path if shown is None else shown
    assert caught.value.what.startswith(f"{show(place)}")
    assert caught.value.where == f"g.json:{line_of(text_of(doc), place)}"


@pytest.mark.parametrize("name", ["1.2", "1.3", "1.6"])
def test_an_unknown_key_is_refused_in_every_dialect(name: str) -> None:
    """A misspelt key that is passed over silently turns a rule off without anybody seeing it."""
    doc = every(name)
    (first, *_) = doc["capabilities"]
    for path in ((), ("platform",), ("capabilities", first), ("criteria", "atomic")):
        with pytest.raises(InputError, match="strange: unknown key"):
            load(put(doc, (*path, "strange"), 1))


@pytest.mark.parametrize("schema", ["1.1", "1.7", "3.0", "", 1.5, None, ["1.2"]])
def test_an_unknown_schema_is_refused(schema: object) -> None:
    """A guess at the dialect would be a guess at the rules."""
    with pytest.raises(InputError, match="no dialect is called") as caught:
        load(put(every("1.6"), ("schema",), schema))
    assert "1.2, 1.3, 1.4, 1.5, 1.6, 2.0 are read" in caught.value.what
    assert caught.value.where == "g.json:3"


def test_a_long_schema_is_cut() -> None:
    """A line of a megabyte on a terminal helps nobody."""
    with pytest.raises(InputError) as caught:
        load(put(every("1.6"), ("schema",), "x" * 5000))
    assert len(caught.value.what) < 200


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        (("platforms", "P", "components", 2, "name"), ("platform", "required", 2)),
        (("platforms", "P"), ("platforms", "P")),
        (("components", "c", "capabilities", "required", 3), ("components", "c", "required", 3)),
        (("components", "c", "designated_sections", "required", 0), ("components", "c")),
        (
            ("designated_sections", "nova", "required", "guidance"),
            ("designated-sections", "required", "nova", "guidance"),
        ),
        (("designated_sections",), ("designated-sections",)),
        (("metadata", "scoring", "criteria"), ("criteria",)),
        (("metadata", "os_trademark_approval", "status"), ("status",)),
        (("metadata", "id"), ("id",)),
        (("test_repositories", "tempest"), ("test-repositories", "tempest")),
        (("capabilities", "c", "required_since"), ("capabilities", "c", "required-since")),
        (("capabilities", "c", "tests", "t", "flagged"), ("capabilities", "c", "tests", "t", "flagged")),
    ],
)
def test_places_of_an_older_file(path: Path, meant: Path) -> None:
    """A finding whose place is that of another dialect sends people to a line that is not there."""
    assert place(path) == meant
    assert v2_0.place(path) == path


def test_a_test_of_1_2_has_no_place_of_its_own() -> None:
    """In a list of names there is no key to go to."""
    found = v1_2.DIALECT.place(("capabilities", "c", "tests", "t", "flagged"))
    assert found == ("capabilities", "c", "tests")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


@pytest.mark.parametrize("name", EVERY)
def test_any_change_gives_a_model_or_one_clear_error(name: str) -> None:
    """A reader that crashes on a spoilt file leaves whoever sent it without an answer."""
    places = paths_of(every(name))

    @settings(deadline=None, max_examples=60)
    @given(st.sampled_from(places), VALUES)
    def change(path: Path, value: object) -> None:
        _model_or_error(text_of(put(every(name), path, value)).encode())

    @settings(deadline=None, max_examples=40)
    @given(st.integers(0, len(text_of(every(name)))), st.binary(max_size=6))
    def spoil(position: int, inserted: bytes) -> None:
        content = text_of(every(name)).encode()
        _model_or_error(content[:position] + inserted + content[position + 1 :])

    change()
    spoil()


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(list(DIALECTS)), st.dictionaries(st.sampled_from(sorted(EVERY["1.2"])), VALUES))
def test_any_object_of_a_dialect_gives_a_model_or_one_clear_error(schema: str, doc: Doc) -> None:
    """What names a schema need not keep to it."""
    _model_or_error(json.dumps({**doc, "schema": schema}).encode())


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_model_or_one_clear_error(content: bytes) -> None:
    """Files come from anywhere."""
    _model_or_error(content)


def _model_or_error(content: bytes) -> None:
    error, found = None, None
    try:
        found = load_bytes(content, "g.json")
    except InputError as caught:
        error = caught
    if found is not None:
        assert load_bytes(dump(found.guideline), "again.json").guideline.capabilities == found.guideline.capabilities
    else:
        assert error is not None
        assert error.where is not None
        assert "\n" not in str(error)


def test_a_file_of_nothing_but_names_takes_no_long_time() -> None:
    """A registry reads what anybody sends; lists of a hundred thousand names must not stop it."""
    doc = every("1.2")
    names = [f"t{number}" for number in range(30_000)]
    doc["capabilities"]["objectstore-object"] |= {"tests": names, "flagged": names[::-1]}
    assert len(load(doc).guideline.capabilities[0].tests) == len(names)
    assert THREE not in names
