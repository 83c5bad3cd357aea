"""List volumes, all of them or those of a name, a status, a zone, or with some metadata.

https://docs.openstack.org/api-ref/block-storage/v3/#list-accessible-volumes
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from defcore.kit import (
    Answer,
    Change,
    Each,
    Only,
    Session,
    UnsupportedError,
    Volumes,
    api_test,
    replaced,
    with_item,
    with_list,
    without_items,
)
from defcore.kit.match import anything
from defcore.kit.volume.client import VOLUMES as ALL
from defcore.kit.volume.shapes import VOLUMES, VOLUMES_DETAIL

if TYPE_CHECKING:
    from collections.abc import Callable

LIST, DETAIL = f"GET {ALL}", f"GET {ALL}/detail"
REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/#list-accessible-volumes"
REFERENCE_DETAIL = "https://docs.openstack.org/api-ref/block-storage/v3/#list-accessible-volumes-with-details"
without_ours = without_items("volumes", "name", "defcore-")
larger = with_list("volumes", lambda items: [item | {"size": item["size"] + 1} for item in items])


@dataclass(frozen=True)
class Listing:
    """A listing, with details or without: how it is read, its shape, and what it tells of a volume."""

    read: Callable[..., Answer]
    shape: Any
    tells: Callable[[dict[str, Any]], Any]


def plain(volumes: Volumes) -> Listing:
    """Give the listing that has id and name of each volume."""
    return Listing(volumes.volumes, VOLUMES, lambda item: {"id": item["id"], "name": item["name"]})


def detailed(volumes: Volumes) -> Listing:
    """Give the listing that has all that is shown of each volume; the time of the last change may have changed."""
    return Listing(volumes.volumes_detail, VOLUMES_DETAIL, lambda item: Only(item | {"updated_at": anything}))


def ours(session: Session, answer: Answer) -> list[dict[str, Any]]:
    """Return those of the shared volumes that are listed."""
    known = {item["id"] for item in session.common("volumes")}
    return [item for item in answer.json()["volumes"] if item["id"] in known]


def has_ours(session: Session, listing: Listing, each: Any = dict, **params: str) -> None:  # noqa: ANN401 - any shape
    """Require that the shared volumes are listed as they are, and that all that is listed is like ``each``."""
    shared: list[dict[str, Any]] = session.common("volumes")
    found: dict[str, dict[str, Any]] = {}
    query: dict[str, str] | None = params
    while query is not None and len(found) < len(shared):
        # A project in use may have more volumes than one page lists.
        answer = listing.read(**query).status(200).shape(listing.shape).shape({"volumes": Each(each)})
        found |= {item["id"]: item for item in ours(session, answer)}
        links = [link["href"] for link in answer.json().get("volumes_links", ()) if link["rel"] == "next"]
        query = dict(parse_qsl(urlsplit(links[0]).query)) if links else None
    for item in shared:
        answer.require(f"volume {item['id']} in $.volumes", listing.tells(item), found.get(item["id"]))


def may_have(session: Session, listing: Listing, each: Any, expected: int, **params: str) -> None:  # noqa: ANN401
    """Require that all that is listed is like ``each``; advise that so many of the shared volumes are listed."""
    answer = listing.read(**params).status(200).shape(listing.shape).shape({"volumes": Each(each)})
    session.advise(partial(answer.require, "number of ours in $.volumes", expected, len(ours(session, answer))))


def has_one(session: Session, listing: Listing) -> None:
    """Require that the listing by the name of one of the shared volumes has that one alone."""
    name = session.common("volumes")[1]["name"]
    answer = listing.read(name=name).status(200).shape(listing.shape)
    answer.require("names in $.volumes", [name], [item["name"] for item in answer.json()["volumes"]])


def lacks_ours(session: Session, listing: Listing, **params: str) -> None:
    """Advise that none of the shared volumes is listed."""

    def check() -> None:
        answer = listing.read(**params).status(200)
        answer.require("number of ours in $.volumes", 0, len(ours(session, answer)))

    session.advise(check)


def zone_of(session: Session) -> str:
    """Return the availability zone of the shared volumes."""
    found = session.common("volumes")[0]["availability_zone"]
    if found is None:
        message = "the volumes of the cloud are in no availability zone"
        raise UnsupportedError(message)
    return str(found)


def orchard(session: Session) -> dict[str, str]:
    """Return the metadata that two of the three shared volumes have, and nothing else."""
    return {"orchard": session.common("volumes")[1]["metadata"]["orchard"]}


def name_and_status(session: Session) -> dict[str, str]:
    """Return what one of the shared volumes alone is."""
    return {"name": session.common("volumes")[1]["name"], "status": "available"}


@api_test(
    "0b6ddd39-b948-471f-8038-4787978747c4",
    service="block-storage",
    uses=("volumes",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=without_ours),
)
def test_list(volumes: Volumes, session: Session) -> None:
    """The listing of volumes has each of a project's with its id and name."""
    has_ours(session, plain(volumes))


