"""Nova's answers held to all that the reference says of them: headers, links, and each member of a server.

Members that were extensions once are demanded where the cloud announces the extension: they have its alias in front of
their name, or stand in ``_ANNOUNCED``. https://docs.openstack.org/api-ref/compute/#show-server-details
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from defcore.kit.checks import in_json, leading_to
from defcore.kit.compute import shapes
from defcore.kit.match import Match, Maybe, Only, between

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from defcore.kit.answer import Answer
    from defcore.kit.compute.client import Server
    from defcore.kit.session import Session

_ANNOUNCED = {
    "accessIPv4": "os-access-ips",
    "accessIPv6": "os-access-ips",
    "config_drive": "os-config-drive",
    "key_name": "os-keypairs",
}
_FOR_ADMINS = "OS-EXT-SRV-ATTR"
_PROGRESS = frozenset(["ACTIVE", "BUILD", "REBUILD", "RESIZE", "VERIFY_RESIZE", "MIGRATING"])
"""Statuses in which a server has a progress."""
_LASTING = ("name", "status", "image", "flavor", "addresses", "created", "tenant_id", "user_id")
"""Members that stay as they are while nobody changes a server."""
PAGE = 2


def usual(answer: Answer, version: str = "2.1") -> Answer:
    """Require that an answer says as of which microversion it is given, and that its body, if any, is JSON.

    Both headers are documented: the second is that of clients from before microversion 2.27.
    https://docs.openstack.org/api-guide/compute/microversions.html
    """
    answer.header("OpenStack-API-Version", f"compute {version}")
    answer.header("X-OpenStack-Nova-API-Version", version)
    return in_json(answer) if answer.content else answer


def links(collection: str, identity: str, *rels: str) -> Match:
    """Accept links that all lead to one thing, of these relations at least.

    https://docs.openstack.org/api-guide/compute/links_and_references.html
    """
    path = f"/{collection}/{identity}"
    there = leading_to(path)

    def hold(value: Any) -> bool:  # noqa: ANN401 - a JSON value
        closed = all(item.keys() == {"href", "rel"} and there.holds(item["href"]) for item in value)
        return closed and {item["rel"] for item in value} >= set(rels)

    return Match(f"links ({', '.join(rels)}) to {path}", hold)


def announced(session: Session) -> frozenset[str]:
    """Return the aliases of the extensions that the compute service announces."""
    return frozenset(session.common("compute-extensions"))


def in_full(session: Session, item: Server, shape: Only) -> Only:
    """Return the closed shape of one server with all that it must have; ``shape`` is one that leaves more open."""
    there = announced(session)
    members: dict[str, Any] = {}
    for name, inner in shape.members.items():
        alias = _ANNOUNCED.get(name) or (name.partition(":")[0] if ":" in name else "")
        due = alias in there and alias != _FOR_ADMINS
        due = due or (name == "progress" and item.get("status") in _PROGRESS)
        members[name] = inner.shape if due and isinstance(inner, Maybe) else inner
    members["links"] = links("servers", str(item.get("id")), "self", "bookmark")
    for name, collection in (("image", "images"), ("flavor", "flavors")):
        # A server that boots from a volume has no image.
        if isinstance(item.get(name), dict):
            members[name] = Only({"id": shapes.ID, "links": links(collection, str(item[name].get("id")), "bookmark")})
    return Only(members)


def one(session: Session, answer: Answer, shape: Only = shapes.SHOWN) -> Server:
    """Require that an answer is about one server, in full; return it."""
    item: Server = usual(answer).shape(shape).json()["server"]
    answer.shape(Only({"server": in_full(session, item, shape.members["server"])}))
    return item


def many(session: Session, answer: Answer, *, detail: bool) -> list[Server]:
    """Require that an answer lists servers, in full, and in a detailed list none of another project; return them."""
    items: list[Server] = usual(answer.status(200)).shape({"servers": list}).json()["servers"]
    shape, project = shapes.SERVER if detail else shapes.SERVER_LISTED, session.actor("main").compute.project_id
    answer.shape(shapes.LISTED_DETAIL if detail else shapes.LISTED)
    for number, item in enumerate(items):
        answer.require(f"$.servers[{number}]", in_full(session, item, shape), item)
        if detail:
            answer.require(f"$.servers[{number}].tenant_id", project, item["tenant_id"])
    return items


def walk(session: Session, read: Callable[..., Answer], ours: Collection[Server], *, detail: bool) -> None:
    """Require that servers with the names of ``ours`` are listed by name, page by page, and ours once, as it was shown.

    Each page is judged by itself, so that it is named where it is wrong. The filter is a regular expression, as the
    reference says; an expression of words and bars alone is one of every database.
    """
    found: list[Server] = []
    told = {item["id"]: _told(item, detail=detail) for item in ours}
    wanted = {item["name"] for item in ours}
    marker: dict[str, str] = {}
    while True:
        answer = read(name="|".join(sorted(wanted)), limit=str(PAGE), sort_key="display_name", sort_dir="asc", **marker)
        page = many(session, answer, detail=detail)
        after = _next(answer, "/servers/detail" if detail else "/servers")
        answer.require("the number of servers on the page", between(1 if after else 0, PAGE), len(page))
        twice = {item["id"] for item in found} & {item["id"] for item in page}
        answer.require("those listed that were listed before", [], sorted(twice))
        others = {item["name"] for item in page} - wanted
        answer.require("those listed that the filter excludes", [], sorted(others))
        for item in page:
            answer.require(f"server {item['id']}", told.get(item["id"], {}), item)
        found += page
        # Another may have the name of one of ours, and what is just being created stands first, whatever the order.
        names = [item["name"] for item in found if item["id"] in told]
        answer.require("the names of our servers listed", sorted(names), names)
        due = {item["id"] for item in ours if not after or item["name"] < max(names, default="")}
        answer.require("those of ours that are missing", [], sorted(due - {item["id"] for item in found}))
        if not after:
            return
        answer.require("the marker of the next page", page[-1]["id"], after)
        marker = {"marker": after}


def _told(server: Server, *, detail: bool) -> dict[str, Any]:
    """Return what a list is to tell of a server that was shown and has not been changed since."""
    if not detail:
        return {"name": server["name"]}
    return {key: server[key] for key in _LASTING} | {"metadata": Only(server["metadata"])}


def _next(answer: Answer, path: str) -> str:
    """Return the marker in the link to the next page; empty where there is no such link."""
    for item in answer.json().get("servers_links", ()):
        if item["rel"] == "next":
            answer.require("$.servers_links[*].href", leading_to(path), item["href"])
            return str(parse_qs(urlsplit(item["href"]).query).get("marker", [""])[0])
    return ""
