"""Random damage to a signed report: it never verifies, and never ends in a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from defcore.attest import keys
from defcore.attest.verify import verify
from defcore.errors import DefcoreError

if TYPE_CHECKING:
    from .conftest import House


def refuse(house: House, damaged: bytes) -> None:
    """Show that damaged bytes are refused in one line."""
    with pytest.raises(DefcoreError) as caught:
        house.verify(damaged)
    assert caught.value.exit_code in (1, 2)
    assert "\n" not in str(caught.value)


def test_every_byte_counts(house: House) -> None:
    """Otherwise some byte of a report could be changed unnoticed: white space, keyid, base64 tail bits."""
    pair = house.pair()
    for report in (pair.full, pair.public):
        for at in range(len(report)):
            refuse(house, report[:at] + bytes([report[at] ^ 1]) + report[at + 1 :])


def test_every_byte_of_a_p256_signature_counts(house: House) -> None:
    """Otherwise DER could be written in a second way, and a report would have two digests."""
    key = keys.generate("p256")
    report = house.report(key=key)
    assert verify(report, [key.public])
    for at in range(report.index(b'"signatures"'), len(report)):
        for bit in (1, 2, 32):
            with pytest.raises(DefcoreError):
                verify(report[:at] + bytes([report[at] ^ bit]) + report[at + 1 :], [key.public])


@settings(max_examples=1000, deadline=None)
@given(some.data())
def test_random_damage_is_refused(house: House, data: some.DataObject) -> None:
    """Otherwise a report could be altered in some way that nobody thought of."""
    report = data.draw(some.sampled_from([house.signed, house.published]))
    at = data.draw(some.integers(0, len(report) - 1))
    kind = data.draw(some.sampled_from(["change", "insert", "delete", "cut", "swap"]))
    size = data.draw(some.integers(1, 20))
    end = min(at + size, len(report))
    other = data.draw(some.integers(0, len(report) - 1))
    if kind == "change":
        damaged = report[:at] + data.draw(some.binary(min_size=end - at, max_size=end - at)) + report[end:]
    elif kind == "insert":
        damaged = report[:at] + data.draw(some.binary(min_size=1, max_size=20)) + report[at:]
    elif kind == "delete":
        damaged = report[:at] + report[end:]
    elif kind == "cut":
        damaged = report[:at]
    else:
        low, high = sorted((at, other))
        damaged = report[:low] + report[high:] + report[low:high]
    if damaged != report:
        refuse(house, damaged)


@settings(max_examples=300, deadline=None)
@given(some.binary(max_size=200))
def test_no_bytes_at_all_are_a_report(house: House, data: bytes) -> None:
    """Otherwise a wrong file ends in a traceback."""
    refuse(house, data)


@settings(max_examples=300, deadline=None)
@given(some.data())
def test_no_signed_nonsense_ends_in_a_traceback(house: House, data: some.DataObject) -> None:
    """Otherwise the holder of a good key could crash the verifiers of others with a well-signed payload."""
    junk: some.SearchStrategy[object] = (
        some.none()
        | some.booleans()
        | some.integers(-3, 3)
        | some.text(max_size=5)
        | some.builds(list)
        | some.builds(dict)
    )

    def replace(value: object, depth: int) -> object:
        if depth == 0 or not value or not isinstance(value, dict | list):
            return data.draw(junk)
        if isinstance(value, dict):
            name = data.draw(some.sampled_from(sorted(value)))
            return value | {name: replace(value[name], depth - 1)}
        index = data.draw(some.integers(0, len(value) - 1))
        return [*value[:index], replace(value[index], depth - 1), *value[index + 1 :]]

    statement = house.statement(data.draw(some.sampled_from([house.signed, house.published])))
    changed = replace(statement, data.draw(some.integers(1, 5)))
    try:
        house.verify(house.resign(changed))
    except DefcoreError as error:
        assert error.exit_code == 1  # noqa: PT017
