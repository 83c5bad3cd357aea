"""How containers are ended on a real cloud: with few requests where it is known what is in them, else as a whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from defcore.kit.answer import Answer
from defcore.kit.cleanup import HANDLERS, _errors
from defcore.kit.session import Session
from defcore.run.ledger import LEDGER, Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from defcore.cloud.credential import Credential
    from defcore.cloud.http import Exchange
    from defcore.kit.objectstore import ObjectStore

NAMES = ("plum", "a b", "é/ß")


@pytest.fixture
def asked(tmp_path: Path, credentials: dict[str, Credential]) -> Iterator[tuple[Session, list[str]]]:
    """Give a session on the reference cloud, and the operations that it sends."""
    session = Session(tmp_path, "0123456789abcdef", credentials, Ledger(tmp_path / LEDGER))
    sent: list[str] = []
    saw = session.saw

    def noted(exchange: Exchange) -> None:
        sent.append(exchange.operation)
        saw(exchange)

    session.saw = noted  # type: ignore[method-assign]
    yield session, sent
    session.close()


def filled(session: Session) -> tuple[ObjectStore, str]:
    """Make a container with three objects, of which the first was put twice."""
    store = session.actor("main").object_store
    store.about()
    container = store.new_container()
    for name in (NAMES[0], *NAMES):
        store.new_object(container, name)
    return store, container


def end(session: Session, container: str) -> None:
    """End a container as the ledger would have it."""
    HANDLERS["container"](session.actor("main"), {"name": container, "account": None})
    assert session.actor("main").object_store.head_container(container).exchange.status == 404


@pytest.mark.parametrize(
    ("knows", "announced", "expected"),
    [
        (True, True, ["POST account"]),
        (True, False, ["DELETE object"] * 3 + ["DELETE container"]),
        (False, True, ["DELETE container", "GET container", "POST account"]),
        (False, False, ["DELETE container", "GET container", *["DELETE object"] * 3, "DELETE container"]),
    ],
)
def test_a_container_is_ended(
    asked: tuple[Session, list[str]],
    knows: bool,  # noqa: FBT001 - a parameter
    announced: bool,  # noqa: FBT001 - a parameter
    expected: list[str],
) -> None:
    """A killed run's container must go as well as our own; a cloud without bulk deletion must not keep them."""
    session, sent = asked
    store, container = filled(session)
    if not knows:
        store.forget(container)
    if not announced:
        store._about = {"swift": {}}
    sent.clear()
    end(session, container)
    said = [item.replace("/v1/{account}", "account").replace("account/{container}", "container") for item in sent[:-1]]
    assert [item.replace("container/{object}", "object") for item in said] == expected


def test_an_empty_container_costs_one_request(asked: tuple[Session, list[str]]) -> None:
    """A listing of what is empty was half of what tidying up cost."""
    session, sent = asked
    container = session.actor("main").object_store.new_container()
    sent.clear()
    end(session, container)
    assert len(sent) == 2


def test_what_a_test_deletes_is_owed_no_longer(asked: tuple[Session, list[str]]) -> None:
    """A deletion that was accepted would be sent again; one that was refused must not be taken for one."""
    session, _ = asked
    store, container = filled(session)
    store.put_container(container)
    assert len(session.debts.all()) == 1
    store.delete_container(container).status(409)
    assert len(session.debts.all()) == 1
    for name in NAMES:
        store.delete_object(container, name).status(204)
    store.delete_container(container).status(204)
    assert (session.debts.all(), session.ledger.open_entries()) == ([], [])
    store.put_container(container)
    assert len(session.debts.all()) == 1


def test_what_was_not_made_is_not_owed(asked: tuple[Session, list[str]]) -> None:
    """A container with a name that no cloud takes would be looked for at the end of every run."""
    session, _ = asked
    session.actor("main").object_store.put_container("x" * 300).status(400)
    assert session.ledger.open_entries() == []


def test_what_a_guest_puts_into_it_is_known(asked: tuple[Session, list[str]]) -> None:
    """What another project's user stores in our container is ours to end."""
    session, sent = asked
    store = session.actor("main").object_store
    container = store.new_container({"X-Container-Write": session.actor("alt").object_store.grantee})
    session.actor("alt").object_store.at(store).put_object(container, "pear").status(201)
    store.about()
    sent.clear()
    end(session, container)
    assert sent[0] == "POST /v1/{account}"


SAID: list[tuple[Any, list[str] | None]] = [
    ({"Response Status": "200 OK", "Errors": []}, []),
    ({"Response Status": "400 Bad Request", "Errors": [["/c/%C3%A9", "403"], ["/c", "409 Conflict"]]}, ["/c/é", "/c"]),
    ({"Response Status": "401 Unauthorized", "Errors": []}, None),
    ({"Errors": []}, None),
    ({"Response Status": "200 OK", "Errors": [1]}, None),
    ([], None),
    ("", None),
]


@pytest.mark.parametrize(("told", "errors"), SAID)
def test_what_a_bulk_deletion_tells(exchange: Callable[..., Exchange], told: object, errors: list[str] | None) -> None:
    """It ends with 200 whatever happens: what is not read from its text stays on the cloud, and is thought gone."""
    assert _errors(Answer(exchange(body=b"  " + json.dumps(told).encode()))) == errors
    assert _errors(Answer(exchange(body=b"<html>"))) is None
