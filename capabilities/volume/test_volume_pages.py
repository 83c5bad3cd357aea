"""List volumes page by page and in order, and list nothing where nothing is so.

https://docs.openstack.org/api-ref/block-storage/v3/#list-accessible-volumes
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from defcore.kit import Answer, Change, Session, Volumes, api_test, with_json, with_list
from defcore.kit.match import between, url
from defcore.kit.volume.client import VOLUMES as ALL
from defcore.kit.volume.shapes import VOLUMES, VOLUMES_DETAIL

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[..., Answer]

LIST, DETAIL = f"GET {ALL}", f"GET {ALL}/detail"
REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/#list-accessible-volumes"
REFERENCE_DETAIL = "https://docs.openstack.org/api-ref/block-storage/v3/#list-accessible-volumes-with-details"


def next_page(answer: Answer) -> str | None:
    """Return where the page after this one is, or None."""
    links: list[dict[str, str]] = answer.json().get("volumes_links", [])
    return next((link["href"] for link in links if link["rel"] == "next"), None)


def turns_pages(session: Session, read: Read, shape: Any) -> None:  # noqa: ANN401 - any shape
    """Require that the links from page to page lead to each of two volumes once, and to an end."""
    two = session.common("volumes")[1:]
    params = {"limit": "1", "metadata": str({"orchard": two[0]["metadata"]["orchard"]})}
    seen: list[str] = []
    while True:
        answer = read(**params).status(200).shape(shape)
        found = [item["id"] for item in answer.json()["volumes"]]
        answer.require("number of $.volumes", between(0, 1), len(found))
        answer.require("of $.volumes, those that were listed before", [], [item for item in found if item in seen])
        seen += found
        link = next_page(answer)
        answer.require("the link to the next page in $.volumes_links", url if found else None, link)
        if link is None:
            break
        there, here = urlsplit(link), urlsplit(answer.exchange.url)
        place = (there.scheme, there.hostname, there.path)
        answer.require("scheme, host and path of the next page", (here.scheme, here.hostname, here.path), place)
        params = dict(parse_qsl(there.query))
    ours = sorted(item["id"] for item in two)
    answer.require("ours on all pages", ours, sorted(item for item in seen if item in ours))


def lists_nothing(session: Session, read: Read, shape: Any, **params: str) -> None:  # noqa: ANN401 - any shape
    """Require that a listing is empty, while one by the name and status that the shared volume has is not."""
    volume = session.common("volume")

    def by_both() -> None:
        answer = read(name=volume["name"], status=volume["status"]).status(200)
        answer.require("number of $.volumes", 1, len(answer.json()["volumes"]))

    session.once(f"volumes-by-name-and-status-{shape is VOLUMES}", by_both)
    read(**params).status(200).shape({"volumes": []}).shape(shape)


@api_test(
    "af55e775-8e4b-4feb-8719-215c43b0238c",
    service="block-storage",
    uses=("volumes",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_json("volumes_links", [])),
)
def test_pages(volumes: Volumes, session: Session) -> None:
    """The pages of the listing of volumes are linked from one to the next, and have each volume once."""
    turns_pages(session, volumes.volumes, VOLUMES)


@api_test(
    "e9138a2c-f67b-4796-8efa-635c196d01de",
    service="block-storage",
    uses=("volumes",),
    reference=REFERENCE_DETAIL,
    fails_if=Change(on=DETAIL, body=with_json("volumes_links", [])),
)
def test_pages_with_details(volumes: Volumes, session: Session) -> None:
    """The pages of the detailed listing of volumes are linked from one to the next, and have each volume once."""
    turns_pages(session, volumes.volumes_detail, VOLUMES_DETAIL)


@api_test(
    "2a7064eb-b9c3-429b-b888-33928fc5edd3",
    service="block-storage",
    uses=("volumes",),
    reference=REFERENCE_DETAIL,
    fails_if=Change(on=DETAIL, body=with_list("volumes", lambda items: items[::-1])),
)
def test_limit_status_and_order_with_details(volumes: Volumes, session: Session) -> None:
    """The detailed listing of volumes can be limited, narrowed by status and put in order at once."""
    session.common("volumes")
    for direction in ("asc", "desc"):
        params = {"limit": "2", "status": "available", "sort_key": "id", "sort_dir": direction}
        answer = volumes.volumes_detail(**params).status(200).shape(VOLUMES_DETAIL)
        answer.shape({"volumes": [{"status": "available"}] * 2})
        found = [item["id"] for item in answer.json()["volumes"]]
        answer.require("ids in $.volumes", sorted(set(found), reverse=direction == "desc"), found)


@api_test(
    "0f4aa809-8c7b-418f-8fb3-84c7a5dfc52f",
    service="block-storage",
    uses=("volume",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_json("volumes", [{}])),
)
def test_unknown_name(volumes: Volumes, session: Session) -> None:
    """The listing of volumes by a name that none has is empty."""
    lists_nothing(session, volumes.volumes, VOLUMES, name=session.name())


@api_test(
    "9ca17820-a0e7-4cbd-a7fa-f4468735e359",
    service="block-storage",
    uses=("volume",),
    reference=REFERENCE_DETAIL,
    fails_if=Change(on=DETAIL, body=with_json("volumes", [{}])),
)
def test_unknown_name_with_details(volumes: Volumes, session: Session) -> None:
    """The detailed listing of volumes by a name that none has is empty."""
    lists_nothing(session, volumes.volumes_detail, VOLUMES_DETAIL, name=session.name())


@api_test(
    "143b279b-7522-466b-81be-34a87d564a7c",
    service="block-storage",
    uses=("volume",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_json("volumes", [{}])),
)
def test_unknown_status(volumes: Volumes, session: Session) -> None:
    """The listing of volumes by a status that there is not is empty."""
    lists_nothing(session, volumes.volumes, VOLUMES, status="null")


@api_test(
    "ba94b27b-be3f-496c-a00e-0283b373fa75",
    service="block-storage",
    uses=("volume",),
    reference=REFERENCE_DETAIL,
    fails_if=Change(on=DETAIL, body=with_json("volumes", [{}])),
)
def test_unknown_status_with_details(volumes: Volumes, session: Session) -> None:
    """The detailed listing of volumes by a status that there is not is empty."""
    lists_nothing(session, volumes.volumes_detail, VOLUMES_DETAIL, status="null")
