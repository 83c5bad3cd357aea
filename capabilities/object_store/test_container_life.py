"""What becomes of a container: made, changed, and deleted. https://docs.openstack.org/api-ref/object-store/#containers"""

from __future__ import annotations

from defcore.kit import Answer, Change, ObjectStore, Only, Session, api_test
from defcore.kit.object_headers import check_text, own

HEAD = "HEAD /v1/{account}/{container}"
DELETE = "DELETE /v1/{account}/{container}"
META = "X-Container-Meta-"
FIGURES = {"X-Container-Object-Count": "0", "X-Container-Bytes-Used": "0", "Accept-Ranges": "bytes"}


@api_test(
    "c255ace7-a862-4147-8f7f-8b92c29eae5e",
    service="object-store",
    creates={"container": 1},
    reference="https://docs.openstack.org/api-ref/object-store/#delete-container",
    fails_if=Change(on=HEAD, nth=2, status=204),
)
def test_deleted_container_is_gone(store: ObjectStore, session: Session) -> None:
    """A container that was made is found and listed, and after its deletion no operation knows it any more."""
    name = session.name()
    store.put_container(name).status(201).check(check_text)
    session.settle(lambda: store.head_container(name).status(204))
    session.settle(lambda: store.get_account(prefix=name).status(200).listing([name]))
    store.delete_container(name).status(204)
    session.settle(lambda: store.head_container(name).status(404))
    session.settle(lambda: store.get_container(name).status(404))
    session.settle(lambda: store.get_account(prefix=name).status(200, 204).listing([]))
    store.delete_container(name).status(404)
    store.put_object(name, session.name()).status(404)


@api_test(
    "bdb5e097-22ac-4b53-ad3b-84dbffc61fe8",
    service="object-store",
    creates={"container": 1, "object": 1},
    reference="https://docs.openstack.org/api-ref/object-store/#delete-container",
    fails_if=Change(on=DELETE, status=204),
)
def test_container_with_objects_is_not_deleted(store: ObjectStore, session: Session) -> None:
    """The deletion of a container that has an object is a conflict and changes nothing; once it is empty it is done."""
    container = store.new_container()
    name, data = store.new_object(container)
    session.settle(lambda: store.head_container(container).status(204).header("X-Container-Object-Count", "1"))
    store.delete_container(container).status(409)
    session.settle(lambda: store.get_container(container).status(200).listing([name]))
    store.get_object(container, name).status(200).body(data)
    store.delete_object(container, name).status(204)
    session.settle(lambda: store.delete_container(container).status(204))
    session.settle(lambda: store.get_container(container).status(404))


@api_test(
    "5db815fc-e20b-4683-bd47-c31e4dea49ec",
    service="object-store",
    creates={"container": 1},
    reference="https://docs.openstack.org/api-ref/object-store/#create-update-or-delete-container-metadata",
    fails_if=Change(on=HEAD, nth=3, header=("X-Container-Meta-Colour", "blue")),
)
def test_container_shows_what_was_set_last(store: ObjectStore, session: Session) -> None:
    """A container shows exactly the metadata and rights that were set, by PUT or POST, and keeps what is not named."""
    name, friends = session.name(), store.grantee

    def shows(write: str | None, **expected: str) -> Answer:
        answer = store.head_container(name).status(204).check(store.usual_headers)
        answer.require("headers X-Container-Meta-*", Only(expected), own(answer, META))
        answer.header("X-Container-Read", friends).header("X-Container-Write", write)
        for header, value in FIGURES.items():
            answer.header(header, value)
        return answer

    first = {f"{META}Colour": "blue", f"{META}Taste": "sweet", "X-Container-Read": friends}
    store.put_container(name, first).status(201)
    session.settle(lambda: shows(None, colour="blue", taste="sweet"))
    changes = {f"{META}Colour": "green", f"{META}Shape": "round", "X-Remove-Container-Meta-Taste": "x"}
    store.post_container(name, changes | {"X-Container-Write": friends}).status(204).check(check_text)
    session.settle(lambda: shows(friends, colour="green", shape="round"))
    store.put_container(name, {f"{META}Colour": "red"}).status(202).check(check_text)
    session.settle(lambda: shows(friends, colour="red", shape="round"))
    store.post_container(name, {"X-Remove-Container-Write": "x"}).status(204)
    session.settle(lambda: shows(None, colour="red", shape="round"))

    def listed() -> Answer:
        answer = store.get_container(name).status(200, 204).check(store.usual_headers).listing([])
        kept = Only({"colour": "red", "shape": "round"})
        return answer.require("headers X-Container-Meta-*", kept, own(answer, META))

    session.settle(listed)
