"""What a board and a vendor read: words made in code, pages that need nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from defcore.board.impactwords import evidence, impact_json, impact_text, sections
from defcore.board.markdown import guideline_markdown, notes_markdown
from defcore.board.notes import diff_view, pack, questions
from defcore.board.pages import diff_page, guideline_page, notes_page
from defcore.board.sweep import Swept, sweep
from defcore.board.view import build_view
from defcore.guideline import model as m
from defcore.guideline import resolve
from defcore.guideline.diff import diff
from defcore.guideline.lint import Finding, Outcome, Severity, lint
from defcore.guideline.lint.exceptions import Entry
from defcore.kit.meta import TestMeta
from defcore.suite import SuiteTest, collect, suite_dir

from .builders import E, F, P, draft, guideline, previous, report, run, source, uid, write

if TYPE_CHECKING:
    from pathlib import Path

ALL = dict.fromkeys(range(1, 9), P)
SCRIPT = "\"'><script>alert(1)</script>{{ 7*7 }}"


class Page(HTMLParser):
    """A page as tags and text; what is not closed in order is an error."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "br"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text.append(data)

    @property
    def words(self) -> str:
        """Everything that is read, on one line."""
        return " ".join(" ".join(self.text).split())


def checked(text: str) -> Page:
    """Parse a page and check what every page promises: nothing from outside, each id once, no link into nowhere."""
    page = Page(text)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(set(ids)) == len(ids)
    for tag, attrs in page.tags:
        assert tag not in {"script", "img", "iframe"}
        assert not [name for name in attrs if name.startswith("on")]
        href = attrs.get("href") or "data:,"
        assert href == "data:," or href.startswith("https://") or href.removeprefix("#") in ids, href
    assert "default-src 'none'" in text
    assert not re.search(r"url\(|@import", text)
    return page


@pytest.fixture
def swept(tmp_path: Path) -> Swept:
    """Give a sweep over one of everything."""
    report(tmp_path / "s.dsse.json", run("s", ALL))
    for number, outcomes in enumerate(({4: F}, {3: F}, {4: E}, {2: F}, {5: F})):
        write(tmp_path / f"{number}.json", run(f"r{number}", ALL | outcomes))
    write(tmp_path / "short.json", run("short", {1: P, 2: P, 3: P}))
    write(tmp_path / "shorter.json", run("shorter", {1: P}))
    write(tmp_path / "twice.json", run("r1", ALL))
    (tmp_path / "bad.json").write_text('"defcore-run/"')
    (tmp_path / "other.json").write_text("{}")
    return sweep(draft(), previous(), [tmp_path])


def checked_by(findings: tuple[Finding, ...] = ()) -> Outcome:
    """Return what the linter found, with nothing excepted."""
    return Outcome(findings, ())


def suite() -> dict[str, SuiteTest]:
    """Return a suite that has tests 1 and 2."""
    first = TestMeta(uid(1), "object-store", "https://docs.example/put", lambda _: None, needs=("alt",))  # type: ignore[arg-type]
    second = TestMeta(uid(2), "object-store", "see the source", lambda _: None)  # type: ignore[arg-type]
    return {uid(1): SuiteTest(first, "t::one", "It puts.\nMore."), uid(2): SuiteTest(second, "t::two", "")}


def test_the_impact_in_words(swept: Swept) -> None:
    """A board decides by these lines: each must say who, how many and by what."""
    text = impact_text(swept)
    for line in (
        "Impact of guideline 2026.11, against 2026.05",
        "8 results counted: 7 run records, which nobody signed; 1 signed report",
        "1 signed report unverified",
        "1 JSON file passed over",
        "3 of 8 records pass, before 5",
        "passed and would fail (by: test_4)",
        "now passes (no longer asked, or excused: test_3)",
        "test_4: 1 record of 8",
        "quiet without hurting anybody: all 3 that pass the program pass it too",
        "soon would hurt 1 of the 3 that pass the program",
        "short.json, before pass: does not hold 1 required test",
        "before pass: has 1 required test that broke or did not run",
        "1 record held too little to judge this program before, and still do",
    ):
        assert line in text, line
    assert "left out, unreadable:" in text
    assert "is of the same run as" in text


