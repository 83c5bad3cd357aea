"""What a git history tells: what was approved when, and what changed after."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from defcore.errors import InputError
from defcore.guideline.lint import Finding, git, lint_history
from defcore.guideline.lint.model import Looks, Severity
from defcore.guideline.lint.rules import ALL
from defcore.guideline.load import MAX_BYTES
from tests.guideline.builders import Doc, put
from tests.guideline.old_files import ONE, SOURCE, TWO, v1_2

from . import repository as repo
from .builders import APPROVAL, CAPS, FLAG, PUT, STATUS, capability, clean, entry, state, uid

if TYPE_CHECKING:
    from pathlib import Path

NAME = "2018.02.json"
CAPABILITY = "objectstore-object-put"
TESTS = (*PUT, "tests")
DRAFT = put(clean(), STATUS, "draft")
REVIEW = put(clean(), STATUS, "review")


def history(folder: Path, *commits: repo.Files) -> tuple[Finding, ...]:
    """Return the findings over a history."""
    return lint_history(git.versions(repo.repository(folder, *commits), repo.ENV))


def serious(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Return rule and subject of what is more than an info."""
    return [(item.rule, item.subject) for item in findings if item.severity is not Severity.INFO]


class Case(NamedTuple):
    """Two versions of a guideline, and what is said of the second."""

    rule: str
    before: Doc
    after: Doc | None
    subject: str
    words: str


def with_tests(**tests: Doc) -> Doc:
    """Return the approved guideline with other tests."""
    return put(clean(), TESTS, {f"t.{name}": item for name, item in tests.items()})


