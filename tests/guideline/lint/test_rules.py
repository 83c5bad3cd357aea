"""Every rule that looks at files: what breaks it, what does not, and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from defcore.guideline import load_file
from defcore.guideline.lint import lint
from defcore.guideline.lint.model import Looks, Severity, Subject
from defcore.guideline.lint.rules import ALL, BY_ID
from defcore.guideline.lint.rules.scores import as_it_stands
from defcore.guideline.model import Status
from defcore.strictjson import line_of, show
from tests.guideline.builders import Doc, document, drop, put, text_of
from tests.guideline.old_files import ONE, SOURCE, TWO, add_on, v1_2, v1_3, vertical

from .builders import (
    APPROVAL,
    CAPS,
    FLAG,
    PUT,
    STATUS,
    capability,
    check,
    check_all,
    clean,
    entry,
    keys,
    source,
    state,
    uid,
)

if TYPE_CHECKING:
    import pathlib

    from defcore.strictjson import Path

NAME = "objectstore-object-put"
ID: Path = ("metadata", "id")
TARGET: Path = (*APPROVAL, "target_approval")
TESTS: Path = (*PUT, "tests")


class Case(NamedTuple):
    """A document that breaks one rule, and what is said of it."""

    rule: str
    doc: Doc
    subject: str
    words: str
    path: Path
    previous: Doc | None = None


def draft(doc: Doc) -> Doc:
    """Return a copy that is a draft."""
    return put(doc, STATUS, "draft")


def renamed(name: str) -> Doc:
    """Return a clean guideline under another id."""
    return put(clean(), ID, name)


def flagged(**flag: str) -> Doc:
    """Return a guideline with a flagged test."""
    return put(clean(), (*TESTS, ONE, "flagged"), {**FLAG, **flag})


def with_capability(name: str, where: str | None, **changes: Any) -> Doc:  # noqa: ANN401 - any part of a capability
    """Return a guideline with one more capability, in a state or in none."""
    doc = put(clean(), ("capabilities", name), {**capability(other=entry("9")), **changes})
    if where:
        names = doc["components"]["os_powered_storage"]["capabilities"][where]
        doc = put(doc, (*CAPS, where), [*names, name])
    return doc


def mine(**changes: Any) -> Doc:  # noqa: ANN401 - any part of a capability
    """Return a guideline of ours, with changes to its required capability."""
    doc = put(clean("2026.11"), ("metadata", "authority"), document()["metadata"]["authority"])
    doc = put(doc, ("metadata", "source"), "guidelines/2026.11.json")
    item = {**doc["capabilities"]["objectstore-object-put"], "score_source": "the worksheet", **changes}
    return put(doc, PUT, {key: value for key, value in item.items() if value is not None})


OLD = clean("2017.09", put=capability(put=entry("1"), head=entry("2")))
NEW = put(clean("2018.02", put=capability(put=entry("1"), head=entry("2"))), (*APPROVAL, "replaces"), "2017.09")
SECTION: Path = ("designated_sections", "swift")
SECTIONS: Path = ("components", "os_powered_storage", "designated_sections")

CASES = [
    Case("draft-name", draft(clean()), "2018.02", "a draft is called next, not '2018.02'", ID),
    Case("approved-name", renamed("next"), "next", "'next' is approved, but its id is not", ID),
    Case("approved-name", renamed("2018.13"), "2018.13", "not the year and month", ID),
    Case("approval-date", put(clean(), TARGET, "soon"), "2018.02", "'soon' is neither a day nor a month", TARGET),
    Case("approval-date", put(clean(), TARGET, "2018-03-01"), "2018.02", "the id says 2018.02", TARGET),
    Case("source-name", renamed("2018.03"), "2018.03", "the source is that of '2018.02'", ("metadata", "source")),
    Case(
        "releases-missing",
        put(clean(), (*APPROVAL, "releases"), []),
        "2018.02",
        "applies to none",
        (*APPROVAL, "releases"),
    ),
    Case(
        "lineage",
        put(NEW, (*APPROVAL, "replaces"), "2017.01"),
        "2018.02",
        "it says that it replaces 2017.01; the guideline before it is 2017.09",
        (*APPROVAL, "replaces"),
        OLD,
    ),
    Case(
        "lineage",
        drop(NEW, (*APPROVAL, "replaces")),
        "2018.02",
        "it does not say what it replaces",
        (*APPROVAL, "replaces"),
        OLD,
    ),
    Case(
        "lineage",
        NEW,
        "2018.02 on 2017.09",
        "which is draft and was never approved",
        (*APPROVAL, "replaces"),
        draft(OLD),
    ),
    Case(
        "required-unannounced",
        put(NEW, ("capabilities", "get"), capability(get=entry("3")))
        | {"components": state(NEW, required=["put", "get"])["components"]},
        "get",
        "none of its 1 must-pass tests was in a required or advisory capability of 2017.09",
        ("capabilities", "get"),
        OLD,
    ),
    Case(
        "required-unannounced",
        put(NEW, ("capabilities", "put", "tests", "tempest.api.copy"), entry("3")),
        "put",
        "requires 1 more tests (it has 3), which were not in a required or advisory capability of 2017.09: copy",
        ("capabilities", "put"),
        OLD,
    ),
    Case(
        "removed-unannounced",
        {**NEW, **state(NEW, required=[], removed=["put"])},
        "put",
        "was required in 2017.09 and is gone with all of its 2 tests",
        ("components",),
        OLD,
    ),
    Case(
        "tests-dropped",
        drop(NEW, ("capabilities", "put", "tests", "tempest.api.head")),
        "put",
        "lost 1 of its 2 must-pass tests since 2017.09, which were not flagged: head",
        ("capabilities", "put"),
        OLD,
    ),
    Case(
        "required-since",
        drop(clean(), (*PUT, "required_since")),
        NAME,
        "does not say since which",
        (*PUT, "required_since"),
    ),
    Case(
        "required-since",
        put(clean(), (*PUT, "required_since"), "2019.06"),
        NAME,
        "after this guideline",
        (*PUT, "required_since"),
    ),
    Case(
        "required-since",
        put(clean(), (*PUT, "required_since"), "early"),
        NAME,
        "no guideline",
        (*PUT, "required_since"),
    ),
    Case("required-admin", put(clean(), (*PUT, "admin"), value=True), NAME, "a veto", (*PUT, "admin")),
    Case("capability-without-test", put(clean(), TESTS, {}), NAME, "has no test at all", TESTS),
    Case(
        "capability-all-flagged",
        put(clean(), TESTS, {ONE: entry("1", flagged=FLAG)}),
        NAME,
        "its only test is flagged, so nothing decides it",
        TESTS,
    ),
    Case(
        "capability-all-flagged",
        put(clean(), TESTS, {ONE: entry("1", flagged=FLAG), TWO: entry("2", flagged=FLAG)}),
        NAME,
        "all 2 tests are flagged",
        TESTS,
    ),
    Case(
        "advisory-without-test",
        with_capability("soon", "advisory", tests={}),
        "soon",
        "has no test",
        ("capabilities", "soon", "tests"),
    ),
    Case(
        "advisory-without-test",
        with_capability("soon", "advisory", tests={"x": entry("9", flagged=FLAG)}),
        "soon",
        "has flagged tests only",
        ("capabilities", "soon", "tests"),
    ),
    Case(
        "capability-homeless",
        with_capability("lost", None),
        "lost",
        "its only test is never asked for",
        ("capabilities", "lost"),
    ),
    Case(
        "capability-homeless",
        with_capability("lost", None, tests={"x": entry("8"), "y": entry("9")}),
        "lost",
        "its 2 tests are never asked for",
        ("capabilities", "lost"),
    ),
    Case(
        "weights-sum",
        put(clean(), ("metadata", "scoring", "criteria", "atomic", "weight"), 41),
        "criteria",
        "add up to 101, not to 100",
        ("metadata", "scoring", "criteria"),
    ),
    Case(
        "cutoff-missing",
        drop(clean(), ("metadata", "scoring", "cutoff_score")),
        "cutoff",
        "no score",
        ("metadata", "scoring"),
    ),
    Case("score-missing", put(clean(), (*PUT, "achievements"), []), NAME, "never scored", (*PUT, "achievements")),
    Case("score-missing", put(clean(), (*PUT, "achievements"), [""]), NAME, "never scored", (*PUT, "achievements")),
    Case(
        "score-stale",
        put(clean(), (*PUT, "achievements"), ["atomic"]),
        NAME,
        "is required with a score of 40, below 74; 100 with sticky, which it has earned: it is required since 2014.07",
        (*PUT, "achievements"),
    ),
    Case(
        "score-below",
        put(clean(), (*PUT, "achievements"), ["sticky"]),
        NAME,
        "is required with a score of 60, below 74; it lacks atomic",
        (*PUT, "achievements"),
    ),
    Case(
        "score-misspelt",
        put(drop(clean(), (*PUT, "achievements")), (*PUT, "acheivements"), ["atomic", "sticky"]),
        NAME,
        "reaches 74 only by repair: 0 as the bytes stand, 100 with its words read as meant",
        (*PUT, "acheivements"),
    ),
    Case(
        "score-source",
        mine(score_source=None),
        NAME,
        "nothing says where its achievements come from",
        (*PUT, "score_source"),
    ),
    Case("test-without-id", v1_2(), "ids", "3 tests are known by their names only", ("capabilities",)),
    Case(
        "id-shared",
        put(clean(), (*TESTS, TWO, "idempotent_id"), f"id-{uid('1')}"),
        uid("1"),
        "the id stands on 2 names: ObjectTest.test_get, ObjectTest.test_put",
        (*TESTS, TWO, "idempotent_id"),
    ),
    Case("flag-incomplete", flagged(action=" "), ONE, "its flag lacks action", (*TESTS, ONE, "flagged")),
    Case("flag-incomplete", flagged(reason="", date=""), ONE, "its flag lacks reason, date", (*TESTS, ONE, "flagged")),
    Case("flag-incomplete", flagged(date="2018-3-1"), ONE, "a day for its date ('2018-3-1')", (*TESTS, ONE, "flagged")),
    Case("flag-without-code", flagged(reason="slow"), NAME, "a flag without a code", (*TESTS, ONE, "flagged")),
    Case(
        "flags-at-approval",
        flagged(date="2018-01-31"),
        "flags",
        "a test was flagged when it was approved, the oldest since 2018-01-31. D2.1 lets flags",
        (*TESTS, ONE, "flagged"),
    ),
    Case(
        "flags-at-approval",
        put(flagged(), STATUS, "review"),
        "flags",
        "a test was flagged while it is up for approval",
        (*TESTS, ONE, "flagged"),
    ),
    Case(
        "section-unannounced",
        NEW,
        "swift",
        "the sections of swift are required, but were not advisory in 2017.09",
        (*SECTION, "required"),
        put(put(OLD, SECTION, {"informational": {"guidance": "", "sections": {}}}), SECTIONS, {}),
    ),
    Case(
        "section-removed-unannounced",
        put(put(NEW, SECTION, {"informational": {"guidance": "", "sections": {}}}), SECTIONS, {}),
        "swift",
        "were required in 2017.09 and are gone, without having been deprecated",
        ("designated_sections",),
        OLD,
    ),
    Case(
        "section-idle",
        put(
            put(clean(), SECTIONS, {"required": ["swift", "heat"]}),
            ("designated_sections", "heat"),
            {"required": {"guidance": "", "sections": {}}},
        ),
        "os_powered_storage: heat",
        "but no capability of it: they are not enforced",
        (*SECTIONS, "required", 1),
    ),
    Case(
        "section-undefined",
        put(clean(), SECTION, {"informational": {"guidance": "", "sections": {}}}),
        "os_powered_storage: swift",
        "requires the sections of swift, which are none",
        (*SECTIONS, "required", 0),
    ),
    Case(
        "test-in-many-capabilities",
        with_capability("soon", "advisory", tests={ONE: entry("1")}),
        "objectstore-object-put + soon",
        f"test {uid('1')} stands under objectstore-object-put and soon; a program counts each once",
        ("capabilities", "soon", "tests"),
    ),
    Case(
        "test-for-administrators",
        put(clean(), TESTS, {"tempest.api.compute.admin.test_x": entry("1")}),
        "tempest.api.compute.admin.test_x",
        "its name says that it needs an administrator",
        (*TESTS, "tempest.api.compute.admin.test_x"),
    ),
    Case(
        "test-governance",
        put(clean(), ("test_repositories", "tempest", "repository"), "https://example.org/mine"),
        "tempest",
        "not under technical governance",
        ("test_repositories", "tempest"),
    ),
    Case("repository-missing", put(clean(), ("test_repositories",), {}), "repositories", "nobody knows", ()),
    Case(
        "repository-unpinned",
        put(clean(), ("test_repositories", "tempest", "reference"), "master"),
        "tempest",
        "those of 'master', which moves",
        ("test_repositories", "tempest"),
    ),
    Case(
        "slip",
        put(drop(clean(), (*PUT, "required_since")), (*PUT, "required-since"), "2014.07"),
        "key 'required-since' read as 'required_since'",
        "in one place",
        (*PUT, "required-since"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.subject}"[:60])
def test_a_breach_is_found_at_its_place(case: Case) -> None:
    """A rule that misses its breach lets it into force; one that points elsewhere sends people to the wrong line."""
    found = [item for item in check(case.doc, case.previous) if (item.rule, item.subject) == (case.rule, case.subject)]
    (item,) = found
    assert case.words in item.message
    assert item.path == show(case.path)
    assert item.line == line_of(text_of(case.doc), case.path)
    assert item.file == f"{case.doc.get('metadata', case.doc)['id']}.json"
    rule = BY_ID[case.rule]
    assert item.severity is rule.severity(source(case.doc).guideline.status)


def test_every_rule_on_files_has_a_case() -> None:
    """A rule that nobody has seen at work may not work."""
    wanted = {rule.id for rule, _ in ALL if rule.looks in (Looks.FILE, Looks.PAIR)}
    assert wanted - {case.rule for case in CASES} == {"file-name", "reference-dangling", "test-unproven"}


def test_a_clean_guideline_has_no_finding() -> None:
    """Noise is why people stop reading what a linter says."""
    assert check(clean()) == ()
    assert check(mine()) == ()
    assert check(NEW, OLD) == ()
    assert check_all(OLD, NEW) == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.subject}"[:60])
def test_a_breach_is_nothing_else(case: Case) -> None:
    """One fault with five findings hides the others."""
    also = {
        "approved-name": {"source-name", "approval-date"},
        "source-name": {"approval-date"},
        "score-misspelt": {"slip"},
        "score-missing": {"slip"},
        "test-without-id": {"slip", "advisory-without-test", "section-idle"},
        "removed-unannounced": {"section-idle"},
    }.get(case.rule, set())
    assert {item.rule for item in check(case.doc, case.previous)} - {case.rule} <= also


def test_the_name_of_the_file() -> None:
    """dns.2018.02 held the id dns.next for years, so two files went by one name."""
    (found,) = lint(source(clean(), "some/2019.06.json"))
    assert (found.rule, found.message) == ("file-name", "the file is called '2019.06', the guideline in it '2018.02'")
    assert lint(source(clean(), "some/where.json")) == ()


@pytest.mark.parametrize("name", ["next", "2015.next", "dns.next"])
def test_a_draft_by_its_working_name(name: str) -> None:
    """A draft that is called as the process says needs no excuse."""
    doc = put(draft(renamed(name)), ("metadata", "source"), SOURCE)
    assert keys(check(doc)) == []


def test_the_month_of_approval_fits() -> None:
    """2017.09 was approved on a day of that month; a day is more than a month, not another date."""
    assert check(put(clean(), TARGET, "2018-02-20")) == ()
    assert check(drop(clean(), TARGET)) == ()


def test_a_reference_to_a_file_that_lacks_the_component(tmp_path: pathlib.Path) -> None:
    """A mark that asks for a component which does not exist can be given to nobody."""
    (tmp_path / "2017.09.json").write_text(text_of(put(v1_3("1.6"), ("id",), "2017.09")))
    path = tmp_path / "nfv.next.json"
    path.write_text(text_of(vertical()))
    (found,) = [item for item in lint(load_file(path)) if item.rule == "reference-dangling"]
    assert found.subject == "nfv: os_powered_compute"
    assert "guideline 2017.09 has no component 'os_powered_compute'" in found.message
    assert found.path == "$.verticals.NFV.components[1]"
    (tmp_path / "2017.09.json").unlink()
    assert "reference-dangling" not in {item.rule for item in lint(load_file(path))}


def test_an_add_on_need_not_weigh_100() -> None:
    """Add-ons use nine of the twelve criteria, which add up to 75."""
    doc = put(add_on(), ("metadata", "scoring", "criteria", "sticky", "weight"), 35)
    assert "weights-sum" not in {item.rule for item in check(doc)}


def test_sticky_is_not_earned_by_what_is_new() -> None:
    """A capability that this guideline is the first to require was not in the last one; it is truly below."""
    doc = put(put(clean(), (*PUT, "achievements"), ["atomic"]), (*PUT, "required_since"), "2018.02")
    assert keys(check(doc)) == [("score-below", NAME)]


def test_how_a_score_depends_on_what_is_repaired() -> None:
    """Criteria scores are given as published and as repaired, step by step, or two readers count differently."""
    criteria = {
        key: {"name": key, "description": "", "weight": weight}
        for key, weight in {"atomic": 40, "sticky": 30, "discover": 30}.items()
    }
    doc = put(drop(clean(), (*PUT, "achievements")), ("metadata", "scoring", "criteria"), criteria)
    found = check(put(doc, (*PUT, "acheivements"), ["atomic", "sticky", "discoverable"]))
    assert "0 as the bytes stand, 70 with the key read as meant, 100 with its words read as meant" in found[0].message


def test_achievements_of_any_shape_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt file may have anything under that key; the count as it stands must not crash."""
    subject = Subject(source(clean()))
    (item,) = subject.required
    assert as_it_stands(subject, item) == (100, 100)
    spoilt: list[Any] = [None, {"capabilities": 1}, {"capabilities": {}}]
    for raw in (*spoilt, {"capabilities": {item.name: {"achievements": 7}}}):
        monkeypatch.setitem(subject.__dict__, "raw", raw)
        assert as_it_stands(subject, item) == (0, 0)


