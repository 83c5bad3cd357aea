"""One verb checks everything, so a file must be told by its content."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some

from defcore.attest.dispatch import Kind, kind_of

if TYPE_CHECKING:
    from .world import World


def test_every_kind_is_told(world: World) -> None:
    """Otherwise somebody is told that a good file is a forgery of another kind."""
    assert kind_of(world.bundle) is Kind.BUNDLE
    assert kind_of(b"".join(world.lines)) is Kind.TRUST
    assert kind_of(world.lines[0]) is Kind.TRUST
    assert {kind_of(item) for item in (world.approval, world.admission, world.award, world.revocation)} == {Kind.ACT}
    pair = world.house.pair()
    assert {kind_of(item) for item in (pair.full, pair.public)} == {Kind.REPORT}


@pytest.mark.parametrize(
    "value",
    [[], {}, {"format": 1, "trust": 1}, {"payload": 1}, {"payload": "!"}, {"payload": "W10="}, {"payload": "bnVsbA=="}],
)
def test_whatever_is_nothing_else_goes_to_the_reader_of_reports(value: object) -> None:
    """Otherwise a wrong file ends in a traceback in place of a line that says what is wrong with it."""
    assert kind_of(json.dumps(value).encode()) is Kind.REPORT


@given(some.binary(max_size=100))
def test_no_bytes_end_in_a_traceback(data: bytes) -> None:
    """Otherwise a broken file would crash everybody's verifier."""
    assert kind_of(data) in Kind
