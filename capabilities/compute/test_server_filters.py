"""Lists of servers, narrowed by a filter to those that pass it.

https://docs.openstack.org/api-ref/compute/#list-servers
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from defcore.kit import Answer, Change, Compute, Each, Session, UnsupportedError, api_test, with_json
from defcore.kit.compute import shapes
from defcore.kit.compute.common import two_flavors, two_images

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

REFERENCE = "https://docs.openstack.org/api-ref/compute/#list-servers"
DETAILED = "https://docs.openstack.org/api-ref/compute/#list-servers-detailed"
NOTHING = Change(on="GET /servers", body=with_json("servers", []))
NOTHING_DETAILED = Change(on="GET /servers/detail", body=with_json("servers", []))
IMAGES = ("servers", "image", "other-image")
FLAVORS = ("servers", "flavor", "other-flavor")


@api_test(
    "05e8a8e7-9659-459a-989d-92c2f501f4ba",
    service="compute",
    reference=REFERENCE,
    fails_if=NOTHING,
    uses=IMAGES,
    creates={},
    seconds=0.3,
)
def test_by_image(session: Session, compute: Compute) -> None:
    """A list filtered by an image has the servers that were made from it, and none that was made from another."""
    image, _ = two_images(session)
    listed(session, compute.every_server, ["plain", "flavor"], image=image["id"])


@api_test(
    "573637f5-7325-47bb-9144-3476d0416908",
    service="compute",
    reference=REFERENCE,
    fails_if=NOTHING,
    uses=FLAVORS,
    creates={},
    seconds=0.3,
)
def test_by_flavor(session: Session, compute: Compute) -> None:
    """A list filtered by a flavor has the servers of that flavor, and none of another."""
    _, flavor = two_flavors(session)
    listed(session, compute.every_server, ["flavor"], flavor=flavor["id"])


@api_test(
    "9b067a7b-7fee-4f6a-b29c-be43fe18fc5a",
    service="compute",
    reference=REFERENCE,
    fails_if=NOTHING,
    uses=("servers",),
    creates={},
    seconds=0.3,
)
def test_by_name(session: Session, compute: Compute) -> None:
    """A list filtered by a name has the server of that name, and none of another."""
    name = session.common("servers")["image"]["name"]
    listed(session, compute.every_server, ["image"], name=name)


@api_test(
    "ca78e20e-fddb-4ce6-b7f7-bcbf8605e66e",
    service="compute",
    reference=REFERENCE,
    fails_if=NOTHING,
    uses=("servers",),
    creates={},
    seconds=0.3,
)
def test_by_status(session: Session, compute: Compute) -> None:
    """A list filtered by the status active has the servers that are active."""
    listed(session, compute.every_server, ["plain", "image", "flavor"], status="active")
    session.advise(lambda: listed(session, compute.every_server, [], status="shutoff"))


@api_test(
    "614cdfc1-d557-4bac-915b-3e67b48eee76",
    service="compute",
    reference=REFERENCE,
    fails_if=NOTHING,
    uses=("servers",),
    creates={},
    seconds=0.3,
)
def test_with_limit(session: Session, compute: Compute) -> None:
    """A list that is limited to one server has one, where there are more."""
    session.common("servers")
    answer = compute.servers(limit="1").status(200).shape(shapes.LISTED)
    answer.require("the number of servers listed", 1, len(answer.json()["servers"]))


@api_test(
    "b3304c3b-97df-46d2-8cd3-e2b6659724e7",
    service="compute",
    reference=DETAILED,
    fails_if=NOTHING_DETAILED,
    uses=IMAGES,
    creates={},
    seconds=0.3,
)
def test_details_by_image(session: Session, compute: Compute) -> None:
    """A detailed list filtered by an image has the servers that were made from it, and none that was not."""
    image, _ = two_images(session)
    listed(session, compute.every_server_detail, ["plain", "flavor"], image=image["id"])


@api_test(
    "80c574cc-0925-44ba-8602-299028357dd9",
    service="compute",
    reference=DETAILED,
    fails_if=NOTHING_DETAILED,
    uses=FLAVORS,
    creates={},
    seconds=0.3,
)
def test_details_by_flavor(session: Session, compute: Compute) -> None:
    """A detailed list filtered by a flavor has the servers of that flavor, and none of another."""
    _, flavor = two_flavors(session)
    listed(session, compute.every_server_detail, ["flavor"], flavor=flavor["id"])


@api_test(
    "f9eb2b70-735f-416c-b260-9914ac6181e4",
    service="compute",
    reference=DETAILED,
    fails_if=NOTHING_DETAILED,
    uses=("servers",),
    creates={},
    seconds=0.3,
)
def test_details_by_name(session: Session, compute: Compute) -> None:
    """A detailed list filtered by a name has the server of that name, and none of another."""
    name = session.common("servers")["image"]["name"]
    listed(session, compute.every_server_detail, ["image"], name=name)


@api_test(
    "de2612ab-b7dd-4044-b0b1-d2539601911f",
    service="compute",
    reference=DETAILED,
    fails_if=NOTHING_DETAILED,
    uses=("servers",),
    creates={},
    seconds=0.3,
)
def test_details_by_status(session: Session, compute: Compute) -> None:
    """A detailed list filtered by the status active has the servers that are active, and says so of them."""
    answer, ours = listed(session, compute.every_server_detail, ["plain", "image", "flavor"], status="active")
    answer.require("what is said of ours", Each({"status": "ACTIVE"}), ours)
    session.advise(lambda: listed(session, compute.every_server_detail, [], status="shutoff"))


@api_test(
    "67aec2d0-35fe-4503-9f92-f13272b867ed",
    service="compute",
    reference=DETAILED,
    fails_if=NOTHING_DETAILED,
    uses=("servers",),
    creates={},
    seconds=0.3,
)
def test_details_with_limit(session: Session, compute: Compute) -> None:
    """A detailed list that is limited to one server has one, where there are more."""
    session.common("servers")
    answer = compute.servers_detail(limit="1").status(200).shape(shapes.LISTED_DETAIL)
    answer.require("the number of servers listed", 1, len(answer.json()["servers"]))


@api_test(
    "e9f624ee-92af-4562-8bec-437945a18dcb",
    service="compute",
    reference=REFERENCE,
    fails_if=Change(on="GET /servers", body=with_json("servers", []), nth=2),
    uses=("servers",),
    creates={},
    seconds=0.3,
)
def test_by_part_of_a_name(session: Session, compute: Compute) -> None:
    """A list filtered by a part of a name has all servers whose names contain it, and none that does not."""
    names = {key: server["name"] for key, server in session.common("servers").items()}
    listed(session, compute.every_server, names, name=beginning(names.values()))
    listed(session, compute.every_server, ["image"], name=names["image"][6:-1])


@api_test(
    "43a1242e-7b31-48d1-88f2-3f72aa9f2077",
    service="compute",
    reference=REFERENCE,
    fails_if=NOTHING,
    uses=("servers",),
    creates={},
    seconds=0.3,
)
def test_by_address(session: Session, compute: Compute) -> None:
    """A list filtered by an IP address has the server that has it, and none with another."""
    found = addresses(session.common("servers"))
    # The filter takes a pattern that may fit anywhere: only the longest is in no other address.
    owner, address = max(found.items(), key=lambda item: len(item[1]["addr"]))
    listed(session, compute.every_server, [owner], **{word(address): address["addr"]})


@api_test(
    "a905e287-c35e-42f2-b132-d02b09f3654a",
    service="compute",
    reference=REFERENCE,
    fails_if=NOTHING,
    uses=("servers",),
    creates={},
    seconds=0.3,
)
def test_by_part_of_an_address(session: Session, compute: Compute) -> None:
    """A list filtered by the part that the IP addresses of servers have in common has all these servers."""
    found = addresses(session.common("servers"))
    common = beginning(address["addr"] for address in found.values())
    listed(session, compute.every_server, found, **{word(found["plain"]): common})
    session.advise(lambda: listed(session, compute.every_server, [], ip="255.255.255.255"))


def listed(
    session: Session,
    read: Callable[..., tuple[Answer, list[dict[str, Any]]]],
    expected: Collection[str],
    **filters: str,
) -> tuple[Answer, list[dict[str, Any]]]:
    """Require that of our three servers these pass the filters, and no other; give them as they are listed.

    They are named by what they have of their own: the usual image and flavor, another image, another flavor.
    """
    servers = session.common("servers")
    answer, found = read(**filters)
    by_id = {item["id"]: item for item in found}
    ours = {key: by_id[item["id"]] for key, item in servers.items() if item["id"] in by_id}
    answer.require("those of our three servers that are listed", list(expected), list(ours))
    return answer, list(ours.values())


def addresses(servers: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the first address of each server; a cloud that gives its servers none has no such filter."""
    found = {key: [item for items in server["addresses"].values() for item in items] for key, server in servers.items()}
    if not all(found.values()):
        raise UnsupportedError("servers have no addresses here: the cloud has no network service")
    return {key: items[0] for key, items in found.items()}


def beginning(texts: Iterable[str]) -> str:
    """Return the text with which all of these begin."""
    return "".join(column[0] for column in takewhile(lambda column: len(set(column)) == 1, zip(*texts, strict=False)))


def word(address: Mapping[str, Any]) -> str:
    """Return the name of the filter for an address of that version."""
    return "ip6" if address["version"] == 6 else "ip"
