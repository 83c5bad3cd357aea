"""The mark: every condition, every reason, and which outweighs which."""

from __future__ import annotations

from typing import Any

import pytest

from defcore.guideline.model import Status
from defcore.score import KnownGuideline, Mark, required_sections
from defcore.score.product import Containment, Declaration, Product

from .builders import DIGEST, E, F, P, codes, component, guideline, judge, program, run, t

CONTAINED, MODIFIED, ABSENT = Containment


def declared(*words: tuple[str, Containment]) -> tuple[Declaration, ...]:
    """Return declarations."""
    return tuple(Declaration(section=section, containment=word) for section, word in words)


def product(**fields: Any) -> Product:  # noqa: ANN401 - of the product
    """Return a product that contains what is asked for."""
    values: dict[str, Any] = {
        "vendor": "v",
        "product": "p",
        "version": "1",
        "release": "2026.1",
        "declarations": declared(("swift", CONTAINED), ("keystone", CONTAINED)),
    }
    return Product(**(values | fields))


def source(**fields: Any) -> Any:  # noqa: ANN401 - handed on
    """Return an approved guideline that wants swift and keystone."""
    return guideline({"a": [t(1)]}, component("x", "swift", "keystone", required="a"), **fields)


def known(*words: str) -> tuple[KnownGuideline, ...]:
    """Return known guidelines out of ``ID:STATUS:DIGEST``."""
    parts = [word.split(":") for word in words]
    return tuple(KnownGuideline(name, Status(status), digest * 32) for name, status, digest in parts)


def test_eligible_when_all_is_met() -> None:
    """The one way to the mark; if it closed, no product could have one."""
    card = judge(source(), run(P), product=product())
    assert (card.mark, codes(card, "mark")) == (Mark.ELIGIBLE, ["all-met"])


@pytest.mark.parametrize(
    ("fields", "mark", "code", "words"),
    [
        ({"release": "2019.1"}, "not-eligible", "release-not-covered", "covers (2026.1, Gazpacho)"),
        ({"release": "CHANGE ME"}, "not-eligible", "release-not-covered", "'CHANGE ME'"),
        (
            {"declarations": declared(("swift", CONTAINED))},
            "undetermined",
            "section-undeclared",
            "nothing is declared about the designated section keystone",
        ),
        (
            {"declarations": declared(("swift", MODIFIED), ("keystone", CONTAINED))},
            "not-eligible",
            "section-not-contained",
            "designated section swift is modified",
        ),
        (
            {"declarations": declared(("swift", ABSENT), ("keystone", CONTAINED))},
            "not-eligible",
            "section-not-contained",
            "designated section swift is absent",
        ),
        (
            {"declarations": declared(("swift", ABSENT), ("swift", CONTAINED), ("keystone", CONTAINED))},
            "not-eligible",
            "section-not-contained",
            "swift is absent",
        ),
        (
            {"declarations": declared(("swift", CONTAINED), ("swift", ABSENT), ("keystone", CONTAINED))},
            "not-eligible",
            "section-not-contained",
            "swift is absent",
        ),
    ],
)
def test_what_the_product_lacks(fields: dict[str, Any], mark: str, code: str, words: str) -> None:
    """The mark is given to a product that contains the code, for a release that the guideline covers."""
    card = judge(source(), run(P), product=product(**fields))
    assert (card.mark, codes(card, "mark")) == (mark, [code])
    assert words in card.reasons[-1].message


@pytest.mark.parametrize("release", ["2026.1", " gazpacho ", "GAZPACHO"])
def test_a_release_in_any_spelling(release: str) -> None:
    """A capital letter is no reason to refuse a product."""
    assert judge(source(), run(P), product=product(release=release)).mark is Mark.ELIGIBLE


def test_more_declarations_than_asked_for_do_no_harm() -> None:
    """A vendor may say that its dashboard is its own: nobody asked for that section."""
    more = (*product().declarations, *declared(("horizon", ABSENT)))
    assert judge(source(), run(P), product=product(declarations=more)).mark is Mark.ELIGIBLE


def test_no_product_leaves_it_open() -> None:
    """A run is of a cloud; only a product can have a mark."""
    card = judge(source(), run(P))
    assert (card.mark, codes(card, "mark")) == (Mark.UNDETERMINED, ["no-product"])


