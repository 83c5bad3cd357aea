"""Reading a guideline: the good ones whole, the bad ones refused at their very place."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.guideline import GuidelineFile, load_bytes, load_file
from defcore.guideline import load as load_module
from defcore.locate import data_dir
from defcore.strictjson import line_of, show

from .builders import ID1, ID2, OLD_SOURCE, Doc, at, document, drop, load, paths_of, put, text_of

if TYPE_CHECKING:
    from defcore.strictjson import Path as JsonPath

SHIPPED = data_dir("guidelines") / "2026.11.json"
RAW = json.loads(SHIPPED.read_bytes())
PATHS = paths_of(RAW)
PUT: JsonPath = ("capabilities", "put")
GET: JsonPath = ("capabilities", "get")
CAPS: JsonPath = ("components", "store", "capabilities")
OPEN_MAPS: tuple[JsonPath, ...] = (
    ("platforms",),
    ("add-ons",),
    ("verticals",),
    ("components",),
    ("capabilities",),
    ("designated_sections",),
    ("designated_sections", "swift"),
    ("designated_sections", "swift", "required", "sections"),
    ("designated_sections", "swift", "informational", "sections"),
    ("test_repositories",),
    ("metadata", "scoring", "criteria"),
    (*PUT, "tests"),
    (*GET, "tests"),
)
CLOSED = [path for path in paths_of(document()) if isinstance(at(document(), path), dict) and path not in OPEN_MAPS]
OPTIONAL: tuple[JsonPath, ...] = (
    ("platforms",),
    ("add-ons",),
    ("verticals",),
    (*CAPS, "required"),
    (*CAPS, "advisory"),
    (*CAPS, "deprecated"),
    (*CAPS, "removed"),
    ("components", "store", "designated_sections"),
    ("components", "store", "designated_sections", "required"),
    ("components", "store", "designated_sections", "advisory"),
    ("components", "store", "designated_sections", "deprecated"),
    ("components", "store", "designated_sections", "removed"),
    (*PUT, "required_since"),
    (*PUT, "tests", "put one", "aliases"),
    (*PUT, "tests", "put.two", "flagged"),
    ("metadata", "scoring", "cutoff_score"),
    ("metadata", "os_trademark_approval", "replaces"),
    ("metadata", "os_trademark_approval", "target_approval"),
    ("designated_sections", "swift", "required", "comment"),
    ("designated_sections", "swift", "required", "sections", "proxy", "comment"),
    ("add-ons", "Names", "required_platform_components"),
    ("add-ons", "Names", "optional_platform_components"),
)
ELSEWHERE: tuple[JsonPath, ...] = (
    ("metadata", "authority"),
    ("add-ons", "Names", "required_platform_components", 0, "source"),
    ("verticals", "Far Away", "components", 0, "source"),
)
"""Keys whose absence is refused for a reason of its own, in a test of its own."""
NEEDED = [(*path, key) for path in CLOSED for key in at(document(), path)]
NEEDED = [path for path in NEEDED if path not in OPTIONAL and path not in ELSEWHERE]


def refused(doc: object) -> InputError:
    """Return the error with which a guideline is refused."""
    with pytest.raises(InputError) as caught:
        load(doc)
    assert "\n" not in str(caught.value)
    return caught.value


def check(doc: Doc, path: JsonPath, words: str, *, shown_at: JsonPath | None = None) -> None:
    """Assert that ``doc`` is refused with these words, at the JSON path and the line of ``path``."""
    error = refused(doc)
    line = line_of(text_of(doc), path if shown_at is None else shown_at)
    assert (error.code, error.exit_code, error.where) == ("bad-guideline", 2, f"g.json:{line}")
    assert error.what.startswith(f"{show(path)}: ")
    assert words in error.what
    assert error.hint == "the format is described in docs/guideline-format.md"


def test_the_shipped_guideline_loads() -> None:
    """A guideline of ours that our own reader refuses would leave every command without one."""
    found = load_file(SHIPPED)
    assert (found.guideline.id, len(found.guideline.capabilities)) == ("2026.11", 94)
    assert found.provenance.file == str(SHIPPED)


def test_the_digest_is_that_of_the_bytes() -> None:
    """A report names its guideline by this digest: anybody must get the same with sha256sum."""
    content = text_of(document()).encode()
    provenance = load(document()).provenance
    assert (provenance.digest, provenance.content) == (hashlib.sha256(content).hexdigest(), content)
    assert (provenance.file, provenance.repairs) == ("g.json", ())


def test_ids_are_bare_inside() -> None:
    """A prefix that slipped through would match no result at all."""
    (capability, _) = load(document()).guideline.capabilities
    assert [test.id for test in capability.tests] == [ID1, ID2]


def test_the_model_holds_what_the_file_says() -> None:
    """Whatever the reader dropped would be missing from every verdict and every report."""
    found = load(document()).guideline
    assert [(item.key, item.kind.value) for item in found.programs] == [
        ("small-cloud", "platform"),
        ("names", "add-on"),
        ("far-away", "vertical"),
    ]
    (put_one, put_two) = found.capabilities[0].tests
    assert put_one.aliases == ("old.put",)
    assert put_two.flag is not None
    assert put_two.flag.date == "2026-01-01"
    assert [(item.project, item.status) for item in found.designated_sections] == [
        ("swift", "required"),
        ("swift", "informational"),
    ]
    assert found.designated_sections[0].parts[0].designated is True
    assert found.scoring.criteria[0].weight == 6
    assert found.test_repositories[0].reference == "47"


@pytest.mark.parametrize("path", CLOSED, ids=show)
def test_an_unknown_key_is_refused_at_every_level(path: JsonPath) -> None:
    """A misspelt key that is passed over silently turns a rule off without anybody seeing it."""
    doc = put(document(), (*path, "achievments"), "x")
    check(doc, (*path, "achievments"), "unknown key")


@pytest.mark.parametrize("path", NEEDED, ids=show)
def test_a_missing_key_is_refused_at_every_level(path: JsonPath) -> None:
    """A guideline that lacks a part must not be filled up with guesses."""
    check(drop(document(), path), path, "required key is missing", shown_at=path[:-1])


@pytest.mark.parametrize("path", OPTIONAL, ids=show)
def test_an_optional_key_may_be_absent(path: JsonPath) -> None:
    """The format's document says that these may be left out; a refusal would shut out good files."""
    assert load(drop(document(), path)).guideline.id == "2026.11"


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ((), [], "should be an object"),
        (("metadata",), None, "should be an object"),
        (("capabilities",), [], "should be an object"),
        (PUT, "x", "should be an object"),
        (("metadata", "id"), 2026.11, "valid string"),
        (("metadata", "id"), "", "at least 1 character"),
        (("metadata", "schema"), "1.6", "'2.0'"),
        (("metadata", "scoring", "cutoff_score"), "74", "valid integer"),
        (("metadata", "scoring", "cutoff_score"), 101, "less than or equal to 100"),
        (("metadata", "scoring", "criteria", "atomic", "weight"), -1, "greater than or equal to 0"),
        (("metadata", "scoring", "criteria", "atomic", "weight"), True, "valid integer"),
        (("metadata", "os_trademark_approval", "status"), "superceded", "'superseded'"),
        (("metadata", "os_trademark_approval", "releases"), "ussuri", "valid list"),
        (("metadata", "authority"), "us", "should be an object"),
        ((*PUT, "admin"), "false", "valid boolean"),
        ((*PUT, "achievements"), "atomic", "valid list"),
        ((*PUT, "achievements", 0), "", "at least 1 character"),
        ((*PUT, "tests", "put one", "flagged"), {}, ""),
        ((*PUT, "tests", "put one", "idempotent_id"), ID1, "match pattern"),
        ((*PUT, "tests", "put one", "idempotent_id"), f"id-{ID1},negative", "match pattern"),
        ((*PUT, "tests", "put one", "idempotent_id"), f"id-{ID1}\n", "match pattern"),
        ((*PUT, "tests", "put one", "idempotent_id"), "id-ABCDEF00-0000-4000-8000-000000000000", "match pattern"),
        ((*PUT, "tests", "put one", "idempotent_id"), "", "match pattern"),
        (("capabilities", "x" * 301), {}, "at most 300 characters"),
        (("designated_sections", "swift", "required", "sections", "proxy", "designated"), 1, "valid boolean"),
    ],
)
def test_a_wrong_value_is_refused(path: JsonPath, value: object, words: str) -> None:
    """A value of another type read by guess would mean one thing here and another elsewhere."""
    doc = put(document(), path, value)
    error = refused(doc)
    assert error.what.startswith(show(path))
    assert error.where == f"g.json:{line_of(text_of(doc), path)}"
    assert words in error.what


