"""Create, update or delete container metadata.

https://docs.openstack.org/api-ref/object-store/#create-update-or-delete-container-metadata
"""

from __future__ import annotations

from defcore.kit import Answer, Change, ObjectStore, Session, api_test

HEAD = "HEAD /v1/{account}/{container}"
REFERENCE = "https://docs.openstack.org/api-ref/object-store/#create-update-or-delete-container-metadata"
COLOUR, TASTE = "X-Container-Meta-Colour", "X-Container-Meta-Taste"
NO_COLOUR = "X-Remove-Container-Meta-Colour"


def shows(store: ObjectStore, session: Session, container: str, **expected: str | None) -> Answer:
    """Require that the container shows these items of metadata; None: does not show it."""

    def shown() -> Answer:
        answer = store.head_container(container).status(204)
        for item, value in expected.items():
            answer.header(f"X-Container-Meta-{item.capitalize()}", value)
        return answer

    return session.settle(shown)


@api_test(
    "2ae5f295-4bf1-4e04-bfad-21e54b62cec5",
    service="object-store",
    reference=REFERENCE,
    fails_if=Change(on=HEAD, header=(COLOUR, "green")),
)
def test_add_metadata(store: ObjectStore, session: Session) -> None:
    """A POST gives a container an item of metadata."""
    container = store.new_container()
    store.post_container(container, {COLOUR: "blue"}).status(204).check(store.usual_headers)
    shows(store, session, container, colour="blue")


@api_test(
    "3a5ce7d4-6e4b-47d0-9d87-7cd42c325094",
    service="object-store",
    reference=REFERENCE,
    fails_if=Change(on=HEAD, header=(COLOUR, "blue")),
)
def test_remove_metadata(store: ObjectStore, session: Session) -> None:
    """A POST with X-Remove-Container-Meta takes an item of metadata away."""
    container = store.new_container({COLOUR: "blue"})
    store.post_container(container, {NO_COLOUR: "blue"}).status(204).check(store.usual_headers)
    shows(store, session, container, colour=None)


@api_test(
    "cf19bc0b-7e16-4a5a-aaed-cb0c2fe8deef",
    service="object-store",
    reference=REFERENCE,
    fails_if=Change(on=HEAD, header=(TASTE, None)),
)
def test_add_and_remove_metadata_at_once(store: ObjectStore, session: Session) -> None:
    """One POST gives a container an item of metadata and takes another away."""
    container = store.new_container({COLOUR: "blue"})
    store.post_container(container, {TASTE: "sweet", NO_COLOUR: "blue"}).status(204).check(store.usual_headers)
    shows(store, session, container, colour=None, taste="sweet")


@api_test(
    "31f40a5f-6a52-4314-8794-cd89baed3040",
    service="object-store",
    reference=REFERENCE,
    fails_if=Change(on=HEAD, header=(COLOUR, "")),
)
def test_add_metadata_without_value(store: ObjectStore, session: Session) -> None:
    """A POST with an item of metadata that has no value gives a container nothing."""
    container = store.new_container()
    store.post_container(container, {COLOUR: ""}).status(204).check(store.usual_headers)
    shows(store, session, container, colour=None)


@api_test(
    "a2e36378-6f1f-43f4-840a-ffd9cfd61914",
    service="object-store",
    reference=REFERENCE,
    fails_if=Change(on=HEAD, header=(COLOUR, "blue")),
)
def test_remove_metadata_without_value(store: ObjectStore, session: Session) -> None:
    """A POST with X-Remove-Container-Meta takes an item of metadata away even if the header has no value."""
    container = store.new_container({COLOUR: "blue"})
    store.post_container(container, {NO_COLOUR: ""}).status(204).check(store.usual_headers)
    shows(store, session, container, colour=None)
