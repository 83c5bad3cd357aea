"""Show account details and list containers.

https://docs.openstack.org/api-ref/object-store/#show-account-details-and-list-containers
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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
from defcore.kit.match import Each, anything, count, nonempty
from defcore.kit.object_headers import check_shapes, metadata

if TYPE_CHECKING:
    from collections.abc import Callable

LIST = "GET /v1/{account}"
HEAD = "HEAD /v1/{account}"
REFERENCE = "https://docs.openstack.org/api-ref/object-store/#show-account-details-and-list-containers"
SHOW = "https://docs.openstack.org/api-ref/object-store/#show-account-metadata"


def lists(store: ObjectStore, session: Session, expected: list[str], **query: str) -> None:
    """Require that the listing gives these of our five containers and no other one of them, and the usual headers."""
    ours = session.common("containers")

    def listed() -> Answer:
        return store.get_account(**query).status(200, 204).check(store.usual_headers).listing(expected, ours)

    session.settle(listed)


def lets_through(letter: str) -> Callable[[bytes], bytes]:
    """Make a change that adds the one of our five containers that ends so to a listing that should be without it."""

    def change(body: bytes) -> bytes:
        listed = re.search(rb"^(defcore-.*-)[a-e]$", body, re.MULTILINE)
        return body + listed[1] + letter.encode() + b"\n" if listed else body

    return change


@api_test(
    "3499406a-ae53-4f8c-b43a-133d4dc6fe3f",
    service="object-store",
    creates={},
    uses=("containers",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=without_lines("-d$")),
)
def test_list_containers(store: ObjectStore, session: Session) -> None:
    """The listing of an account names its containers in order, each on a line of its own."""
    ours = session.common("containers")

    def listed() -> Answer:
        answer = store.get_account().status(200, 204).check(store.usual_headers)
        if answer.lines and answer.lines[-1] < ours[0]:
            # An account in use may have more containers than one page lists.
            answer = store.get_account(marker=answer.lines[-1], prefix=ours[0][:-1]).status(200, 204)
        return answer.listing(ours, ours)

    session.settle(listed)


@api_test(
    "884ec421-fbad-4fcc-916b-0580f2699565",
    service="object-store",
    creates={},
    reference=REFERENCE,
    needs=("empty",),
    fails_if=Change(on=LIST, body=with_line("plums")),
)
def test_list_no_containers(empty: ObjectStore) -> None:
    """The listing of an account without containers is empty, and its headers still describe the account."""
    answer = empty.get_account().status(200, 204).check(check_shapes)
    for name in ("X-Timestamp", "X-Account-Bytes-Used", "X-Account-Container-Count", "X-Account-Object-Count"):
        answer.header(name, anything)
    for name in ("Content-Type", "X-Trans-Id", "Date"):
        answer.header(name, anything)
    answer.listing([])


@api_test(
    "1c7efa35-e8a2-4b0b-b5ff-862c7fd83704",
    service="object-store",
    creates={},
    uses=("containers",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=replaced('"count"', '"containers"')),
)
def test_list_containers_as_json(store: ObjectStore, session: Session) -> None:
    """With format=json, each container of a listing comes with its name, its number of objects and their bytes."""
    ours = session.common("containers")

    def listed() -> Answer:
        answer = store.get_account(format="json", prefix=ours[0][:-1]).status(200, 204).check(store.usual_headers)
        answer.shape(Each({"name": anything, "count": anything, "bytes": anything}, least=1))
        return answer.require("$[*].name", ours, [item["name"] for item in answer.json() if item["name"] in ours])

    answer = session.settle(listed)
    session.advise(lambda: answer.shape(Each({"name": nonempty, "count": count, "bytes": count})))


@api_test(
    "5cfa4ab2-4373-48dd-a41f-a532b12b08b2",
    service="object-store",
    creates={},
    uses=("containers",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=without_last_line),
)
def test_list_containers_with_limit(store: ObjectStore, session: Session) -> None:
    """With a limit, the listing of an account that has as many containers names exactly so many."""
    ours = session.common("containers")

    def listed(limit: int) -> Answer:
        answer = store.get_account(limit=str(limit)).status(200, 204).check(store.usual_headers)
        return answer.require("number of lines", limit, len(answer.lines))

    session.settle(lambda: listed(1))
    session.settle(lambda: listed(len(ours) // 2))
    session.settle(lambda: listed(len(ours)))


@api_test(
    "638f876d-6a43-482a-bbb3-0840bca101c6",
    service="object-store",
    creates={},
    uses=("containers",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=lets_through("c")),
)
def test_list_containers_with_marker(store: ObjectStore, session: Session) -> None:
    """With a marker, the listing of an account names only the containers after it."""
    ours = session.common("containers")
    lists(store, session, ours[3:], marker=ours[2])
    lists(store, session, [], marker=ours[-1])


@api_test(
    "5ca164e4-7bde-43fa-bafb-913b53b9e786",
    service="object-store",
    creates={},
    uses=("containers",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=lets_through("d")),
)
def test_list_containers_with_end_marker(store: ObjectStore, session: Session) -> None:
    """With an end marker, the listing of an account names only the containers before it."""
    ours = session.common("containers")
    lists(store, session, ours[:3], end_marker=ours[3], prefix=ours[0][:-1])
    lists(store, session, [], end_marker=ours[0], prefix=ours[0][:-1])


@api_test(
    "ac8502c2-d4e4-4f68-85a6-40befea2ef5e",
    service="object-store",
    creates={},
    uses=("containers",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=lets_through("e")),
)
def test_list_containers_between_markers(store: ObjectStore, session: Session) -> None:
    """With a marker and an end marker, the listing of an account names what lies between, without the two."""
    ours = session.common("containers")
    lists(store, session, ours[1:-1], marker=ours[0], end_marker=ours[-1])


@api_test(
    "f7064ae8-dbcc-48da-b594-82feef6ea5af",
    service="object-store",
    creates={},
    uses=("containers",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=lets_through("e")),
)
def test_list_containers_with_limit_and_marker(store: ObjectStore, session: Session) -> None:
    """With a limit and a marker, the listing of an account names so many containers after the marker."""
    ours = session.common("containers")
    lists(store, session, ours[2:4], marker=ours[1], limit="2")


@api_test(
    "888a3f0e-7214-4806-8e50-5e0c9a69bb5e",
    service="object-store",
    creates={},
    uses=("containers",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=without_last_line),
)
def test_list_containers_with_limit_and_end_marker(store: ObjectStore, session: Session) -> None:
    """With a limit and an end marker, the listing of an account names the first so many before the end marker."""
    ours = session.common("containers")
    lists(store, session, ours[:2], end_marker=ours[3], limit="2", prefix=ours[0][:-1])
    lists(store, session, ours[:3], end_marker=ours[3], limit="6", prefix=ours[0][:-1])


@api_test(
    "8cf98d9c-e3a0-4e44-971b-c87656fdddbd",
    service="object-store",
    creates={},
    uses=("containers",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=lets_through("d")),
)
def test_list_containers_with_limit_between_markers(store: ObjectStore, session: Session) -> None:
    """With a limit and both markers, the listing of an account names the first so many that lie between."""
    ours = session.common("containers")
    lists(store, session, ours[1:3], marker=ours[0], end_marker=ours[-1], limit="2")
    lists(store, session, ours[1:-1], marker=ours[0], end_marker=ours[-1], limit="6")


@api_test(
    "b904c2e3-24c2-4dba-ad7d-04e90a761be5",
    service="object-store",
    creates={},
    reference=SHOW,
    needs=("empty",),
    fails_if=Change(on=HEAD, header=("X-Account-Meta-Colour", "blue")),
)
def test_show_account_without_metadata(store: ObjectStore, empty: ObjectStore) -> None:
    """An account shows its usual headers, and one to which nobody gave metadata shows none of metadata."""
    store.head_account().status(204).check(store.usual_headers)
    # Only an account that nobody ever used is known to be without metadata; its status need not be that of others.
    answer = empty.head_account().success()
    # Ceph shows a limit of its own here, on every account.
    found = [name for name in metadata(answer, "X-Account-Meta-") if name.lower() != "x-account-meta-quota-containers"]
    answer.require("headers X-Account-Meta-*", [], found)