def test_a_rename_raises_nothing() -> None:
    """objectstore-temp-url-put of 2017.01 is such a case: its test sat in a required capability of 2016.08."""
    old = clean("2016.08", temp_url=capability(get=entry("1"), put=entry("2")))
    new = clean("2017.01", temp_url_get=capability(get=entry("1")), temp_url_put=capability(new_name=entry("2")))
    new = put(new, (*APPROVAL, "replaces"), "2016.08")
    assert check(new, old) == ()


def test_regrouping_raises_nothing() -> None:
    """Groupings may change between guidelines (A2.3): what counts is whether each test was announced."""
    assert (
        check(
            put(
                clean("2018.02", head=capability(head=entry("2")), put=capability(put=entry("1"))),
                (*APPROVAL, "replaces"),
                "2017.09",
            ),
            OLD,
        )
        == ()
    )


def test_advisory_becomes_required_and_required_becomes_deprecated() -> None:
    """The way that the process prescribes must be free of findings, or people take another one."""
    old = put(OLD, ("capabilities", "get"), capability(get=entry("3")))
    old = state(old, required=["put"], advisory=["get"])
    new = put(NEW, ("capabilities", "get"), capability(get=entry("3")))
    assert check(state(new, required=["get"], deprecated=["put"]), old) == ()
    assert check(state(new, required=["get"], advisory=["put"]), old) == ()