TWO_TESTS = with_tests(put=entry("1"), get=entry("2"))
CASES = [
    Case(
        "flagged-when-approved",
        DRAFT,
        put(clean(), (*TESTS, ONE, "flagged"), FLAG),
        "2018.02",
        "1 tests were flagged when it was approved. D2.1",
    ),
    Case(
        "tests-added-after-approval",
        TWO_TESTS,
        with_tests(put=entry("1"), get=entry("2"), a=entry("3"), b=entry("4"), c=entry("5"), d=entry("6")),
        CAPABILITY,
        "got a, b, c and 1 more after approval",
    ),
    Case("tests-removed-after-approval", TWO_TESTS, with_tests(put=entry("1")), CAPABILITY, "lost get after approval"),
    Case(
        "id-overwritten",
        TWO_TESTS,
        with_tests(put=entry("1"), get=entry("1")),
        "t.get",
        f"the id of t.get was {uid('2')} and became {uid('1')} after approval",
    ),
    Case(
        "flag-lifted",
        with_tests(put=entry("1"), get=entry("2", flagged=FLAG)),
        TWO_TESTS,
        "t.get",
        "its flag was lifted after approval",
    ),
    Case(
        "weights-changed",
        REVIEW,
        put(REVIEW, ("metadata", "scoring", "cutoff_score"), 60),
        "scoring",
        "changed after the draft was out: the cutoff from 74 to 60",
    ),
    Case(
        "states-changed",
        clean(),
        state(clean(), advisory=[CAPABILITY]),
        CAPABILITY,
        "was required and became advisory after approval",
    ),
    Case(
        "states-changed",
        state(clean(), advisory=[CAPABILITY]),
        state(clean()),
        CAPABILITY,
        "became nowhere after approval",
    ),
    Case("status-backwards", clean(), DRAFT, "2018.02", "was approved and became draft again"),
    Case("approved-removed", clean(), None, "2018.02", "was approved and its file was removed"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_change_after_approval_is_found(tmp_path: Path, case: Case) -> None:
    """Whoever certified by the guideline as approved is judged by another one afterwards."""
    found = history(tmp_path, {NAME: case.before}, {NAME: case.after})
    (item,) = [item for item in found if item.rule == case.rule]
    assert item.subject == case.subject
    assert case.words in item.message
    assert item.file == f"{NAME}@{repo.git(tmp_path, 'rev-parse', 'HEAD')[:10]}"


def test_every_rule_on_histories_has_a_case() -> None:
    """A rule that nobody has seen at work may not work."""
    wanted = {rule.id for rule, _ in ALL if rule.looks is Looks.HISTORY}
    assert wanted - {case.rule for case in CASES} == {"approval", "approved-at-once-then"}


def test_when_it_was_approved(tmp_path: Path) -> None:
    """A vendor asks which tests were asked for on the day of approval; the history alone knows that day."""
    found = history(
        tmp_path, {NAME: DRAFT}, {"README.md": "words"}, {NAME: clean()}, {NAME: put(clean(), STATUS, "superseded")}
    )
    assert [(item.rule, item.subject, item.message) for item in found] == [
        ("approval", "2018.02", "was approved on 2018-03-03, with 2 must-pass tests")
    ]
    assert found[0].severity is Severity.INFO


def test_a_working_file_begins_anew(tmp_path: Path) -> None:
    """A file that was approved under one id and holds the next one then has not gone backwards."""
    follows = put(put(DRAFT, ("metadata", "id"), "2018.11"), TESTS, {"new": entry("9")})
    found = history(tmp_path, {NAME: clean()}, {NAME: follows})
    assert not [item for item in found if item.rule == "status-backwards"]
    again = history(tmp_path / "other", {NAME: clean()}, {NAME: put(follows, STATUS, "approved")})
    assert [item.rule for item in again].count("approval") == 2


def test_drafts_may_change(tmp_path: Path) -> None:
    """Until it is approved everything may move, weights of what is not yet under review too."""
    other = put(put(DRAFT, ("metadata", "scoring", "cutoff_score"), 60), TESTS, {"new": entry("9")})
    assert history(tmp_path, {NAME: DRAFT}, {NAME: other}, {NAME: None}) == ()


def test_a_name_that_became_an_alias_loses_nothing(tmp_path: Path) -> None:
    """D301 is about tests: one that got a new name, or moved to another capability, is still there."""
    renamed = with_tests(put=entry("1"), fetch=entry("2", aliases=["t.get"]))
    assert serious(history(tmp_path, {NAME: TWO_TESTS}, {NAME: renamed})) == []


def test_a_test_that_moves_is_told_where_it_came_from_and_went(tmp_path: Path) -> None:
    """Regrouping after approval changes what a capability proves, though no test was added to the guideline."""
    old = clean(put=capability(put=entry("1"), get=entry("2")), head=capability(head=entry("3")))
    new = clean(put=capability(put=entry("1")), head=capability(head=entry("3"), get=entry("2")))
    assert serious(history(tmp_path, {NAME: old}, {NAME: new})) == [
        ("tests-added-after-approval", "head"),
        ("tests-removed-after-approval", "put"),
    ]


def test_a_renamed_capability_adds_nothing(tmp_path: Path) -> None:
    """Judged by ids: the tests of a capability under a new name are the ones that were there."""
    old = clean(put=capability(put=entry("1")))
    new = clean(store=capability(put=entry("1")))
    found = serious(history(tmp_path, {NAME: old}, {NAME: new}))
    assert {rule for rule, _ in found} == {"states-changed"}


def test_names_of_1_2_are_not_overwritten(tmp_path: Path) -> None:
    """The stand-in id of a name is no id."""
    old = put(v1_2(), ("status",), "approved")
    new = put(put(clean("2015.03"), TESTS, {ONE: entry("1"), TWO: entry("2")}), ("metadata", "source"), SOURCE)
    found = serious(history(tmp_path, {"2015.03.json": old}, {"2015.03.json": new}))
    assert "id-overwritten" not in {rule for rule, _ in found}


def test_broken_commits_are_findings(tmp_path: Path) -> None:
    """Published histories hold commits whose JSON does not parse, a wrong status, an empty id: told, never a crash."""
    empty_id = put(clean(), (*TESTS, ONE, "idempotent_id"), "")
    found = history(
        tmp_path,
        {NAME: clean()},
        {NAME: "{,"},
        {NAME: "{,\n"},
        {NAME: empty_id},
        {NAME: put(clean(), STATUS, "supersceded")},
        {NAME: b"\xff"},
        {NAME: put(clean(), STATUS, "superceded")},
        {NAME: "{,"},
        {NAME: None},
    )
    broken = [item for item in found if item.rule == "commit-unreadable"]
    assert [item.message.partition(": ")[2].split(":")[0][:40] for item in broken] == [
        "is not valid JSON",
        "$.capabilities.objectstore-object-put.te",
        "$.metadata.os_trademark_approval.status",
        "is not UTF-8 text",
        "is not valid JSON",
    ]
    assert broken[0].line == 1
    assert {item.severity for item in broken} == {Severity.WARNING}
    assert "approved-removed" in {item.rule for item in found}


def test_a_file_that_never_could_be_read_is_removed(tmp_path: Path) -> None:
    """Its end is no end of a guideline."""
    assert [item.rule for item in history(tmp_path, {NAME: "{"}, {NAME: None})] == ["commit-unreadable"]


def test_what_follows_a_broken_commit_is_compared_with_what_was_before(tmp_path: Path) -> None:
    """Else a change could hide behind one commit that does not parse."""
    found = history(tmp_path, {NAME: TWO_TESTS}, {NAME: "{"}, {NAME: with_tests(put=entry("1"))})
    assert ("tests-removed-after-approval", CAPABILITY) in serious(found)


def test_a_file_that_moves_is_kept(tmp_path: Path) -> None:
    """The group moved its files into a folder once; nothing was withdrawn or approved by that."""
    found = history(tmp_path, {NAME: clean()}, {NAME: None, f"guidelines/{NAME}": clean()})
    assert [item.rule for item in found] == ["approval"]
    changed = with_tests(put=entry("1"))
    found = history(tmp_path / "more", {NAME: TWO_TESTS}, {NAME: None, f"guidelines/{NAME}": changed})
    assert serious(found) == [("tests-removed-after-approval", CAPABILITY)]


def test_when_too_many_were_approved(tmp_path: Path) -> None:
    """Today's files show that two count; the history shows for how long it was four."""
    docs = {
        f"{name}.json": put(clean(name), (*APPROVAL, "target_approval"), name)
        for name in ("2018.02", "2018.11", "2019.06", "2019.11")
    }
    commits: list[repo.Files] = [{name: doc} for name, doc in docs.items()]
    found = history(tmp_path, *commits, {"2018.02.json": put(docs["2018.02.json"], STATUS, "superseded")})
    assert [(item.file[:12], item.message) for item in found if item.rule == "approved-at-once-then"] == [
        ("2019.06.json", "was approved while 2 others were: 2018.02, 2018.11, 2019.06 stood at once"),
        ("2019.11.json", "was approved while 3 others were: 2018.02, 2018.11, 2019.06, 2019.11 stood at once"),
    ]


def test_merges_are_read_along_the_first_parent(tmp_path: Path) -> None:
    """A review system merges every change: what counts is what the main line held, once."""
    repo.repository(tmp_path, {NAME: DRAFT})
    repo.git(tmp_path, "checkout", "-q", "-b", "side")
    repo.commit(tmp_path, {NAME: clean()}, 2)
    repo.git(tmp_path, "checkout", "-q", "master")
    repo.commit(tmp_path, {"README.md": "words"}, 3)
    repo.git(tmp_path, "merge", "-q", "--no-ff", "-m", "merge", "side", day=4)
    found = lint_history(git.versions(tmp_path, repo.ENV))
    assert [(item.rule, item.message[:26]) for item in found] == [("approval", "was approved on 2018-03-04")]


def test_only_guidelines_are_read(tmp_path: Path) -> None:
    """A repository holds other files; none of them is reported as a broken guideline."""
    strange: repo.Files = {
        "package.json": "{",
        "schema/2.0.json": "[",
        "a b/näxt.json": "{",
        "dns.next.json": put(DRAFT, ("metadata", "id"), "dns.next"),
    }
    versions = list(git.versions(repo.repository(tmp_path, strange), repo.ENV))
    assert [item.path for item in versions] == ["dns.next.json"]


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    """A blob of gigabytes must not fill the memory, and what comes after it must still be read rightly."""
    huge = b" " * (2 * MAX_BYTES + 10)
    found = history(tmp_path, {NAME: huge, "2018.11.json": clean("2018.11")})
    assert [item.rule for item in found] == ["approval", "commit-unreadable"] or [item.rule for item in found] == [
        "commit-unreadable",
        "approval",
    ]


def test_a_link_or_a_folder_by_that_name(tmp_path: Path) -> None:
    """A symbolic link is stored as the text of its target: unreadable, not followed."""
    repo.repository(tmp_path, {"real.txt": "x"})
    (tmp_path / NAME).symlink_to("real.txt")
    repo.commit(tmp_path, {}, 2)
    assert [item.rule for item in lint_history(git.versions(tmp_path, repo.ENV))] == ["commit-unreadable"]


def test_what_is_no_repository(tmp_path: Path) -> None:
    """A wrong path is the user's to mend: one line, not a trace."""
    with pytest.raises(InputError, match="not a git repository") as caught:
        list(git.versions(tmp_path, repo.ENV))
    assert caught.value.code == "git-failed"


def test_an_empty_repository(tmp_path: Path) -> None:
    """Git itself calls a repository without commits an error."""
    with pytest.raises(InputError, match="does not have any commits yet"):
        history(tmp_path)


def test_without_git(tmp_path: Path) -> None:
    """Who has no git can still lint files."""
    with pytest.raises(InputError, match="git is not installed"):
        list(git.versions(tmp_path, {"PATH": str(tmp_path)}))


def test_places_are_those_of_the_version(tmp_path: Path) -> None:
    """A finding leads to the text of that commit."""
    (found,) = [
        item
        for item in history(tmp_path, {NAME: clean()}, {NAME: state(clean(), advisory=[CAPABILITY])})
        if item.rule == "states-changed"
    ]
    assert (found.path, found.line > 1) == ("$.components", True)
    assert CAPS[0] == "components"
