"""The closed table of slips that are read as meant, in published files alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from defcore.errors import InputError
from defcore.guideline.build import PUBLISHED_AUTHORITY
from defcore.strictjson import line_of, show

from .builders import ID1, ID2, OLD_SOURCE, Doc, at, document, drop, load, put, text_of

if TYPE_CHECKING:
    from defcore.strictjson import Path

CAP: Path = ("capabilities", "put")
TESTS: Path = (*CAP, "tests")
ONE: Path = (*TESTS, "put one", "idempotent_id")
STATUS: Path = ("metadata", "os_trademark_approval", "status")


def published() -> Doc:
    """Return a file as the old working group published them: no authority, their source."""
    return put(drop(document(), ("metadata", "authority")), ("metadata", "source"), OLD_SOURCE)


def renamed(path: Path, key: str) -> Doc:
    """Return the published file with the key at the end of ``path`` spelled ``key``."""
    return put(drop(published(), path), (*path[:-1], key), at(published(), path))


SLIPS = [
    pytest.param(renamed((*CAP, "achievements"), "acheivements"), "acheivements", "achievements", id="acheivements"),
    pytest.param(renamed((*CAP, "description"), "descriptin"), "descriptin", "description", id="descriptin"),
    pytest.param(
        renamed(("components", "store", "capabilities", "deprecated"), "depricated"),
        "depricated",
        "deprecated",
        id="depricated",
    ),
    pytest.param(renamed((*TESTS, "put.two", "flagged"), "flag"), "flag", "flagged", id="flag"),
    pytest.param(renamed((*CAP, "required_since"), "required-since"), "required-since", "required_since", id="since"),
    pytest.param(
        renamed(("components", "store", "designated_sections"), "designated-sections"),
        "designated-sections",
        "designated_sections",
        id="sections",
    ),
    pytest.param(
        renamed(("test_repositories",), "test-repositories"),
        "test-repositories",
        "test_repositories",
        id="repositories",
    ),
]


@pytest.mark.parametrize(("doc", "key", "meant"), SLIPS)
def test_a_misspelt_key_is_read_as_meant(doc: Doc, key: str, meant: str) -> None:
    """Without the repair the last published guideline could not be read; without the note nobody would know of it."""
    found = load(doc)
    (repair,) = found.provenance.repairs
    assert repair.message == f"key {key!r} read as {meant!r}"
    assert repair.line == next(n for n, line in enumerate(text_of(doc).splitlines(), 1) if f'"{key}"' in line)
    assert repair.path.endswith(f".{key}")
    assert sorted(map(str, found.guideline.capabilities)) == sorted(map(str, load(published()).guideline.capabilities))
    assert found.guideline.components == load(published()).guideline.components


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ((*CAP, "achievements"), [""], "empty achievement left out"),
        ((*CAP, "achievements"), ["atomic", "discoverable"], "achievement 'discoverable' read as 'discover'"),
        (STATUS, "superceded", "status 'superceded' read as 'superseded'"),
        (ONE, ID1, "id without the 'id-' prefix"),
        (ONE, f"id-{ID1},negative", "trailing ',negative' left out of the id"),
        (ONE, f"{ID1},smoke,slow", "trailing ',smoke,slow' left out of the id"),
        (ONE, "id-ABCDEF00-0000-4000-8000-000000000000", "id in capitals read in lower case"),
    ],
)
def test_a_value_is_read_as_meant(path: Path, value: object, message: str) -> None:
    """Each of these stands in a published file and means one thing only."""
    discover = {"name": "Discoverable", "description": "", "weight": 8}
    doc = put(put(published(), path, value), ("metadata", "scoring", "criteria", "discover"), discover)
    (repair,) = load(doc).provenance.repairs
    assert repair.message == message
    where = (*path, len(value) - 1) if isinstance(value, list) else path
    assert (repair.path, repair.line) == (show(where), line_of(text_of(doc), where))


def test_repaired_ids_are_bare() -> None:
    """An id that kept its tail would match no result."""
    found = load(put(published(), ONE, f"{ID1},negative"))
    assert found.guideline.capabilities[0].tests[0].id == ID1


def test_spaces_around_a_test_name_are_left_out() -> None:
    """A name with a space at its end matches no result that knows only names."""
    doc = put(drop(published(), ONE[:-1]), (*TESTS, " put one "), {"idempotent_id": f"id-{ID1}"})
    found = load(doc)
    assert {test.name for test in found.guideline.capabilities[0].tests} == {"put one", "put.two"}
    assert [item.message for item in found.provenance.repairs] == ["key ' put one ' read as 'put one'"]


def test_a_repair_never_overwrites_what_stands_there() -> None:
    """Of two spellings side by side one would vanish silently."""
    slip = {"descriptin": "another"}
    for both in (slip | at(published(), CAP), at(published(), CAP) | slip):
        with pytest.raises(InputError, match="descriptin: unknown key"):
            load(put(published(), CAP, both))
    doc = put(published(), (*TESTS, "put one "), {"idempotent_id": "id-44444444-0000-4000-8000-000000000000"})
    assert [test.name for test in load(doc).guideline.capabilities[0].tests] == ["put one", "put.two", "put one "]
    doc = put(drop(published(), ONE[:-1]), (*TESTS, "put one "), {"idempotent_id": f"id-{ID1}"})
    doc = put(doc, (*TESTS, " put one"), {"idempotent_id": "id-44444444-0000-4000-8000-000000000000"})
    assert [test.name for test in load(doc).guideline.capabilities[0].tests] == ["put.two", "put one", " put one"]


def test_doubled_ids_are_taken_as_they_are() -> None:
    """Approved 2018.02 holds such ids; it counts as it was approved, with a warning."""
    doc = put(published(), (*TESTS, "put.two", "idempotent_id"), f"id-{ID1}")
    doc = put(doc, ("capabilities", "get", "tests", "get", "idempotent_id"), f"id-{ID1}")
    assert [(item.path, item.message) for item in load(doc).provenance.repairs] == [
        (show((*TESTS, "put.two", "idempotent_id")), f"id {ID1} stands twice in 'put'; taken as it is"),
        (
            "$.capabilities.get.tests.get.idempotent_id",
            f"id {ID1} is already that of 'put one'; taken as it is",
        ),
    ]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (STATUS, "supersceded"),
        (ONE, "id-123"),
        (ONE, 7),
        ((*CAP, "achievements"), ["atomik"]),
        ((*CAP, "achievements"), [7]),
        ((*CAP, "desc"), "x"),
        (("components", "store", "capabilities", "required"), ["nowhere"]),
    ],
)
def test_any_other_oddity_of_a_published_file_is_refused(path: Path, value: object) -> None:
    """The table is closed: what nobody decided on must not be guessed."""
    with pytest.raises(InputError):
        load(put(published(), path, value))


@pytest.mark.parametrize(("doc", "key", "meant"), SLIPS)
def test_our_own_files_are_never_repaired(doc: Doc, key: str, meant: str) -> None:  # noqa: ARG001 - the table's
    """A slip in a file of ours is to be mended in the file."""
    authority = at(document(), ("metadata", "authority"))
    with pytest.raises(InputError):
        load(put(doc, ("metadata", "authority"), authority))
    with pytest.raises(InputError):
        load(put(doc, ("metadata", "source"), "guidelines/2026.11.json"))


@pytest.mark.parametrize("value", [ID2, f"id-{ID2},negative"])
def test_our_own_ids_are_never_repaired(value: str) -> None:
    """The same id in two spellings would be two tests to whoever compares texts."""
    with pytest.raises(InputError, match="match pattern"):
        load(put(document(), ONE, value))


def test_a_published_file_gets_the_old_foundation() -> None:
    """Its results must carry the label that process C1.4 prescribes."""
    assert load(published()).guideline.authority == PUBLISHED_AUTHORITY


@pytest.mark.parametrize("doc", [[], {}, {"metadata": []}, {"metadata": {}}])
def test_no_shape_of_the_header_crashes_the_question(doc: object) -> None:
    """Whether a file is a published one is asked before its shape is known."""
    with pytest.raises(InputError):
        load(doc)


def test_many_repairs_take_no_long_time() -> None:
    """A report may embed a file of nothing but slips; the verifier must not hang on it."""
    tests = {f" t{n}": {"idempotent_id": f"{n:08x}-0000-4000-8000-000000000000"} for n in range(3000)}
    doc = put(published(), TESTS, tests)
    begin = time.perf_counter()
    found = load(doc)
    assert time.perf_counter() - begin < 6
    assert len(found.provenance.repairs) == 6000
