"""Lists of servers that nothing passes, or that are asked for in a way that has no meaning.

https://docs.openstack.org/api-ref/compute/#list-servers
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit import Change, Compute, Session, api_test, with_json
from defcore.kit.compute import shapes
from defcore.kit.match import containing

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.kit import Answer

REFERENCE = "https://docs.openstack.org/api-ref/compute/#list-servers"
DETAILED = "https://docs.openstack.org/api-ref/compute/#list-servers-detailed"
SOMEBODY = {"id": "0f0e0d0c-1111-4222-8333-444455556666", "name": "somebody", "links": []}
SOMETHING = Change(on="GET /servers", body=with_json("servers", [SOMEBODY]))
TAKEN = Change(on="GET /servers", status=200)


@api_test(
    "ff01387d-c7ad-47b4-ae9e-64fa214638fe",
    service="compute",
    reference=REFERENCE,
    fails_if=SOMETHING,
    uses=("server",),
    creates={},
    seconds=0.3,
)
def test_by_unknown_image(session: Session, compute: Compute) -> None:
    """A list filtered by an image that does not exist is empty."""
    session.common("server")
    nobody(compute.servers(image="non_existing_image"))


@api_test(
    "5913660b-223b-44d4-a651-a0fbfd44ca75",
    service="compute",
    reference=REFERENCE,
    fails_if=SOMETHING,
    uses=("server",),
    creates={},
    seconds=0.3,
)
def test_by_unknown_flavor(session: Session, compute: Compute) -> None:
    """A list filtered by a flavor that does not exist is empty."""
    session.common("server")
    nobody(compute.servers(flavor="non_existing_flavor"))


@api_test(
    "e2c77c4a-000a-4af3-a0bd-629a328bde7c",
    service="compute",
    reference=REFERENCE,
    fails_if=SOMETHING,
    uses=("server",),
    creates={},
    seconds=0.3,
)
def test_by_unknown_name(session: Session, compute: Compute) -> None:
    """A list filtered by a name that no server has is empty."""
    session.common("server")
    nobody(compute.servers(name=session.name("nobody")))


@api_test(
    "fcdf192d-0f74-4d89-911f-1ec002b822c4",
    service="compute",
    reference=REFERENCE,
    fails_if=SOMETHING,
    uses=("server",),
    creates={},
    seconds=0.3,
)
def test_by_unknown_status(session: Session, compute: Compute) -> None:
    """A list filtered by a status that does not exist is empty before microversion 2.38."""
    session.common("server")
    nobody(compute.servers(status="non_existing_status"))


@api_test(
    "74745ad8-b346-45b5-b9b8-509d7447fc1f",
    service="compute",
    reference=REFERENCE,
    fails_if=SOMETHING,
    uses=("server",),
    creates={},
    seconds=0.3,
)
def test_changed_since_a_time_to_come(session: Session, compute: Compute) -> None:
    """A list of the active servers that have changed since a time in the future is empty."""
    server = session.common("server")
    with session.setting_up():
        answer, found = compute.every_server(**{"changes-since": server["created"], "status": "ACTIVE"})
        answer.require("the servers listed", containing(server["id"]), [item["id"] for item in found])
    nobody(compute.servers(**{"changes-since": "2051-01-01T12:34:00Z", "status": "ACTIVE"}))


@api_test(
    "d47c17fb-eebd-4287-8e95-f20a7e627b18",
    service="compute",
    reference=REFERENCE,
    fails_if=Change(on="GET /servers", body=with_json("servers", [])),
    uses=("servers",),
    creates={},
    seconds=0.3,
)
def test_limit_beyond_what_there_is(session: Session, compute: Compute) -> None:
    """A list that is limited to more servers than there are has them all."""
    ours = {item["id"] for item in session.common("servers").values()}
    with session.setting_up():
        _, before = compute.every_server()
    answer = compute.servers(limit=str(len(before) + 100)).status(200).shape(shapes.LISTED)
    found = {item["id"] for item in answer.json()["servers"]}
    # Others come and go meanwhile, in a project where somebody works.
    answer.require("our servers that are listed", sorted(ours), sorted(ours & found))


@api_test(
    "679bc053-5e70-4514-9800-3dfab1a380a6",
    service="compute",
    reference=REFERENCE,
    fails_if=TAKEN,
    creates={},
    seconds=0.3,
)
def test_limit_that_is_no_number(compute: Compute) -> None:
    """A list cannot be limited to what is no number."""
    compute.servers(limit="testing").status(400)


@api_test(
    "62610dd9-4713-4ee0-8beb-fd2c1aa7f950",
    service="compute",
    reference=REFERENCE,
    fails_if=TAKEN,
    creates={},
    seconds=0.3,
)
def test_limit_below_nothing(compute: Compute) -> None:
    """A list cannot be limited to a negative number of servers."""
    compute.servers(limit="-1").status(400)


@api_test(
    "87d12517-e20a-4c9c-97b6-dd1628d6d6c9",
    service="compute",
    reference=REFERENCE,
    fails_if=TAKEN,
    creates={},
    seconds=0.3,
)
def test_changed_since_no_time(compute: Compute) -> None:
    """A list cannot be narrowed to what has changed since something that is no time."""
    compute.servers(**{"changes-since": "2011/01/01"}).status(400)


@api_test(
    "24a26f1a-1ddc-4eea-b0d7-a90cc874ad8f",
    service="compute",
    reference=REFERENCE,
    fails_if=Change(on="GET /servers", body=with_json("servers", [])),
    uses=("server", "deleted-server"),
    creates={},
    seconds=0.3,
)
def test_deleted_server(session: Session, compute: Compute) -> None:
    """A server that was deleted is listed no more, beside those that are still there."""
    without_deleted(session, compute.every_server)


@api_test(
    "93055106-2d34-46fe-af68-d9ddbf7ee570",
    service="compute",
    reference=DETAILED,
    fails_if=Change(on="GET /servers/detail", body=with_json("servers", [])),
    uses=("server", "deleted-server"),
    creates={},
    seconds=0.3,
)
def test_deleted_server_in_details(session: Session, compute: Compute) -> None:
    """A server that was deleted is no more in the detailed list, beside those that are still there."""
    without_deleted(session, compute.every_server_detail)


def nobody(answer: Answer) -> None:
    """Require that no server is listed."""
    answer.status(200).shape(shapes.LISTED).shape({"servers": []})


def without_deleted(session: Session, read: Callable[[], tuple[Answer, list[dict[str, Any]]]]) -> None:
    """Require that the server that is there is listed, and the deleted one is not."""
    there, gone = session.common("server")["id"], session.common("deleted-server")["id"]
    answer, found = read()
    listed = [item["id"] for item in found if item["id"] in (there, gone)]
    answer.require("which of a server that is there and one that was deleted are listed", [there], listed)
