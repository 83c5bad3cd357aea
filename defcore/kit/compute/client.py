"""The compute service (Nova API v2.1), one method an operation, and the preparations that its tests share."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from defcore.kit.compute import shapes
from defcore.kit.compute.about import About
from defcore.kit.compute.metadata import Metadata
from defcore.kit.owing import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from defcore.kit.answer import Answer

SERVERS = "/servers"
SERVER = "/servers/{server_id}"
ACTION = "POST /servers/{server_id}/action"
Server = dict[str, Any]


class Compute(About, Metadata):
    """Compute API, https://docs.openstack.org/api-ref/compute/. Without ``version`` it is asked as of 2.1."""

    # -- servers ---------------------------------------------------------------------------------------------------

    def create_server(self, server: Server, *, version: str | None = None, beside: str | None = None) -> Answer:
        """POST /servers. Its name, which must be one of ours, is entered in the ledger first.

        ``beside`` is the id of another server of that name, which is not to be taken for it.
        """
        where = {"name": server["name"]} | ({"beside": beside} if beside else {})
        return self.create(
            "server",
            [where],
            lambda: self.request(f"POST {SERVERS}", SERVERS, {"server": server}, headers=self.at(version)),
            lambda answer: [told(answer, "server", "id")],
        )

    def create_servers(self, server: Server, count: int) -> Answer:
        """POST /servers for several at once, which get numbers after their name: ``-1`` and so on."""
        body = {"server": server | {"min_count": count}}
        return self.create(
            "server",
            [{"name": f"{server['name']}-{number}"} for number in range(1, count + 1)],
            lambda: self.request(f"POST {SERVERS}", SERVERS, body),
            # It tells the id of one of them, and not of which.
            lambda _: (),
        )

    def servers(self, *, version: str | None = None, **params: str) -> Answer:
        """GET /servers."""
        return self.request(f"GET {SERVERS}", SERVERS, params=params, headers=self.at(version))

    def servers_detail(self, *, version: str | None = None, **params: str) -> Answer:
        """GET /servers/detail."""
        return self.request("GET /servers/detail", "/servers/detail", params=params, headers=self.at(version))

    def server(self, server: str, *, version: str | None = None) -> Answer:
        """GET /servers/{server_id}."""
        return self.request(f"GET {SERVER}", f"{SERVERS}/{server}", headers=self.at(version))

    def update_server(self, server: str, **members: str) -> Answer:
        """PUT /servers/{server_id}: change its name or its access addresses."""
        return self.request(f"PUT {SERVER}", f"{SERVERS}/{server}", {"server": members})

    def delete_server(self, server: str) -> Answer:
        """DELETE /servers/{server_id}."""
        return self.delete(f"DELETE {SERVER}", f"{SERVERS}/{server}", server)

    def action(self, server: str, name: str, value: Any = None, *, version: str | None = None) -> Answer:  # noqa: ANN401
        """POST /servers/{server_id}/action: an action such as ``reboot``, with what it is told."""
        path = f"{SERVERS}/{server}/action"
        return self.request(f"{ACTION} ({name})", path, {name: value}, headers=self.at(version))

    def console(self, server: str, lines: int) -> Answer:
        """POST /servers/{server_id}/action (os-getConsoleOutput): the last lines of what its guest has printed."""
        return self.action(server, "os-getConsoleOutput", {"length": lines})

    # -- lists that may have pages ---------------------------------------------------------------------------------

    def every_server(self, **filters: str) -> tuple[Answer, list[Server]]:
        """List the servers that pass the filters, page by page; each page has the closed shape.

        Returns the last answer, and the items of all pages.
        """
        return _pages(self.servers, "servers", shapes.LISTED, filters)

    def every_server_detail(self, **filters: str) -> tuple[Answer, list[Server]]:
        """Do the same with all that there is to say of each server."""
        return _pages(self.servers_detail, "servers", shapes.LISTED_DETAIL, filters)

    def every_flavor(self, **filters: str) -> tuple[Answer, list[dict[str, Any]]]:
        """Do the same with flavors."""
        return _pages(self.flavors, "flavors", shapes.FLAVORS, filters)

    def every_flavor_detail(self, **filters: str) -> tuple[Answer, list[dict[str, Any]]]:
        """Do the same with all that there is to say of each flavor."""
        return _pages(self.flavors_detail, "flavors", shapes.FLAVORS_DETAIL, filters)

    # -- preparations ----------------------------------------------------------------------------------------------

    def blueprint(self, **more: Any) -> Server:  # noqa: ANN401 - members of a server
        """Return the least that a server needs: a fresh name, and the image, flavor and network that were chosen.

        The test declares ``uses=("image", "flavor", "network")``.
        """
        session = self.session
        with session.setting_up():
            image, flavor, network = (session.common(key) for key in ("image", "flavor", "network"))
        wanted = {"name": session.name(), "imageRef": image["id"], "flavorRef": flavor["id"]}
        if network:
            wanted["networks"] = [{"uuid": network["id"]}]
        return wanted | more

    def ready(self, server: str, *wanted: str) -> Server:
        """Wait until a server is in a state (``ACTIVE`` if none is said); return it as it is shown then."""
        states = wanted or ("ACTIVE",)
        answer = self.session.wait.until(lambda: self.server(server), "server.status", *states)
        found: Server = self.session.judged(answer, shapes.SHOWN).json()["server"]
        return found

    def gone(self, server: str) -> Answer:
        """Wait until a server that was deleted is there no more."""
        answer = self.session.wait.gone(lambda: self.server(server), "server.status")
        self.session.over(server)
        return answer

    def new_server(self, **more: Any) -> Server:  # noqa: ANN401 - members of a server
        """Prepare a server of the test's own; return it as it is shown once it is ACTIVE."""
        with self.session.setting_up():
            made = self.create_server(self.blueprint(**more)).status(202).json()["server"]["id"]
            return self.ready(made)

    @contextmanager
    def lent(
        self, *, safe: bool = False, keep: bool = False, worn: bool = False, whole: bool = False
    ) -> Iterator[Server]:
        """Lend a server that a test may change; give it as it was shown when it was new, which may be long ago.

        The borrower has it alone, and gives it back ``ACTIVE``, unlocked, and with nothing attached; name, metadata and
        access addresses may be whatever. Of a test that fails nothing is taken back: the next one gets a new server;
        unless all that the test does is ``safe``, such as giving it another name. With ``keep`` none is given back at
        all: the test deletes it, or leaves it in whatever state. A ``worn`` one has another flavor than it had: it is
        lent to tests that do not ask for one that is ``whole``. Its ``uses`` is ``("lent-server",)``.
        """
        with self.session.lent("lent-server", safe=safe, keep=keep, worn=worn, whole=whole) as server:
            yield server

    def leave(self, server: str, *answers: Answer) -> None:
        """Leave a new server of the test's own to others, who may change it, unless these ``answers`` may be false.

        Nothing was done to it, and it need not be ACTIVE yet. The test ``gives=("lent-server",)``.
        """
        self.session.give("lent-server", {"id": server}, server, *answers)


def _pages(
    read: Callable[..., Answer],
    many: str,
    shape: Any,  # noqa: ANN401 - a shape
    filters: dict[str, str],
) -> tuple[Answer, list[dict[str, Any]]]:
    found: list[dict[str, Any]] = []
    marker: dict[str, str] = {}
    while True:
        answer = read(**filters, **marker).status(200).shape(shape)
        page = answer.json()[many]
        found += page
        if not page or f"{many}_links" not in answer.json() or marker.get("marker") == page[-1]["id"]:
            return answer, found
        marker = {"marker": page[-1]["id"]}