def test_a_flagged_test_may_go() -> None:
    """HACKING D302 has flagged tests removed from the next guideline; that weakens nothing that was asked."""
    old = put(OLD, ("capabilities", "put", "tests", "tempest.api.head", "flagged"), FLAG)
    assert check(drop(NEW, ("capabilities", "put", "tests", "tempest.api.head")), old) == ()


def test_an_informational_section_is_no_finding() -> None:
    """D3.1 lets sections be described for any project: heat and horizon always were."""
    doc = put(clean(), ("designated_sections", "heat"), {"informational": {"guidance": "", "sections": {}}})
    assert check(doc) == ()


def test_a_scenario_test_may_use_several_capabilities() -> None:
    """The specification asks it of API tests only."""
    name = "tempest.scenario.test_all"
    doc = put(clean(), (*TESTS, name), entry("5"))
    doc = put(doc, ("capabilities", "soon"), capability())
    doc = put(put(doc, ("capabilities", "soon", "tests"), {name: entry("5")}), (*CAPS, "advisory"), ["soon"])
    assert check(doc) == ()


def test_one_test_under_an_alias_is_not_shared() -> None:
    """2018.02 lists one test under its new name and under its old one; each knows the other as an alias."""
    doc = put(clean(), (*TESTS, ONE, "aliases"), ["old.name"])
    doc = put(doc, ("capabilities", "soon"), capability())
    doc = put(doc, ("capabilities", "soon", "tests"), {"old.name": entry("1")})
    assert "id-shared" not in {item.rule for item in check(put(doc, (*CAPS, "advisory"), ["soon"]))}