@api_test(
    "adcbb5a7-5ad8-4b61-bd10-5380e111a877",
    service="block-storage",
    uses=("volumes",),
    reference=REFERENCE_DETAIL,
    fails_if=Change(on=DETAIL, body=larger),
)
def test_list_with_details(volumes: Volumes, session: Session) -> None:
    """The detailed listing of volumes has of each what is shown of it alone."""
    has_ours(session, detailed(volumes))


@api_test(
    "a28e8da4-0b56-472f-87a8-0f4d3f819c02",
    service="block-storage",
    uses=("volumes",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_item("volumes", name="plum")),
)
def test_by_name(volumes: Volumes, session: Session) -> None:
    """The listing of volumes by a name that one of several has is of that one alone."""
    has_one(session, plain(volumes))


@api_test(
    "2de3a6d4-12aa-403b-a8f2-fdeb42a89623",
    service="block-storage",
    uses=("volumes",),
    reference=REFERENCE_DETAIL,
    fails_if=Change(on=DETAIL, body=with_item("volumes", name="plum")),
)
def test_by_name_with_details(volumes: Volumes, session: Session) -> None:
    """The detailed listing of volumes by a name that one of several has is of that one alone."""
    has_one(session, detailed(volumes))


@api_test(
    "39654e13-734c-4dab-95ce-7613bf8407ce",
    service="block-storage",
    uses=("volumes",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=without_ours),
)
def test_by_status(volumes: Volumes, session: Session) -> None:
    """The listing of volumes by their status has each that is in it."""
    has_ours(session, plain(volumes), status="available")
    lacks_ours(session, plain(volumes), status="in-use")


@api_test(
    "2943f712-71ec-482a-bf49-d5ca06216b9f",
    service="block-storage",
    uses=("volumes",),
    reference=REFERENCE_DETAIL,
    fails_if=Change(on=DETAIL, body=with_item("volumes", status="in-use")),
)
def test_by_status_with_details(volumes: Volumes, session: Session) -> None:
    """The detailed listing of volumes by their status has each that is in it, and no other."""
    has_ours(session, detailed(volumes), {"status": "available"}, status="available")
    lacks_ours(session, detailed(volumes), status="in-use")


@api_test(
    "c0cfa863-3020-40d7-b587-e35f597d5d87",
    service="block-storage",
    uses=("volumes",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=without_ours),
)
def test_by_zone(volumes: Volumes, session: Session) -> None:
    """The listing of volumes by their availability zone has each that is in it."""
    has_ours(session, plain(volumes), availability_zone=zone_of(session))
    lacks_ours(session, plain(volumes), availability_zone=session.name())


@api_test(
    "e1b80d13-94f0-4ba2-a40e-386af29f8db1",
    service="block-storage",
    uses=("volumes",),
    reference=REFERENCE_DETAIL,
    fails_if=Change(on=DETAIL, body=with_item("volumes", availability_zone="plum")),
)
def test_by_zone_with_details(volumes: Volumes, session: Session) -> None:
    """The detailed listing of volumes by their availability zone has each that is in it, and no other."""
    zone = zone_of(session)
    has_ours(session, detailed(volumes), {"availability_zone": zone}, availability_zone=zone)
    lacks_ours(session, detailed(volumes), availability_zone=session.name())


@api_test(
    "b5ebea1b-0603-40a0-bb41-15fcd0a53214",
    service="block-storage",
    uses=("volumes",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=replaced('"links"', '"ways"')),
)
def test_by_metadata(volumes: Volumes, session: Session) -> None:
    """The listing of volumes can be asked for by metadata, and is of ids, names and links as ever."""
    may_have(session, plain(volumes), dict, 2, metadata=str(orchard(session)))


@api_test(
    "1ca92d3c-4a8e-4b43-93f5-e4c7fb3b291d",
    service="block-storage",
    uses=("volumes",),
    reference=REFERENCE_DETAIL,
    fails_if=Change(on=DETAIL, body=with_item("volumes", metadata={})),
)
def test_by_metadata_with_details(volumes: Volumes, session: Session) -> None:
    """The detailed listing of volumes by metadata has only such as have it."""
    wanted = orchard(session)
    may_have(session, detailed(volumes), {"metadata": wanted}, 2, metadata=str(wanted))


@api_test(
    "777c87c1-2fc4-4883-8b8e-5c0b951d1ec8",
    service="block-storage",
    uses=("volumes",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=replaced('"links"', '"ways"')),
)
def test_by_name_and_status(volumes: Volumes, session: Session) -> None:
    """The listing of volumes can be asked for by name and status at once, and is of ids, names and links as ever."""
    may_have(session, plain(volumes), dict, 1, **name_and_status(session))


@api_test(
    "856ab8ca-6009-4c37-b691-be1065528ad4",
    service="block-storage",
    uses=("volumes",),
    reference=REFERENCE_DETAIL,
    fails_if=Change(on=DETAIL, body=with_item("volumes", name="plum")),
)
def test_by_name_and_status_with_details(volumes: Volumes, session: Session) -> None:
    """The detailed listing of volumes by name and status has only such as have both."""
    wanted = name_and_status(session)
    may_have(session, detailed(volumes), wanted, 1, **wanted)