def test_the_impact_as_json(swept: Swept) -> None:
    """A script reads the same facts."""
    value = json.loads(json.dumps(impact_json(swept)))
    (item,) = value["programs"]
    assert (value["format"], value["records"], value["unverified"]) == ("defcore-guideline-impact/1", 8, 1)
    assert {"before": "pass", "after": "fail", "records": 1} in item["verdicts"]
    assert [each["harmless"] for each in item["candidates"]] == [False, True]
    assert {"test": "test_4", "records": 1} in item["blocking"]


def test_long_lists_are_cut(tmp_path: Path) -> None:
    """A thousand names are in the JSON; the text stays a page."""
    for number in range(12):
        write(tmp_path / f"l{number}.json", run(f"l{number}", ALL | {4: F}))
        write(tmp_path / f"u{number}.json", run(f"u{number}", {1: P, 2: P, 3: P}))
    found = sweep(draft(), previous(), [tmp_path])
    told = {item.title: item.items for item in sections(found.programs[0])}
    assert len(told["Who loses"]) == 12
    assert told["Who loses"][-1] == "the tests that decide it most often: test_4 (12)"
    assert told["What cannot be known"][-1] == "and 2 more records"
    assert "soon: nothing is known, as no record passes the program" in told["Could become required"]


def test_many_blocking_and_silent_tests(tmp_path: Path) -> None:
    """Names beyond the tenth are counted, not listed."""
    numbers = tuple(range(1, 14))
    wide = guideline("2026.11", status=m.Status.DRAFT, all=("required", *numbers), soon=("advisory", 20))
    write(tmp_path / "a.json", run("a", dict.fromkeys(numbers, F)))
    told = {item.title: item.items for item in sections(sweep(wide, None, [tmp_path]).programs[0])}
    assert told["What stands in the way most often"][-1] == "and 3 more tests"
    assert told["Required tests that nobody passes"][-1] == "and 3 more"
    write(tmp_path / "a.json", run("a", dict.fromkeys(numbers, P)))
    told = {item.title: item.items for item in sections(sweep(wide, None, [tmp_path]).programs[0])}
    assert told["Could become required"] == ("soon: not known of 1 of the 1 that pass the program",)
    write(tmp_path / "a.json", run("a", {}))
    told = {item.title: item.items for item in sections(sweep(wide, None, [tmp_path]).programs[0])}
    assert told["What cannot be known"] == (
        "13 required tests that no record holds: test_1, test_2, test_3 and 10 more",
        f"{tmp_path / 'a.json'}: does not hold 13 required tests",
    )


def test_no_records_are_said_to_be_none(tmp_path: Path) -> None:
    """An empty folder proves that nobody is hurt by nothing."""
    found = sweep(draft(), None, [tmp_path])
    assert evidence(found) == ("0 results counted: 0 run records, which nobody signed",)
    assert sections(found.programs[0])[0].items == ("no record is about this program",)
    assert "against" not in impact_text(found)


def test_verified_reports_are_said_to_be(tmp_path: Path) -> None:
    """Signed and checked is worth more than found in a folder."""
    key = report(tmp_path / "s.dsse.json", run("s", ALL))
    found = sweep(draft(), previous(), [tmp_path], keys=[key])
    assert "1 signed report verified with the keys given" in evidence(found)


def test_a_readable_guideline() -> None:
    """A vendor reads what to do, capability by capability, with tests, links and history."""
    view = build_view(source(draft()), suite(), [previous()])
    page = checked(guideline_page(view))
    for words in (
        "Guideline 2026.11",
        "This is a draft.",
        "3 tests that must pass, 2 of them among defcore's own tests",
        "Contain the designated code of swift.",
        "defcore certify --cloud NAME",
        "required since 2026.05; 1 test flagged",
        "Needs besides an ordinary account: alt.",
        "Excused since 2026-01-01. D401: slow wait",
        "in no component: not judged",
        "100, needs 74; meets every criterion",
        "proxy (designated): The front.",
        "History from: 2026.05 and 2026.11.",
    ):
        assert words in re.sub(r" ([,.:;)])", r"\1", page.words) or words in page.words, words
    links = [attrs["href"] for tag, attrs in page.tags if tag == "a" and (attrs.get("href") or "").startswith("https")]
    assert links == ["https://docs.example/put"]
    assert guideline_page(view, "2026-11-20") != guideline_page(view) == guideline_page(view)


