"""What the object store tests share, and nobody changes: containers with and without objects, and a large object.

The room is shared in another way: every test may put objects of its own into it, and nobody minds those of others.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from defcore.kit.object_headers import md5

if TYPE_CHECKING:
    from defcore.kit.session import Session

FRUIT = ("apple", "fruit/cherry", "fruit/plum", "pear")
"""The objects of the container ``fruit``, in the order of a listing."""
KIND = "application/x-defcore-fruit"
"""Their content type: none that a cloud would guess."""
LEAST = 1024 * 1024
"""Bytes that a segment must have where a cluster does not announce it."""


def content(name: str, size: int = 1024) -> bytes:
    """Return what the shared object of that name holds: bytes of all kinds, and other ones than any other name's."""
    return hashlib.shake_256(name.encode()).digest(size)


def fruit(session: Session) -> str:
    """Make the container of the objects ``FRUIT``; nobody else's name can fall between its name and its neighbours'."""
    store = session.actor("main").object_store
    container = store.new_container(word="a")
    for name in FRUIT:
        store.new_object(container, name, content(name), {"Content-Type": KIND})
    return container


def containers(session: Session) -> list[str]:
    """Give five containers, in order: the first is ``fruit``, the others are empty."""
    first: str = session.common("fruit")
    store = session.actor("main").object_store
    return [first, *(store.named_container(first[:-1] + letter) for letter in "bcde")]


def room(session: Session) -> str:
    """Make a container in which each test has objects under names of its own."""
    return session.actor("main").object_store.new_container(word="room")


def segment_size(session: Session) -> int:
    """Return how many bytes a segment of ours has: the least that the cluster takes."""
    least: int = session.actor("main").object_store.about().get("slo", {}).get("min_segment_size", LEAST)
    return min(max(least, 1024), LEAST)


def segments(session: Session) -> list[dict[str, Any]]:
    """Store the two segments that manifests list; give what they say of them."""
    return put_segments(session, session.common("room"))


def put_segments(session: Session, container: str) -> list[dict[str, Any]]:
    """Store two segments that differ in a container; give what a manifest says of them."""
    store, size = session.actor("main").object_store, segment_size(session)
    found = []
    for word in ("first", "second"):
        name, data = store.new_object(container, f"{session.name()}/{word}", content(word, size))
        found.append({"path": f"/{container}/{name}", "etag": md5(data), "size_bytes": size})
    return found


def large_object(session: Session) -> dict[str, str]:
    """Store a static large object of the shared segments; give its container and its name."""
    store, container, name = session.actor("main").object_store, session.common("room"), session.name()
    with session.setting_up():
        store.put_object(container, name, manifest(session.common("segments")), multipart_manifest="put").success()
    return {"container": container, "name": name}


def manifest(listed: list[dict[str, Any]]) -> bytes:
    """Write a manifest of segments."""
    return json.dumps(listed).encode()


def joined(listed: list[dict[str, Any]]) -> bytes:
    """Return what a large object of the shared segments holds."""
    return b"".join(content(word, item["size_bytes"]) for word, item in zip(("first", "second"), listed, strict=True))