@pytest.mark.parametrize("reason", ["D400 slow", "D406: gone", "[D401] This test is skipped", "D405"])
def test_a_code_may_stand_in_brackets(reason: str) -> None:
    """Half of the published codes stand in brackets; a finding for each would be noise."""
    assert check(flagged(reason=reason)) == ()


def test_flags_after_approval_are_allowed() -> None:
    """D2.1: a bad test is flagged when it is found to be bad."""
    assert check(flagged(date="2018-02-01")) == ()
    assert check(put(flagged(date="2018-02-20"), TARGET, "2018-02-20")) != ()
    assert check(put(flagged(date="2018-02-21"), TARGET, "2018-02-20")) == ()


def test_flags_of_a_draft_are_allowed() -> None:
    """A draft may hold what an approved guideline may not."""
    found = keys(check(put(draft(flagged(date="2017-01-01")), ("metadata", "id"), "next")))
    assert "flags-at-approval" not in {rule for rule, _ in found}


def test_flags_before_d312_are_allowed() -> None:
    """A rule binds from the day on which it was made, not before."""
    old = put(v1_3("1.5"), ("id",), "2015.07")
    old = put(put(old, ("target_approval",), "2015-07-28"), ("replaces",), "2015.05")
    assert "flags-at-approval" not in {item.rule for item in check(old)}
    assert "flags-at-approval" in {item.rule for item in check(v1_3("1.5"))}