def _with_test(name: str, test_id: str, capability: str = "put") -> Doc:
    return put(document(), ("capabilities", capability, "tests", name), {"idempotent_id": f"id-{test_id}"})


@pytest.mark.parametrize(
    ("doc", "path", "words"),
    [
        pytest.param(
            put(document(), (*CAPS, "required", 1), "objectstore-typo"),
            (*CAPS, "required", 1),
            "'objectstore-typo' is not among the capabilities",
            id="dangling-capability",
        ),
        pytest.param(
            put(document(), (*CAPS, "deprecated"), ["nowhere"]),
            (*CAPS, "deprecated", 0),
            "'nowhere' is not among the capabilities",
            id="dangling-deprecated-capability",
        ),
        pytest.param(
            put(document(), ("components", "store", "designated_sections", "required", 0), "swfit"),
            ("components", "store", "designated_sections", "required", 0),
            "'swfit' is not among the designated sections",
            id="dangling-section",
        ),
        pytest.param(
            put(document(), ("platforms", "Small Cloud", "components", 0, "name"), "stores"),
            ("platforms", "Small Cloud", "components", 0, "name"),
            "no component is named 'stores'",
            id="dangling-component",
        ),
        pytest.param(
            put(document(), ("add-ons", "Names", "optional_platform_components", 0, "name"), "stores"),
            ("add-ons", "Names", "optional_platform_components", 0, "name"),
            "no component is named 'stores'",
            id="dangling-optional-component",
        ),
        pytest.param(
            drop(document(), ("add-ons", "Names", "required_platform_components", 0, "source")),
            ("add-ons", "Names", "required_platform_components", 0, "name"),
            "no component is named 'other'",
            id="component-of-another-file-without-source",
        ),
        pytest.param(
            put(document(), (*CAPS, "advisory"), ["get"]),
            (*CAPS, "advisory", 0),
            "'get' is named twice, first as required",
            id="capability-in-two-states",
        ),
        pytest.param(
            put(document(), (*CAPS, "required"), ["put", "get", "put"]),
            (*CAPS, "required", 2),
            "'put' is named twice, first as required",
            id="capability-twice-in-a-state",
        ),
        pytest.param(
            _with_test("put.again", ID1),
            (*PUT, "tests", "put.again", "idempotent_id"),
            f"id {ID1} stands twice in 'put'",
            id="id-twice-in-a-capability",
        ),
        pytest.param(
            _with_test("get.other", ID1, "get"),
            (*GET, "tests", "get.other", "idempotent_id"),
            f"id {ID1} is already that of 'put one'",
            id="id-under-two-names",
        ),
        pytest.param(
            put(document(), (*PUT, "achievements"), ["atomic", "atmoic"]),
            (*PUT, "achievements", 1),
            "no criterion is named 'atmoic'",
            id="unknown-achievement",
        ),
        pytest.param(
            put(document(), ("verticals", "small  CLOUD!"), {"description": "", "components": []}),
            ("platforms", "Small Cloud"),
            "two programs have the key 'small-cloud'",
            id="slug-clash",
        ),
        pytest.param(
            put(document(), ("platforms", "…"), {"description": "", "components": []}),
            ("platforms", "…"),
            "has no letter or digit to make a key of",
            id="no-slug",
        ),
    ],
)
def test_what_does_not_hold_together_is_refused(doc: Doc, path: JsonPath, words: str) -> None:
    """A name that leads nowhere, or a test counted twice, would change the count that a verdict rests on."""
    check(doc, path, words)


