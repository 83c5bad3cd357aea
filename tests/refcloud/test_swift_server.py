"""The cache that stands in for memcached in the object store."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from defcore.refcloud.inside import swift_server

if TYPE_CHECKING:
    import pytest


def test_what_is_kept_is_given_until_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, the object store answers from a past that is over, such as a deleted container."""
    cache = swift_server.Cache()
    cache.set("short", [1], time=10)
    cache.set("long", {"a": 1})
    assert cache.get_multi(["short", "long", "none"], "server") == [[1], {"a": 1}, None]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 11)
    assert cache.get("short") is None
    assert cache.get("long") == {"a": 1}


def test_what_is_kept_is_a_copy() -> None:
    """If this fails, a filter that changes what it cached changes what others are given."""
    cache = swift_server.Cache()
    value = {"a": [1]}
    cache.set_multi({"x": value}, "server")
    value["a"].append(2)
    assert cache.get("x") == {"a": [1]}


def test_a_counter_never_falls_below_nothing() -> None:
    """If this fails, rate limits let requests through that they should hold back."""
    cache = swift_server.Cache()
    assert [cache.incr("n"), cache.incr("n", 5), cache.decr("n", 10)] == [1, 6, 0]
    cache.delete("n")
    assert cache.get("n") is None
