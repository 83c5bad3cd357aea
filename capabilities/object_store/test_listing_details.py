"""What listings tell of each container and object, by which names, in which order and on which page.

https://docs.openstack.org/api-ref/object-store/#show-account-details-and-list-containers and
https://docs.openstack.org/api-ref/object-store/#show-container-details-and-list-objects
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from defcore.kit import Answer, Change, Maybe, ObjectStore, Session, api_test, replaced, without
from defcore.kit.match import count, iso_time
from defcore.kit.object_common import FRUIT, KIND, content
from defcore.kit.object_headers import JSON, PLAIN, md5

if TYPE_CHECKING:
    from collections.abc import Callable

ACCOUNT = "GET /v1/{account}"
CONTAINER = "GET /v1/{account}/{container}"
HEAD = "HEAD /v1/{account}"
REFERENCE = "https://docs.openstack.org/api-ref/object-store/#show-account-details-and-list-containers"
OBJECTS = "https://docs.openstack.org/api-ref/object-store/#show-container-details-and-list-objects"
END = "é漢ß"
"""Characters of two, three and two bytes: what a name ends with."""


def with_stranger(body: bytes) -> bytes:
    """Add a container that nobody asked for to a JSON listing."""
    items = json.loads(body)
    return json.dumps([*items, items[0] | {"name": "somebody-elses"}]).encode()


def told(name: str) -> dict[str, Any]:
    """Return what a listing tells of one of the shared objects."""
    data = content(name)
    known = {"name": name, "hash": md5(data), "bytes": len(data), "content_type": KIND}
    return known | {"last_modified": iso_time}


@api_test(
    "d932521f-7537-46aa-9344-802b4d7af625",
    service="object-store",
    creates={},
    uses=("fruit",),
    reference=OBJECTS,
    fails_if=Change(on=CONTAINER, body=replaced('"bytes": 1024', '"bytes": 1023')),
)
def test_json_listing_describes_each_object(store: ObjectStore, session: Session) -> None:
    """A JSON listing describes each object as it was stored, and a prefix, a delimiter and pages choose among them."""
    container = session.common("fruit")
    size = sum(len(content(name)) for name in FRUIT)

    def lists(expected: list[Any], **query: str) -> None:
        def listed() -> Answer:
            answer = store.get_container(container, format="json", **query).status(200).check(store.usual_headers)
            answer.header("Content-Type", JSON).header("Accept-Ranges", "bytes")
            answer.header("X-Container-Object-Count", str(len(FRUIT))).header("X-Container-Bytes-Used", str(size))
            return answer.shape(expected)

        session.settle(listed)

    apple, cherry, plum, pear = (told(name) for name in FRUIT)
    lists([apple, cherry, plum, pear])
    lists([apple, {"subdir": "fruit/"}, pear], delimiter="/")
    lists([cherry, plum], prefix="fruit/", delimiter="/")
    lists([apple, cherry], limit="2")
    lists([plum, pear], limit="2", marker=FRUIT[1])
    lists([], marker=FRUIT[3])


@api_test(
    "963b242e-8486-4216-9e02-a6a181de911e",
    service="object-store",
    creates={},
    uses=("fruit", "containers"),
    reference=REFERENCE,
    fails_if=Change(on=ACCOUNT, body=with_stranger),
)
def test_json_listing_describes_each_container(store: ObjectStore, session: Session) -> None:
    """A JSON listing describes each container, with a prefix no other one, and pages join without gap or repeat."""
    ours = session.common("containers")
    common = ours[0][:-1]

    def lists(expected: list[str], **query: str) -> None:
        item = {"count": count, "bytes": count, "last_modified": Maybe(iso_time)}

        def listed() -> Answer:
            answer = store.get_account(format="json", prefix=common, **query).status(200).check(store.usual_headers)
            return answer.header("Content-Type", JSON).shape([{"name": name, **item} for name in expected])

        session.settle(listed)

    lists(ours[:2], limit="2")
    lists(ours[2:4], limit="2", marker=ours[1])
    lists(ours[4:], limit="2", marker=ours[3])


@api_test(
    "bfe86b10-2884-44c5-b0e9-27d3432d4be1",
    service="object-store",
    creates={"container": 1, "object": 1},
    reference=OBJECTS,
    fails_if=Change(on=CONTAINER, body=without("ß")),
)
def test_names_beyond_ascii(store: ObjectStore, session: Session) -> None:
    """Containers and objects whose names are not ASCII are listed under exactly these names, as lines and as JSON."""
    container = f"{session.name()}-{END}"
    name, data = f"{END}/{session.name()} {END}", content(END)
    store.put_container(container).status(201)
    store.put_object(container, name, data).status(201).header("ETag", md5(data))

    def both(listed: Callable[..., Answer], expected: str) -> None:
        session.settle(lambda: listed().status(200).header("Content-Type", PLAIN).listing([expected]))
        session.settle(
            lambda: listed(format="json").status(200).header("Content-Type", JSON).shape([{"name": expected}])
        )

    both(partial(store.get_account, prefix=container), container)
    both(partial(store.get_container, container), name)
    store.get_object(container, name).status(200).header("ETag", md5(data)).body(data)


@api_test(
    "59e28502-46c1-42f0-a042-5e4d4bf74973",
    service="object-store",
    creates={},
    reference=REFERENCE,
    needs=("empty",),
    fails_if=Change(on=HEAD, header=("X-Account-Container-Count", "1")),
)
def test_empty_account_counts_nothing(empty: ObjectStore) -> None:
    """An account in which nothing was ever stored counts no container, object or byte; its JSON listing is empty."""
    listing = empty.get_account(format="json").status(200).header("Content-Type", JSON).shape([])
    for answer in (listing, empty.get_account().status(200, 204).listing([]), empty.head_account().success()):
        for figure in ("Container-Count", "Object-Count", "Bytes-Used"):
            answer.header(f"X-Account-{figure}", "0")
