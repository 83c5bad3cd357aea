"""Waiting for a state: no longer than needed, and never beyond one that is final."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from defcore.kit.answer import Answer, CheckFailedError
from defcore.kit.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.http import Exchange


def says(exchange: Callable[..., Exchange], *states: str | int) -> Callable[[], Answer]:
    """Give a reader that tells one state after the other, and the last for ever; a number is a status code."""
    left = list(states)

    def read() -> Answer:
        state = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(state, int):
            return Answer(exchange(state))
        return Answer(exchange(200, body=json.dumps({"server": {"status": state}}).encode()))

    return read


def test_it_ends_with_the_state_that_was_wanted(exchange: Callable[..., Exchange]) -> None:
    """A test would look at a server that is not there yet."""
    answer = Waiting().until(says(exchange, "BUILD", "BUILD", "ACTIVE"), "server.status", "ACTIVE")
    assert answer.json() == {"server": {"status": "ACTIVE"}}


def test_a_final_state_ends_it_at_once(exchange: Callable[..., Exchange]) -> None:
    """Five minutes would be lost on each server that the cloud has given up already."""
    began = time.monotonic()
    with pytest.raises(CheckFailedError) as caught:
        Waiting().until(says(exchange, "BUILD", "ERROR"), "server.status", "ACTIVE", "SHUTOFF")
    assert str(caught.value) == "$.server.status: expected ACTIVE or SHUTOFF, got ERROR"
    assert time.monotonic() - began < 2


def test_a_state_that_never_ends_is_the_clouds_failure(exchange: Callable[..., Exchange]) -> None:
    """A server that stays in BUILD for ever would hold the run up, or be called our fault."""
    with pytest.raises(CheckFailedError) as caught:
        Waiting(0.3).until(says(exchange, "BUILD"), "server.status", "ACTIVE")
    assert str(caught.value) == "$.server.status: expected ACTIVE within 0 s, got BUILD"


@pytest.mark.parametrize("body", [b"{}", b'{"server": 1}', b'{"server": {}}', b"[]"])
def test_an_answer_without_a_state_is_the_clouds_failure(exchange: Callable[..., Exchange], body: bytes) -> None:
    """It must not end as a fault of ours."""
    with pytest.raises(CheckFailedError, match="expected a state, got nothing"):
        Waiting().until(lambda: Answer(exchange(200, body=body)), "server.status", "ACTIVE")


def test_the_second_time_it_looks_when_the_state_is_due(exchange: Callable[..., Exchange]) -> None:
    """Each needless look is a request on somebody's cloud."""
    waiting, looks = Waiting(), []
    for _ in range(2):
        began, count = time.monotonic(), 0

        def read(began: float = began) -> Answer:
            nonlocal count
            count += 1
            state = "ACTIVE" if time.monotonic() - began > 0.8 else "BUILD"
            return Answer(exchange(200, body=json.dumps({"server": {"status": state}}).encode()))

        waiting.until(read, "server.status", "ACTIVE")
        looks.append(count)
    assert looks[0] >= 3
    assert looks[1] <= 2


def test_it_ends_when_a_thing_is_gone(exchange: Callable[..., Exchange]) -> None:
    """What was deleted and is still there would be told as gone."""
    Waiting().gone(says(exchange, "ACTIVE", "DELETING", 404), "server.status")
    with pytest.raises(CheckFailedError, match="expected 404 within 0 s of the deletion, got 200"):
        Waiting(0.2).gone(says(exchange, "DELETING"), "server.status")
    with pytest.raises(CheckFailedError, match="expected nothing any more"):
        Waiting().gone(says(exchange, "DELETING", "ERROR"), "server.status")
