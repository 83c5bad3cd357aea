"""What the object store tests share: objects that are told apart, and a large object that is their sum."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from defcore.kit.commons import COMMONS
from defcore.kit.object_common import FRUIT, LEAST, content, joined, manifest, segment_size

if TYPE_CHECKING:
    from defcore.kit.session import Session


def test_contents_differ() -> None:
    """An object of another name, or one that was cut off, would be taken for the right one."""
    assert len({content(name) for name in FRUIT}) == len(FRUIT)
    assert content("apple") == content("apple")
    assert [len(content("apple", size)) for size in (1, 2000)] == [1, 2000]


def test_names_are_in_the_order_of_a_listing() -> None:
    """Listings are compared with this order, which is that of the names' bytes."""
    assert list(FRUIT) == sorted(FRUIT, key=str.encode)


@pytest.mark.parametrize(
    ("told", "size"),
    [({}, LEAST), ({"slo": {"min_segment_size": 1}}, 1024), ({"slo": {"min_segment_size": 2**30}}, LEAST)],
)
def test_segments_have_the_least_size(
    session: Session, monkeypatch: pytest.MonkeyPatch, told: dict[str, object], size: int
) -> None:
    """Smaller segments are refused, and larger ones cost a vendor's traffic."""

    class Store:
        @staticmethod
        def about() -> dict[str, object]:
            return told

    monkeypatch.setitem(session.actor("main").__dict__, "object_store", Store())
    assert segment_size(session) == size


def test_a_large_object_is_its_segments_in_order() -> None:
    """Two segments that were alike would hide that a cloud joins them in the wrong order."""
    listed = [{"path": f"/room/{word}", "etag": word, "size_bytes": 3} for word in ("first", "second")]
    assert joined(listed) == content("first", 3) + content("second", 3) != content("second", 3) + content("first", 3)
    assert json.loads(manifest(listed)) == listed


def test_what_is_needed_is_declared() -> None:
    """What a common thing is made of would be missing from the forecast of a run, and from its quotas."""
    assert COMMONS["containers"].uses == ("fruit",)
    assert (COMMONS["segments"].uses, COMMONS["large-object"].uses) == (("room",), ("segments",))