def test_other_states_of_a_guideline() -> None:
    """An approved one carries no warning, a superseded one says that it no longer counts; nothing may be empty."""
    approved = checked(guideline_page(build_view(source(previous()), {})))
    assert "draft" not in approved.words
    assert "among defcore's own tests" not in approved.words
    old = build_view(source(replace(previous(), status=m.Status.SUPERSEDED)), {})
    assert "superseded" in old.notices[0]
    untested = guideline("2026.11", status=m.Status.REVIEW, put=("required", -1), get=("required",))
    untested = replace(
        untested,
        scoring=m.Scoring(None, ()),
        capabilities=tuple(replace(item, achievements=()) for item in untested.capabilities),
        designated_sections=(),
        replaces=None,
        releases=(),
    )
    parts = tuple(replace(item, designated_sections=()) for item in untested.components)
    host = (m.ComponentRef("os_powered_compute", "other.json"),)
    add_on = replace(untested.programs[0], required_platform_components=host)
    view = build_view(source(replace(untested, components=parts, programs=(add_on,))), {})
    page = checked(guideline_page(view))
    assert "nothing decides: put, get." in page.words
    assert "No code is designated." in page.words
    assert "It also needs os_powered_compute of its host platform." in page.words
    assert "The guideline has no cutoff." in page.words
    assert view.groups[0].capabilities[0].score == ""
    scored = replace(draft(), scoring=m.Scoring(None, draft().scoring.criteria))
    lacking = replace(
        scored, capabilities=tuple(replace(item, achievements=(), score_source="me") for item in scored.capabilities)
    )
    assert build_view(source(lacking), {}).groups[0].capabilities[0].score == "0; not: Documented (source: me)"


def test_the_pack_for_a_meeting(swept: Swept) -> None:
    """Everything that the meeting decides on is on one page, the open questions first."""
    found = pack(
        draft(), diff(previous(), draft()), checked_by(lint(source(draft()), source(previous()))), swept, suite()
    )
    page = checked(notes_page(found))
    titles = [item.title for item in found.chapters]
    assert titles == ["Open questions", "What changes", "What the rules say", "Whom it would touch"]
    for words in (
        "Store: 1 result would turn from pass to fail. Is that meant?",
        "Store: quiet would hurt nobody who passes. Shall it become required?",
        "copy is deprecated. Shall it go next time?",
        "soon reaches the cutoff with 100 and is not required. Does anybody want to promote it?",
        "quiet reaches the cutoff with 100 and is not required. Does anybody want to propose it?",
        "2 tests flagged: which can be lifted",
        "Store: 1 of 3 required tests can only be run with another engine",
        "list is required in store (was advisory)",
    ):
        assert words in page.words, words


def test_questions_about_scores_and_tests(tmp_path: Path) -> None:
    """Each of the three ways to be under the cutoff is another question to the meeting."""
    weights = (m.Criterion("doc", "Doc", "", 70), m.Criterion("sticky", "Sticky", "", 9))
    base = guideline(
        "2026.11",
        status=m.Status.DRAFT,
        admin=("required", 1),
        below=("required", 2),
        never=("required", 3),
        stale=("required", 4),
        home=("none", 5),
        bare=("required", -6),
    )
    fields: dict[str, dict[str, object]] = {
        "admin": {"admin": True},
        "below": {"achievements": ("sticky",)},
        "never": {"achievements": ()},
        "home": {"achievements": ()},
    }
    changed = tuple(replace(item, **fields.get(item.name, {})) for item in base.capabilities)  # type: ignore[arg-type]
    found = replace(base, scoring=m.Scoring(74, weights), capabilities=changed)
    asked = " ".join(line for item in questions(found, None, {}) for line in item.items)
    for words in (
        "admin is required and marked as needing an administrator.",
        "never is required with 0 of 74. It was never scored",
        "stale is required with 70 of 74. It would reach the cutoff with 'sticky'",
        "home is in no component",
        "bare is required and nothing tests it.",
        "No stored results were looked at.",
    ):
        assert words in asked, words
    write(tmp_path / "a.json", run("a", {1: F}))
    asked = " ".join(line for item in questions(found, sweep(found, None, [tmp_path]), {}) for line in item.items)
    assert "Store: 1 required test that nobody passes." in asked
    assert "Store: 3 required tests that no result holds." in asked