@pytest.mark.parametrize("authority", [None, "gone"])
def test_our_own_file_must_name_its_authority(authority: str | None) -> None:
    """Without one, our guideline would claim the old foundation's mark."""
    path = ("metadata", "authority")
    doc = drop(document(), path) if authority else put(document(), path, None)
    check(doc, ("metadata",), "authority")


def test_more_than_one_fault_is_said() -> None:
    """Who mends the first fault should know that others wait."""
    doc = put(put(document(), (*PUT, "admin"), 0), (*GET, "admin"), 0)
    assert refused(doc).what.endswith(", and 1 more")
    doc = put(document(), (*CAPS, "advisory"), ["a", "b", "c"])
    assert refused(doc).what.endswith(", and 2 more")


def test_one_test_under_two_capabilities_is_legal() -> None:
    """Two published storage tests stand so; refusing them would refuse the last guideline."""
    assert load(_with_test("put one", ID1, "get")).guideline.capabilities[1].tests[1].id == ID1


def test_a_removed_capability_may_be_gone() -> None:
    """Removed is the one state whose names may have left the file."""
    component = load(document()).guideline.components[0]
    assert dict(component.capabilities)["removed"] == ("gone",)  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "words"), [("absent.json", "cannot be read: No such file"), (".", "cannot be read: Is a directory")]
)
def test_an_unreadable_file_is_one_line(tmp_path: Path, name: str, words: str) -> None:
    """A traceback for a mistyped path is the first thing that a new user would see."""
    with pytest.raises(InputError) as caught:
        load_file(tmp_path / name)
    assert caught.value.where == str(tmp_path / name)
    assert words in caught.value.what
    assert caught.value.hint == "name a guideline file, or an id such as 2026.11"


