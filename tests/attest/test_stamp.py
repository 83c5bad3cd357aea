"""Moments in UTC."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from defcore.attest.stamp import read_stamp, write_stamp
from defcore.errors import InputError

EARLY, LATE = dt.datetime(1000, 1, 2), dt.datetime(9999, 12, 30)  # noqa: DTZ001 - hypothesis adds the zones


@given(some.datetimes(EARLY, LATE, timezones=some.timezones()))
def test_a_moment_survives_being_written(moment: dt.datetime) -> None:
    """Otherwise a report would be scored for another date than it was signed on."""
    assert read_stamp(write_stamp(moment)) == moment.astimezone(dt.UTC)


def test_a_moment_without_a_zone_is_refused() -> None:
    """Otherwise the same clock face would mean another moment on another machine."""
    with pytest.raises(InputError, match="no time zone"):
        write_stamp(dt.datetime(2026, 11, 20))  # noqa: DTZ001


@pytest.mark.parametrize("text", ["2026-02-30T00:00:00Z", "2026-01-01T25:00:00Z", "0000-01-01T00:00:00Z", "now"])
def test_a_moment_that_does_not_exist_is_an_input_error(text: str) -> None:
    """Otherwise an odd time in a report ends in a traceback."""
    with pytest.raises(InputError, match="no time"):
        read_stamp(text)