def test_the_oldest_guidelines_need_no_cutoff() -> None:
    """The format had no place for a cutoff before 2016.01."""
    doc = put(put(v1_3("1.4"), ("id",), "2015.07"), ("target_approval",), "2015-07-28")
    assert "cutoff-missing" not in {item.rule for item in check(doc)}
    assert "cutoff-missing" in {item.rule for item in check(v1_3("1.4"))}


def test_a_guideline_of_names_follows_one_and_is_followed() -> None:
    """2015.07 gave ids to the tests that 2015.05 had named: nothing was added, nothing removed."""
    old = put(v1_2(), ("id",), "2015.05")
    old = put(old, ("capabilities", "objectstore-object", "flagged"), [])
    new = clean("2015.07")
    new = put(new, TESTS, {ONE: entry("1"), "new.name": entry("2", aliases=[TWO])})
    new = put(put(new, TARGET, "2015-07-28"), (*APPROVAL, "replaces"), "2015.05")
    found = {item.rule for item in check(new, old)}
    assert not found & {"required-unannounced", "tests-dropped"}


def test_one_id_for_two_names_of_1_2_loses_neither() -> None:
    """2015.07 has one id on two names of 2015.05; a name that is not looked for would be reported as lost."""
    old = put(v1_2(), ("id",), "2015.05")
    old = put(old, ("capabilities", "objectstore-object", "flagged"), [])
    new = put(clean("2015.07"), TESTS, {ONE: entry("1"), TWO: entry("1")})
    new = put(put(new, TARGET, "2015-07-28"), (*APPROVAL, "replaces"), "2015.05")
    found = {item.rule for item in check(new, old)}
    assert "tests-dropped" not in found