def test_a_path_that_no_system_has_is_one_line() -> None:
    """The name may come out of somebody's run record, NUL and all."""
    with pytest.raises(InputError, match="cannot be read: embedded null byte"):
        load_file(Path("a\0.json"))


def test_a_huge_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A guideline of gigabytes, or an endless device, would take the machine's memory."""
    path = tmp_path / "g.json"
    path.write_text(text_of(document()))
    monkeypatch.setattr(load_module, "MAX_BYTES", path.stat().st_size)
    assert load_file(path).guideline.id == "2026.11"
    monkeypatch.setattr(load_module, "MAX_BYTES", path.stat().st_size - 1)
    with pytest.raises(InputError, match="is larger than") as caught:
        load_file(path)
    assert caught.value.code == "guideline-too-large"
    with pytest.raises(InputError, match="is larger than"):
        load_bytes(path.read_bytes(), "embedded")


def _either(content: bytes) -> GuidelineFile | None:
    try:
        return load_bytes(content, "g.json")
    except InputError as error:
        refusal = error
    assert refusal.code in ("bad-json", "bad-guideline")
    assert str(refusal).startswith("g.json:")
    return None


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_model_or_one_error(content: bytes) -> None:
    """Anything but an InputError is a traceback for a user and a 500 in the registry."""
    assert _either(content) is None


@settings(deadline=None)
@given(st.data())
def test_a_spoilt_file_gives_a_model_or_one_error(data: st.DataObject) -> None:
    """A file damaged on its way must be refused or read, ours and a published one alike."""
    content = bytearray(text_of(document()).encode())
    if data.draw(st.booleans(), label="published"):
        doc = put(drop(document(), ("metadata", "authority")), ("metadata", "source"), OLD_SOURCE)
        content = bytearray(text_of(doc).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content) - 1))
        end = data.draw(st.sampled_from([start, start + 1, start + 9]))
        content[start:end] = data.draw(st.binary(max_size=3) | st.sampled_from([b"{", b'"', b"[", b"]", b",", b"null"]))
    _either(bytes(content))


CORRUPTIONS: list[object] = [None, True, 7, -1, 1.5, "", "x", [], ["x"], {}, {"x": 1}]


@settings(deadline=None, max_examples=80)
@given(path=st.sampled_from(PATHS), value=st.sampled_from(CORRUPTIONS))
def test_a_corrupted_field_of_the_shipped_file_never_goes_unseen(path: JsonPath, value: object) -> None:
    """A field that can be altered without a difference is one that the verdict forgot to read."""
    old = at(RAW, path)
    if json.dumps(old) == json.dumps(value):
        return
    found = _either(json.dumps(put(RAW, path, value)).encode())
    assert found is None or found.guideline != ORIGINAL.guideline


ORIGINAL = load_file(SHIPPED)