@pytest.mark.parametrize(
    ("outcome", "mark", "code"), [(F, "not-eligible", "interop-fail"), (E, "undetermined", "interop-untested")]
)
def test_the_interop_verdict_comes_first(outcome: Any, mark: str, code: str) -> None:  # noqa: ANN401 - an outcome
    """No declaration makes up for a test that did not pass."""
    card = judge(source(), run(outcome), product=product())
    assert (card.mark, codes(card, "mark")) == (mark, [code])


@pytest.mark.parametrize(
    ("status", "mark", "code", "words"),
    [
        ("draft", "undetermined", "not-approved", "guideline 2026.11 is a draft, nobody has approved it"),
        ("review", "undetermined", "not-approved", "guideline 2026.11 has the status review, nobody has approved it"),
        ("advisory", "undetermined", "not-approved", "has the status advisory"),
        ("superseded", "not-eligible", "superseded", "guideline 2026.11 is superseded"),
    ],
)
def test_the_guideline_must_be_approved(status: str, mark: str, code: str, words: str) -> None:
    """A draft may still change; a mark by it would be a promise that nobody gave."""
    card = judge(source(status=Status(status)), run(P), product=product())
    assert (card.mark, codes(card, "mark")) == (mark, [code])
    assert words in card.reasons[-1].message


HERE = "2026.11:approved:ab"


@pytest.mark.parametrize(
    ("words", "mark", "code"),
    [
        ((HERE,), "eligible", "all-met"),
        ((HERE, "2026.05:approved:01", "2025.11:approved:02"), "eligible", "all-met"),
        (("2027.05:approved:03", HERE, "2026.05:approved:01"), "eligible", "all-met"),
        (("2027.05:approved:03", "2027.11:draft:04", "2028.05:superseded:05", HERE), "eligible", "all-met"),
        (("2027.05:approved:03", "2027.05:approved:03", HERE), "eligible", "all-met"),
        (("2027.05:approved:03", "2027.11:approved:04", HERE), "not-eligible", "too-old"),
        ((), "undetermined", "not-known"),
        (("2026.05:approved:01",), "undetermined", "not-known"),
        (("2026.11:draft:ab",), "undetermined", "not-known"),
        (("2026.11:approved:ff",), "undetermined", "other-bytes"),
        (("2026.11:draft:ff",), "undetermined", "other-bytes"),
        ((HERE, "2026.11:approved:ff"), "undetermined", "other-bytes"),
    ],
)
def test_an_approved_guideline_must_be_a_known_one_and_of_the_two_latest(
    words: tuple[str, ...], mark: str, code: str
) -> None:
    """A file that calls itself approved is no approval, and an old one no longer counts (C6)."""
    assert DIGEST == "ab" * 32
    card = judge(source(), run(P), product=product(), known=known(*words))
    assert (card.mark, codes(card, "mark")) == (mark, [code])


def test_too_old_names_the_two_that_count() -> None:
    """Who is refused must learn by which guideline to try again."""
    card = judge(source(), run(P), product=product(), known=known("2027.05:approved:03", "2027.11:approved:04", HERE))
    assert card.reasons[-1].message == "only 2027.05 and 2027.11 count now, the two latest approved guidelines"


def test_a_known_no_outweighs_an_unknown() -> None:
    """Leaving it open would give hope to a product that is refused already; every reason is told all the same."""
    card = judge(
        source(status=Status.DRAFT), run(E), product=product(release="x", declarations=declared(("swift", ABSENT)))
    )
    assert card.mark is Mark.NOT_ELIGIBLE
    assert codes(card, "mark") == [
        "interop-untested",
        "not-approved",
        "release-not-covered",
        "section-not-contained",
        "section-undeclared",
    ]


def test_required_sections_of_all_components_once() -> None:
    """``product init`` asks the vendor about these: one left out could never be declared."""
    parts = (component("x", "swift", "keystone"), component("y", "keystone", "nova"))
    programs = (program("Both", "x", "y"), program("Add", "y", host=("x",)), program("Far", "far"))
    found = guideline({}, *parts, programs=programs).guideline
    assert [required_sections(found, item) for item in programs] == [
        ("swift", "keystone", "nova"),
        ("keystone", "nova", "swift"),
        (),
    ]


def test_known_guideline_of_a_file() -> None:
    """What stands on the shelf must be known by the digest of its bytes."""
    assert KnownGuideline.of(source()) == KnownGuideline("2026.11", Status.APPROVED, DIGEST)
