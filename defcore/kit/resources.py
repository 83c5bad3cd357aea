"""The kinds of things that the JSON APIs let a test create: how each is found, and how it is ended.

One table. A ledger entry of such a kind holds the ``name`` that we gave, and the ``id`` once the cloud has told it;
``beside`` is the id of another thing of ours that has the same name.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from defcore.cloud.http import TroubleError
from defcore.kit.names import PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from defcore.kit.actor import Actor
    from defcore.kit.answer import Answer
    from defcore.kit.service import Service

PAUSES = (0, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 5, 8, 10, 10)
"""Seconds before each try to delete what something else still needs, which may be about to go."""
PAGE = 500
WORTH_A_LIST = 3
"""Things that were told to go: so many are rather looked for in a list than one by one."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How things of a kind stand in their API.

    ``service`` is the catalogue's type, ``path`` the collection, ``member`` the name of its placeholder in an
    operation; ``listing`` is what lists them with names (else ``path``), ``many`` the member of that list. ``wrapped``
    is what each of them is wrapped in. ``name`` is the member that holds our name, ``made`` the one with the time.
    ``lasting``: it is still there for a while after its deletion was accepted. ``own`` is the parameter that narrows
    the list to what belongs to a project, where it holds more.
    """

    service: str
    path: str
    member: str
    many: str
    listing: str = ""
    wrapped: str = ""
    id: str = "id"
    name: str = "name"
    made: str = "created_at"
    lasting: bool = False
    own: str = ""

    @property
    def one(self) -> str:
        """The path of one thing, as an operation has it."""
        return f"{self.path}/{{{self.member}}}"


KINDS: dict[str, Kind] = {
    "server": Kind("compute", "/servers", "server_id", "servers", "/servers/detail", made="created", lasting=True),
    "server-group": Kind("compute", "/os-server-groups", "server_group_id", "server_groups", made=""),
    "keypair": Kind("compute", "/os-keypairs", "keypair_name", "keypairs", wrapped="keypair", id="name", made=""),
    "floating-ip": Kind(
        "network", "/floatingips", "floatingip_id", "floatingips", name="description", own="project_id"
    ),
    "router": Kind("network", "/routers", "router_id", "routers", own="project_id"),
    "port": Kind("network", "/ports", "port_id", "ports", own="project_id"),
    "subnet": Kind("network", "/subnets", "subnet_id", "subnets", own="project_id"),
    "network": Kind("network", "/networks", "network_id", "networks", own="project_id"),
    "subnet-pool": Kind("network", "/subnetpools", "subnetpool_id", "subnetpools", own="project_id"),
    "address-scope": Kind("network", "/address-scopes", "address_scope_id", "address_scopes", own="project_id"),
    "security-group": Kind("network", "/security-groups", "security_group_id", "security_groups", own="project_id"),
    "snapshot": Kind("block-storage", "/snapshots", "snapshot_id", "snapshots", "/snapshots/detail", lasting=True),
    "volume": Kind("block-storage", "/volumes", "volume_id", "volumes", "/volumes/detail", lasting=True),
    "image": Kind("image", "/images", "image_id", "images", own="owner"),
}
"""Kind → where it stands. The order is that of dependency: what needs something else stands before it."""


def end(kind: str, actor: Actor, where: dict[str, Any]) -> Callable[[], bool] | None:
    """Delete one thing; return what says whether it is gone, where that takes a while.

    Of a router ``where`` may tell the ``port`` that keeps it.

    What something else still needs is tried again for half a minute.
    """
    about = KINDS[kind]
    service = actor.client(about.service)
    found = where.get("id") or _named(about, service, where["name"], where.get("beside"))
    if found is None:
        return None
    if kind == "router" and where.get("port"):
        _part(service, found, where["port"])
    for pause in PAUSES:
        time.sleep(pause)
        answer = service.request(f"DELETE {about.one}", f"{about.path}/{quote(found, safe='')}")
        if answer.exchange.status in (200, 202, 204):
            return Going(kind, actor, found) if about.lasting else None
        if answer.exchange.status == 404:  # noqa: PLR2004 - HTTP
            return None
        if answer.exchange.status not in (400, 409):
            break
        if pause == 0 and kind in _EMPTYING:
            _EMPTYING[kind](service, found)
    message = f"deleting {kind} {where.get('name', found)} ends with status {answer.exchange.status}"
    raise TroubleError(message, exchange=answer.exchange)


def _bare(service: Service, router: str) -> None:
    """Take away what keeps a router from being deleted: its interfaces, and the routes that need them."""
    answer = _read(service.request("GET /ports", "/ports", params={"device_id": router}))
    for port in answer.json()["ports"]:
        if _part(service, router, port["id"]).exchange.status == 409:  # noqa: PLR2004 - HTTP
            service.request("PUT /routers/{router_id}", f"/routers/{router}", {"router": {"routes": []}})
            _part(service, router, port["id"])


def _part(service: Service, router: str, port: str) -> Answer:
    """Take an interface away from a router."""
    path = f"/routers/{router}/remove_router_interface"
    return service.request("PUT /routers/{router_id}/remove_router_interface", path, {"port_id": port})


def _empty(service: Service, network: str) -> None:
    """Take away the subnets of a network, which should have gone with it."""
    answer = _read(service.request("GET /subnets", "/subnets", params={"network_id": network}))
    for subnet in answer.json()["subnets"]:
        service.request("DELETE /subnets/{subnet_id}", f"/subnets/{subnet['id']}")


def _unlocked(service: Service, server: str) -> None:
    """Take away what may keep a server from being deleted: a lock that a test has set on it."""
    service.request("POST /servers/{server_id}/action (unlock)", f"/servers/{server}/action", {"unlock": None})


_EMPTYING: dict[str, Callable[[Service, str], None]] = {"router": _bare, "network": _empty, "server": _unlocked}
"""What may keep a thing from being deleted and belongs to it, so that no ledger has it: how that is ended."""


@dataclass(frozen=True, slots=True)
class Going:
    """A thing that was told to go, and may be there for a while; called, it looks whether it is gone."""

    kind: str
    actor: Actor
    id: str

    def __call__(self) -> bool:
        """Say whether it is gone. Raises TroubleError for one that cannot go."""
        about = KINDS[self.kind]
        answer = self.actor.client(about.service).request(f"GET {about.one}", f"{about.path}/{self.id}")
        if answer.exchange.status == 404:  # noqa: PLR2004 - HTTP
            return True
        return _still(next(iter(_read(answer).json().values())))


def _still(item: dict[str, Any]) -> bool:
    state = str(item.get("status", "")).lower()
    if state.startswith("error"):
        message = f"it was deleted, and is in state {state}"
        raise TroubleError(message)
    return False


def gone(leaving: Mapping[str, Callable[[], bool]]) -> dict[str, bool | Exception]:
    """Say of each whether it is gone, or what keeps it; several of a kind are looked for in one list."""
    found: dict[str, bool | Exception] = {}
    listed: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    kinds = Counter((item.kind, item.actor.role) for item in leaving.values() if isinstance(item, Going))
    for number, item in leaving.items():
        try:
            if isinstance(item, Going) and kinds[item.kind, item.actor.role] >= WORTH_A_LIST:
                there = listed.get((item.kind, item.actor.role))
                if there is None:
                    about = KINDS[item.kind]
                    every = everything(about, item.actor.client(about.service))
                    there = listed[item.kind, item.actor.role] = {str(one[about.id]): one for one in every}
                found[number] = _still(there[item.id]) if item.id in there else True
            else:
                found[number] = item()
        except Exception as error:  # noqa: BLE001 - cleaning up goes on, whatever one resource does
            found[number] = error
    return found


def _named(about: Kind, service: Service, name: str, beside: str | None) -> str | None:
    """Find the id of what carries our name: it was entered, and nobody heard what the cloud called it.

    ``beside`` is the id of another thing of that name, if there is any.
    """
    if about.id == "name":
        return name
    ids = (str(item[about.id]) for item in everything(about, service) if item.get(about.name) == name)
    return next((found for found in ids if found != beside), None)


def everything(about: Kind, service: Service) -> Iterator[dict[str, Any]]:
    """List all things of a kind that the project has, page by page."""
    params = {"limit": str(PAGE)} | ({about.own: service.project_id} if about.own else {})
    path = about.listing or about.path
    marker: str | None = None
    while True:
        answer = _read(service.request(f"GET {path}", path, params=params | ({"marker": marker} if marker else {})))
        page = [item[about.wrapped] if about.wrapped else item for item in answer.json()[about.many]]
        yield from page
        last = page[-1][about.id] if page else None
        # A service may give fewer than were asked for, and more after them; one without pages gives all, again.
        if last is None or last == marker or (len(page) < PAGE and f"{about.many}_links" not in answer.json()):
            return
        marker = str(last)


def find(kind: str, actor: Actor) -> Iterator[tuple[dict[str, Any], float | None]]:
    """List what may be a run's by its name: ``where`` finds it, and the time in UNIX seconds at which it was made."""
    about = KINDS[kind]
    for item in everything(about, actor.client(about.service)):
        name = item.get(about.name) or ""
        if str(name).startswith(PREFIX):
            yield {"name": str(name), "id": str(item[about.id])}, _moment(item.get(about.made))


def _moment(text: object) -> float | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _read(answer: Answer) -> Answer:
    if answer.exchange.status != 200:  # noqa: PLR2004 - HTTP
        message = f"{answer.exchange.operation} ends with status {answer.exchange.status}"
        raise TroubleError(message, exchange=answer.exchange)
    return answer
