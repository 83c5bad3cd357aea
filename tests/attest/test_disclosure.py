"""Opening exchanges: an honest one is shown to belong to the report, and nothing else is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from defcore.attest import disclosure, evidence
from defcore.attest.canonical import canonical
from defcore.errors import DefcoreError, InputError, RefusedError

from .runs import T1, T2, T3, exchange, write_evidence

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from defcore.attest.statement import Evidence
    from defcore.attest.verify import Verification

    from .conftest import Anything, House

COUNTS = {T1: 3, T2: 1, T3: 5}


class Signed(NamedTuple):
    """A run directory, its evidence, and the report on it, verified."""

    run: Path
    evidence: Evidence
    report: Verification

    def value(self, test: str = T1) -> Anything:
        """Open a test: the disclosure as a plain JSON value to tamper with."""
        return json.loads(disclosure.disclose(self.run, test))

    def check(self, value: object) -> disclosure.Disclosed:
        """Check a disclosure in perfect form, whatever is in it."""
        return disclosure.check(canonical(value) + b"\n", self.report, "d.json")

    def refused(self, value: object) -> str:
        """Return the code with which a disclosure is refused."""
        with pytest.raises(RefusedError) as caught:
            self.check(value)
        assert (caught.value.exit_code, caught.value.where) == (1, "d.json")
        return caught.value.code


def signed(house: House, run: Path) -> Signed:
    """Sign a run with evidence."""
    found = evidence.commit(write_evidence(run, COUNTS), COUNTS)
    return Signed(run, found, house.verify(house.report(evidence=found)))


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Signed:
    """Return a signed run with evidence."""
    return signed(house, tmp_path / "run")


@pytest.mark.parametrize("test", COUNTS)
def test_an_honest_disclosure_holds(desk: Signed, test: str) -> None:
    """Otherwise a vendor could not answer a reviewer's question."""
    found = desk.check(desk.value(test))
    assert (found.test, found.exchanges, found.outcome.value) == (test, COUNTS[test], "passed")
    assert desk.value(test)["exchanges"][0]["exchange"] == exchange(test, 1)


def first(value: Anything) -> Anything:
    """Return the first exchange opened."""
    return value["exchanges"][0]


ATTACKS: dict[str, tuple[Callable[[Any], object], str]] = {
    "edited exchange": (lambda d: first(d)["exchange"].update(status=500), "not-in-evidence"),
    "edited deep down": (lambda d: first(d)["exchange"].update(url="https://swift/x"), "not-in-evidence"),
    "added field": (lambda d: first(d)["exchange"].update(note=None), "not-in-evidence"),
    "edited salt": (lambda d: first(d).update(salt="0" * 32), "not-in-evidence"),
    "swapped salts": (lambda d: swap(d, "salt"), "not-in-evidence"),
    "swapped exchanges": (lambda d: swap(d, "exchange"), "not-in-evidence"),
    "reordered": (lambda d: d["exchanges"].reverse(), "not-in-evidence"),
    "first left out": (lambda d: (d["exchanges"].pop(0), d.update(first=d["first"] + 1)), "not-in-evidence"),
    "last left out": (lambda d: d["exchanges"].pop(), "not-in-evidence"),
    "one twice": (lambda d: d["exchanges"].append(d["exchanges"][-1]), "not-in-evidence"),
    "another place": (lambda d: d.update(first=d["first"] + 1), "not-in-evidence"),
    "another test of the report": (lambda d: d.update(test=T2), "not-in-evidence"),
    "a test that the report lacks": (lambda d: d.update(test="9" * 8 + T1[8:]), "other-test"),
    "another root": (lambda d: d.update(root="0" * 64), "other-evidence"),
    "edited proof": (lambda d: first(d)["proof"].reverse(), "not-in-evidence"),
    "shorter proof": (lambda d: first(d)["proof"].pop(), "not-in-evidence"),
    "longer proof": (lambda d: first(d)["proof"].append("0" * 64), "not-in-evidence"),
    "nothing opened": (lambda d: d.update(exchanges=[]), "bad-disclosure"),
    "unknown field": (lambda d: d.update(extra=1), "bad-disclosure"),
    "salt in capitals": (lambda d: first(d).update(salt=first(d)["salt"].upper()[:-1] + "A"), "bad-disclosure"),
    "exchange that is no object": (lambda d: first(d).update(exchange=[]), "bad-disclosure"),
}


