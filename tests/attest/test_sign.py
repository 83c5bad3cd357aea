"""Signing: pure, honest about the run, and refusing what could not be verified."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from defcore.errors import InputError
from defcore.run.record import Cloud, Outcome
from defcore.score import KnownGuideline, score
from defcore.score.product import PLACEHOLDER

if TYPE_CHECKING:
    from .conftest import House


def test_signing_is_pure(house: House) -> None:
    """Otherwise nobody could reproduce a report."""
    assert house.report() == house.report()


@given(
    outcomes=some.lists(some.sampled_from(Outcome), min_size=4, max_size=4),
    partial=some.booleans(),
    known=some.booleans(),
)
def test_a_report_says_what_score_says_of_the_run(
    house: House, outcomes: list[Outcome], *, partial: bool, known: bool
) -> None:
    """Otherwise the signed verdict and the printed one would contradict each other."""
    run = house.run_record(dict(zip(house.ids, outcomes, strict=True)), partial=partial)
    others = house.known if known else ()
    card = score(house.source, [run], "cloud-storage", date=house.issued_at.date(), product=house.product, known=others)
    checked = house.verify(house.report(run=run, known=others), known=others)
    assert (checked.card.interop, checked.card.mark, checked.mark) == (card.interop, card.mark, card.mark)
    assert checked.card.tests == card.tests
    assert checked.card.reasons == card.reasons


@pytest.mark.parametrize("word", ["cloud-storage", "Cloud Storage"])
def test_a_program_is_written_by_its_key(house: House, word: str) -> None:
    """Otherwise one program would appear under two names."""
    assert house.statement(house.report(program=word))["predicate"]["program"] == "cloud-storage"


def test_a_component_can_be_a_program(house: House) -> None:
    """Otherwise a component alone could be scored, but not signed."""
    checked = house.verify(house.report(program="other"))
    assert [item.name for item in checked.card.capabilities] == ["rest"]


@pytest.mark.parametrize("more", [{"partial": True, "selection": "one test"}, {"complete": False, "ended": None}])
def test_an_unfinished_run_is_signed_as_one(house: House, more: dict[str, Any]) -> None:
    """Otherwise a vendor could pass off part of a run as the whole."""
    run = house.statement(house.report(run=house.run_record(**more)))["predicate"]["run"]
    assert {name: run[name] for name in more} == more


def test_a_run_without_a_region_is_signed(house: House) -> None:
    """Otherwise a cloud without named regions could not be certified."""
    run = house.run_record(cloud=Cloud(name="c", auth_url="https://id"))
    assert house.statement(house.report(run=run))["predicate"]["target"]["regions"] == []


def test_a_description_with_gaps_is_refused(house: House) -> None:
    """Otherwise reports would be about ``CHANGE ME``."""
    with pytest.raises(InputError, match=r"not filled in: version"):
        house.report(product=house.described(version=PLACEHOLDER))


def test_an_unknown_program_is_refused(house: House) -> None:
    """Otherwise a typo would end in a report about nothing."""
    with pytest.raises(InputError, match="one of: cloud-storage"):
        house.report(program="cloud-storag")


def test_a_run_with_a_test_twice_is_refused(house: House) -> None:
    """Otherwise the better of two results would be signed."""
    run = house.run.model_copy(update={"results": (*house.run.results, house.run.results[0])})
    with pytest.raises(InputError, match="two results for test 11111111"):
        house.report(run=run)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"ended": "2026-11-20T09:31:00Z"}, "signed-too-early"),
        ({"ended": "2026-11-20T08:00:00Z"}, "bad-run-times"),
        ({"ended": None}, "bad-run-times"),
        ({"started": "2026-02-30T00:00:00Z"}, "bad-time"),
    ],
)
def test_a_run_with_impossible_times_is_refused(house: House, more: dict[str, Any], code: str) -> None:
    """Otherwise we would sign what our own verifier refuses."""
    with pytest.raises(InputError) as caught:
        house.report(run=house.run_record(**more))
    assert caught.value.code == code


def test_a_time_without_a_zone_is_refused(house: House) -> None:
    """Otherwise the date of the verdict would depend on the machine."""
    with pytest.raises(InputError, match="no time zone"):
        house.report(issued_at=dt.datetime(2026, 11, 20))  # noqa: DTZ001


@pytest.mark.parametrize(
    "url", ["https://me:pw@swift/v1", "https://swift/v1?token=x", "https://swift/v1#x", "https://[swift"]
)
def test_an_endpoint_that_carries_a_secret_is_refused(house: House, url: str) -> None:
    """Otherwise a password in a catalogue would be published, signed, for ever."""
    run = house.run_record(cloud=Cloud(name="c", auth_url="https://id", catalogue={"object-store": url}))
    with pytest.raises(InputError, match="endpoint of object-store") as caught:
        house.report(run=run)
    assert url not in str(caught.value)


def test_the_guidelines_known_are_written_in_one_order(house: House) -> None:
    """Otherwise the same report would have two digests."""
    other = KnownGuideline("2020.06", house.known[0].status, "b" * 64)
    one, two = (house.report(known=known) for known in ([*house.known, other], [other, *house.known, other]))
    assert one == two