@pytest.mark.parametrize("status", list(Status))
def test_the_status_decides_how_bad_it_is(status: Status) -> None:
    """Lint goes by status: a draft may hold what an approved guideline may not."""
    doc = put(put(clean(), (*PUT, "admin"), value=True), STATUS, status.value)
    (found,) = [item for item in check(doc) if item.rule == "required-admin"]
    assert found.severity is (Severity.WARNING if status is Status.DRAFT else Severity.ERROR)


def test_older_dialects_are_shown_at_their_own_places() -> None:
    """A path of schema 2.0 in a file of 1.6 leads nowhere."""
    doc = put(v1_3("1.6"), ("cutoff_score",), "100")
    doc = put(doc, ("capabilities", "objectstore-object-put", "required-since"), "2031.05")
    doc = put(doc, ("platform", "required"), [])
    doc = put(doc, ("target_approval",), "never")
    found = {item.rule: (item.path, item.line) for item in check(doc)}
    assert found["approval-date"] == ("$.target_approval", line_of(text_of(doc), ("target_approval",)))
    path: Path = ("capabilities", "objectstore-object-put", "required-since")
    assert found["required-since"] == (show(path), line_of(text_of(doc), path))


def test_rules_are_written_out() -> None:
    """People read the sentence of a rule before they mend anything."""
    assert len({rule.id for rule, _ in ALL}) == len(ALL)
    for rule, _ in ALL:
        assert rule.sentence.endswith(".")
        assert rule.source
        assert rule.edition.name
        assert rule.in_force <= "2026.11"
        assert {rule.approved, rule.review, rule.draft} != {None}