def test_a_pack_with_nothing_in_it() -> None:
    """No findings, no changes, no results: each is said, none is left blank."""
    quiet = guideline("2026.05", status=m.Status.APPROVED, put=("required", 1))
    found = pack(quiet, diff(quiet, quiet), checked_by(), None, {uid(1): suite()[uid(1)]})
    leads = [item.lead for item in found.chapters]
    assert leads[2:] == ["No rule is broken.", "No stored results were given, so nobody can say whom this would hurt."]
    bare = replace(quiet, programs=())
    empty = pack(bare, diff(bare, bare), checked_by(), None, {})
    assert "Nothing differs." in checked(notes_page(empty)).words


def test_justified_exceptions_are_read_out() -> None:
    """A meeting that does not see what was passed over cannot take it back."""
    finding = Finding("draft-name", Severity.INFO, "2026.11", "is not next", "f", "$.metadata.id")
    why = Entry(rule="draft-name", subject="2026.11", reason="Named early.", end="2027-05-31")
    found = pack(draft(), diff(previous(), draft()), Outcome((), ((finding, why),)), None, {})
    words = checked(notes_page(found)).words
    assert "No rule is broken." in words
    assert "draft-name: 2026.11: Named early. (until 2027-05-31)" in words


def test_a_diff_as_a_page() -> None:
    """What a meeting looks at on the wall."""
    found = diff(previous(), draft())
    page = checked(diff_page(found))
    assert "From guideline 2026.05 to 2026.11" in page.words
    assert "copy is deprecated in store (was required)" in page.words
    assert notes_markdown(diff_view(found)).startswith("# From guideline 2026.05 to 2026.11")


def test_markdown(swept: Swept) -> None:
    """A pull request shows the same."""
    text = guideline_markdown(build_view(source(draft()), suite(), [previous()]))
    assert f"- It puts. ([API reference](<https://docs.example/put>)) `test_1` `{uid(1)}`" in text
    assert "#### put: required" in text
    notes = notes_markdown(pack(draft(), diff(previous(), draft()), checked_by(), swept, {}))
    assert "### Store (3 required tests)" in notes
    for found in (text, notes):
        html = MarkdownIt().render(found)
        assert "<h1>" in html


def test_hostile_words_stay_words() -> None:
    """A guideline is written by somebody else: its words must not become markup or code."""
    found = draft()
    spoiled = replace(
        found,
        authority=m.Authority(SCRIPT, SCRIPT, SCRIPT, SCRIPT),
        capabilities=tuple(replace(item, description=SCRIPT, project=SCRIPT) for item in found.capabilities),
        programs=tuple(replace(item, description=SCRIPT) for item in found.programs),
    )
    view = build_view(source(spoiled), {}, [previous()])
    checked(guideline_page(view))
    checked(notes_page(pack(spoiled, diff(found, spoiled), checked_by(), None, {})))
    assert "<script" not in MarkdownIt("commonmark", {"html": True}).render(guideline_markdown(view))


def test_the_shipped_guideline_is_readable() -> None:
    """The page that every vendor opens first: all 94 capabilities, all 448 tests of ours with their sentence."""
    view = build_view(resolve("2026.11"), collect(suite_dir()), [])
    page = checked(guideline_page(view))
    assert sum(tag == "article" and attrs["class"] != "program" for tag, attrs in page.tags) == 94
    ours = {test.id for group in view.groups for item in group.capabilities for test in item.tests if test.says}
    assert len(ours) == 448
