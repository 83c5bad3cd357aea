"""Show container details and list objects.

https://docs.openstack.org/api-ref/object-store/#show-container-details-and-list-objects
"""

from __future__ import annotations

from defcore.kit import (
    Answer,
    Change,
    ObjectStore,
    Session,
    api_test,
    replaced,
    with_line,
    without_last_line,
    without_lines,
)
from defcore.kit.match import Each, anything, count, iso_time, nonempty, text_like
from defcore.kit.object_common import FRUIT
from defcore.kit.object_headers import metadata

LIST = "GET /v1/{account}/{container}"
HEAD = "HEAD /v1/{account}/{container}"
REFERENCE = "https://docs.openstack.org/api-ref/object-store/#show-container-details-and-list-objects"
SHOW = "https://docs.openstack.org/api-ref/object-store/#show-container-metadata"
OBJECTS = list(FRUIT)


def lists(store: ObjectStore, session: Session, expected: list[str], **query: str) -> Answer:
    """Require that the listing of the four objects gives exactly these, in order, and the usual headers."""
    container = session.common("fruit")

    def listed() -> Answer:
        answer = store.get_container(container, **query).status(200, 204)
        return answer.check(store.usual_headers).listing(expected)

    return session.settle(listed)


@api_test(
    "312ff6bd-5290-497f-bda1-7c5fec6697ab",
    service="object-store",
    creates={},
    uses=("fruit",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=without_last_line),
)
def test_list_objects(store: ObjectStore, session: Session) -> None:
    """The listing of a container names all its objects in order, each on a line of its own."""
    lists(store, session, OBJECTS)


@api_test(
    "4646ac2d-9bfb-4c7d-a3c5-0f527402b3df",
    service="object-store",
    creates={},
    uses=("containers",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_line("plum")),
)
def test_list_no_objects(store: ObjectStore, session: Session) -> None:
    """The listing of a container without objects is empty."""
    container = session.common("containers")[1]
    store.get_container(container).status(200, 204).check(store.usual_headers).listing([])


@api_test(
    "58ca6cc9-6af0-408d-aaec-2a6a7b2f0df9",
    service="object-store",
    creates={},
    uses=("fruit",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_line("pear")),
)
def test_list_objects_of_path(store: ObjectStore, session: Session) -> None:
    """With a path, the listing of a container names only the objects in that pseudo-directory."""
    lists(store, session, ["fruit/cherry", "fruit/plum"], path="fruit")


@api_test(
    "fe323a32-57b9-4704-a996-2e68f83b09bc",
    service="object-store",
    creates={},
    uses=("fruit",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=without_lines("^fruit/$")),
)
def test_list_objects_with_delimiter(store: ObjectStore, session: Session) -> None:
    """With a delimiter, the listing of a container rolls up names that share what comes before it."""
    lists(store, session, ["apple", "fruit/", "pear"], delimiter="/")


@api_test(
    "55b4fa5c-e12e-4ca9-8fcf-a79afe118522",
    service="object-store",
    creates={},
    uses=("fruit",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_line("pear")),
)
def test_list_objects_with_end_marker(store: ObjectStore, session: Session) -> None:
    """With an end marker, the listing of a container names only the objects before it."""
    lists(store, session, OBJECTS[:3], end_marker="fruit/plumzzzz")


@api_test(
    "196f5034-6ab0-4032-9da9-a937bbb9fba9",
    service="object-store",
    creates={},
    uses=("fruit",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=replaced('"hash"', '"checksum"')),
)
def test_list_objects_as_json(store: ObjectStore, session: Session) -> None:
    """With format=json, each object of a listing comes with name, hash, bytes, content type and time of change."""
    container = session.common("fruit")
    member = dict.fromkeys(("name", "hash", "bytes", "content_type", "last_modified"), anything)

    def listed() -> Answer:
        answer = store.get_container(container, format="json").status(200, 204).check(store.usual_headers)
        answer.shape(Each(member, least=1))
        return answer.require("$[*].name", OBJECTS, [item["name"] for item in answer.json()])

    answer = session.settle(listed)
    typed = {"hash": text_like("an MD5 sum", "[0-9a-f]{32}"), "bytes": count, "content_type": nonempty}
    session.advise(lambda: answer.shape(Each({**typed, "last_modified": iso_time})))


@api_test(
    "297ec38b-2b61-4ff4-bcd1-7fa055e97b61",
    service="object-store",
    creates={},
    uses=("fruit",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_line("fruit/plum")),
)
def test_list_objects_with_limit(store: ObjectStore, session: Session) -> None:
    """With a limit, the listing of a container names the first so many objects."""
    lists(store, session, OBJECTS[:2], limit="2")


@api_test(
    "c31ddc63-2a58-4f6b-b25c-94d2937e6867",
    service="object-store",
    creates={},
    uses=("fruit",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_line("apple")),
)
def test_list_objects_with_marker(store: ObjectStore, session: Session) -> None:
    """With a marker, the listing of a container names only the objects after it."""
    lists(store, session, OBJECTS[1:], marker="apricot")


@api_test(
    "77e742c7-caf2-4ec9-8aa4-f7d509a3344c",
    service="object-store",
    creates={},
    uses=("fruit",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_line("apple")),
)
def test_list_objects_with_prefix(store: ObjectStore, session: Session) -> None:
    """With a prefix, the listing of a container names only the objects whose names begin with it."""
    lists(store, session, ["fruit/plum"], prefix="fruit/p")


@api_test(
    "96e68f0e-19ec-4aa2-86f3-adc6a45e14dd",
    service="object-store",
    reference=SHOW,
    fails_if=Change(on=HEAD, header=("X-Container-Meta-Name", "orchard")),
)
def test_show_container_metadata(store: ObjectStore, session: Session) -> None:
    """A container shows the metadata that its owner gave it."""
    container = store.new_container()
    store.post_container(container, {"X-Container-Meta-Name": "basket"}).status(204)

    def shown() -> Answer:
        answer = store.head_container(container).status(204).check(store.usual_headers)
        return answer.header("X-Container-Meta-Name", "basket")

    session.settle(shown)


@api_test(
    "a2faf936-6b13-4f8d-92a2-c2278355821e",
    service="object-store",
    creates={},
    uses=("containers",),
    reference=SHOW,
    fails_if=Change(on=HEAD, header=("X-Container-Meta-Colour", "blue")),
)
def test_show_container_without_metadata(store: ObjectStore, session: Session) -> None:
    """A container to which nobody gave metadata shows its usual headers, and none of metadata."""
    container = session.common("containers")[1]
    answer = store.head_container(container).status(204).check(store.usual_headers)
    answer.require("headers X-Container-Meta-*", [], metadata(answer, "X-Container-Meta-"))