def swap(value: Anything, field: str) -> None:
    """Exchange a field of the first two."""
    one, two = value["exchanges"][:2]
    one[field], two[field] = two[field], one[field]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_altered_disclosure_is_refused(desk: Signed, attack: str) -> None:
    """Attack: a vendor shows a reviewer other exchanges than those that it was signed with."""
    change, code = ATTACKS[attack]
    value = desk.value()
    change(value)
    assert desk.refused(value) == code


def test_a_disclosure_of_another_run_is_refused(desk: Signed, house: House, tmp_path: Path) -> None:
    """Attack: a vendor answers with the exchanges of a run that went better."""
    other = signed(house, tmp_path / "other")
    assert desk.refused(other.value()) == "other-evidence"
    assert desk.refused(other.value() | {"root": desk.evidence.root}) == "not-in-evidence"


def test_evidence_that_was_edited_after_signing_is_refused(desk: Signed) -> None:
    """Attack: a vendor mends the evidence in the run directory, and then opens it."""
    path = desk.run / "evidence" / f"{T1}.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"status":200', b'"status":404', 1))
    value = desk.value()
    assert desk.refused(value) == "other-evidence"
    assert desk.refused(value | {"root": desk.evidence.root}) == "not-in-evidence"


def test_swapped_salts_are_refused(desk: Signed) -> None:
    """Attack: with salts of his choice, somebody opens what was never signed."""
    (desk.run / "evidence" / "salts").write_text("00" * 32)
    assert desk.refused(desk.value()) == "other-evidence"
    assert desk.refused(desk.value() | {"root": desk.evidence.root}) == "not-in-evidence"


@settings(max_examples=300, deadline=None)
@given(data=some.data())
def test_random_damage_is_refused(
    house: House, tmp_path_factory: pytest.TempPathFactory, data: some.DataObject
) -> None:
    """Otherwise a disclosure could be altered in some way that nobody thought of, or end in a traceback."""
    place = tmp_path_factory.getbasetemp() / "damaged"
    desk = (
        signed(house, place)
        if not place.exists()
        else Signed(place, found := evidence.commit(place, COUNTS), house.verify(house.report(evidence=found)))
    )
    whole = disclosure.disclose(desk.run, T1)
    at, size = data.draw(some.integers(0, len(whole) - 1)), data.draw(some.integers(0, 3))
    damaged = whole[:at] + data.draw(some.binary(max_size=3)) + whole[at + size :]
    if damaged != whole:
        with pytest.raises(DefcoreError) as caught:
            disclosure.check(damaged, desk.report, "d.json")
        assert caught.value.exit_code in (1, 2)


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data.replace(b"{", b"{ ", 1)])
def test_other_bytes_are_refused(desk: Signed, change: Callable[[bytes], bytes]) -> None:
    """Otherwise two readers could understand one disclosure in two ways."""
    with pytest.raises(RefusedError, match="canonical"):
        disclosure.check(change(disclosure.disclose(desk.run, T1)), desk.report, "d.json")


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"format":"defcore-run/1"}'])
def test_what_is_no_disclosure_is_bad_input(desk: Signed, data: bytes) -> None:
    """Otherwise somebody who names the wrong file is told that it was forged."""
    with pytest.raises(InputError) as caught:
        disclosure.check(data, desk.report, "d.json")
    assert caught.value.exit_code == 2


def test_without_a_root_nothing_can_be_shown(desk: Signed, house: House) -> None:
    """Otherwise exchanges would be called those of a report that is bound to none, or of a public one."""
    data = disclosure.disclose(desk.run, T1)
    for report in (house.report(), house.pair(evidence=desk.evidence).public):
        with pytest.raises(InputError, match="no evidence root"):
            disclosure.check(data, house.verify(report), "d.json")


def test_a_test_without_exchanges_cannot_be_opened(desk: Signed) -> None:
    """Otherwise a slip in an id ends in an empty file that looks like an answer."""
    with pytest.raises(InputError, match="is the id right"):
        disclosure.disclose(desk.run, "9" * 8 + T1[8:])


def test_a_run_that_was_never_signed_cannot_be_opened(tmp_path: Path) -> None:
    """Otherwise a vendor hands on exchanges that no report is bound to."""
    with pytest.raises(InputError, match="sign the run first"):
        disclosure.disclose(write_evidence(tmp_path, COUNTS), T1)


@pytest.mark.parametrize("line", [b"nonsense", b"[1]", b'{"a": 1}', b'{"b":1,"a":1}'])
def test_damaged_evidence_is_not_opened(desk: Signed, line: bytes) -> None:
    """Otherwise a reviewer gets a file that no honest check can accept."""
    path = desk.run / "evidence" / f"{T1}.jsonl"
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(InputError, match=r"line 4 of .* is not an exchange"):
        disclosure.disclose(desk.run, T1)
