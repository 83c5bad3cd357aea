"""The compute service (Nova API v2.1), one method an operation, and the preparations that its tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit.service import Service

if TYPE_CHECKING:
    from defcore.kit.answer import Answer

SERVERS = "/servers"
SERVER = "/servers/{server_id}"
ACTION = "POST /servers/{server_id}/action"
Server = dict[str, Any]


class Compute(Service):
    """Compute API, https://docs.openstack.org/api-ref/compute/. Without ``version`` it is asked as of 2.1."""

    version = "/v2.1"

    @staticmethod
    def at(version: str | None) -> dict[str, str]:
        """Return the header that asks for a microversion."""
        return {"OpenStack-API-Version": f"compute {version}"} if version else {}

    # -- servers ---------------------------------------------------------------------------------------------------

    def create_server(self, server: Server, *, version: str | None = None, **beside: Any) -> Answer:  # noqa: ANN401
        """POST /servers. Its name, which must be one of ours, is entered in the ledger first.

        ``beside`` stands beside ``server`` in the body, such as ``os:scheduler_hints``.
        """
        entry = self.session.owe("server", self.role, {"name": server["name"]})
        answer = self.request(f"POST {SERVERS}", SERVERS, {"server": server, **beside}, headers=self.at(version))
        if answer.exchange.status == 202:  # noqa: PLR2004 - HTTP
            self.session.learn(entry, id=str(answer.json().get("server", {}).get("id", "")))
        return answer

    def servers(self, *, version: str | None = None, **params: str) -> Answer:
        """GET /servers."""
        return self.request(f"GET {SERVERS}", SERVERS, params=params, headers=self.at(version))

    def servers_detail(self, *, version: str | None = None, **params: str) -> Answer:
        """GET /servers/detail."""
        return self.request("GET /servers/detail", "/servers/detail", params=params, headers=self.at(version))

    def server(self, server: str, *, version: str | None = None) -> Answer:
        """GET /servers/{server_id}."""
        return self.request(f"GET {SERVER}", f"{SERVERS}/{server}", headers=self.at(version))

    def delete_server(self, server: str) -> Answer:
        """DELETE /servers/{server_id}."""
        return self.request(f"DELETE {SERVER}", f"{SERVERS}/{server}")

    def action(self, server: str, name: str, value: Any = None, *, version: str | None = None) -> Answer:  # noqa: ANN401
        """POST /servers/{server_id}/action: an action such as ``reboot``, with what it is told."""
        path = f"{SERVERS}/{server}/action"
        return self.request(f"{ACTION} ({name})", path, {name: value}, headers=self.at(version))

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
        found: Server = self.session.wait.until(lambda: self.server(server), "server.status", *states).json()["server"]
        return found

    def new_server(self, **more: Any) -> Server:  # noqa: ANN401 - members of a server
        """Prepare a server of the test's own; return it as it is shown once it is ACTIVE."""
        with self.session.setting_up():
            made = self.create_server(self.blueprint(**more)).status(202).json()["server"]["id"]
            return self.ready(made)
