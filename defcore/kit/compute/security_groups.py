"""Security groups by way of Nova, which hands them on to Neutron up to microversion 2.35.

https://docs.openstack.org/api-ref/compute/#security-groups-os-security-groups-deprecated
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit.compute.client import SERVER, SERVERS
from defcore.kit.match import Each, Either, Maybe, Only
from defcore.kit.owing import deleted, told

if TYPE_CHECKING:
    from defcore.kit.answer import Answer
    from defcore.kit.compute.client import Compute

_RULE = Only(
    {
        "id": Maybe(Either(str, int)),
        "from_port": Maybe(Either(int, None)),
        "to_port": Maybe(Either(int, None)),
        "ip_protocol": Maybe(Either(str, None)),
        "parent_group_id": Maybe(Either(str, int, None)),
        "group": Maybe(Only({"tenant_id": Maybe(str), "name": Maybe(str)})),
        "ip_range": Maybe(Only({"cidr": Maybe(str)})),
    }
)
_GROUP = Only(
    {"id": Either(str, int), "name": str, "tenant_id": str, "rules": Each(Either(_RULE, None)), "description": str}
)
GROUP = Only({"security_group": _GROUP})
GROUPS = Only({"security_groups": Each(_GROUP)})
PATH = "/os-security-groups"
ONE = f"{PATH}/{{security_group_id}}"


class SecurityGroups:
    """The security groups of a project."""

    def __init__(self, compute: Compute) -> None:
        """Speak by way of ``compute``."""
        self._compute = compute
        self._session = compute.session

    def _send(self, operation: str, path: str, body: Any = None) -> Answer:  # noqa: ANN401 - a JSON value
        return self._compute.request(operation, path, body, headers=self._compute.at(None))

    def all(self) -> Answer:
        """GET /os-security-groups."""
        return self._send(f"GET {PATH}", PATH)

    def one(self, group: str) -> Answer:
        """GET /os-security-groups/{security_group_id}."""
        return self._send(f"GET {ONE}", f"{PATH}/{group}")

    def create(self, name: str, description: str) -> Answer:
        """POST /os-security-groups. The name, which must be one of ours, is entered in the ledger first."""
        body = {"security_group": {"name": name, "description": description}}
        return self._compute.create(
            "security-group",
            [{"name": name}],
            lambda: self._send(f"POST {PATH}", PATH, body),
            lambda answer: [told(answer, "security_group", "id")],
        )

    def update(self, group: str, name: str, description: str) -> Answer:
        """PUT /os-security-groups/{security_group_id}."""
        body = {"security_group": {"name": name, "description": description}}
        return self._send(f"PUT {ONE}", f"{PATH}/{group}", body)

    def delete(self, group: str) -> Answer:
        """DELETE /os-security-groups/{security_group_id}."""
        return deleted(self._session, group, self._send(f"DELETE {ONE}", f"{PATH}/{group}"))

    def gone(self, group: str) -> Answer:
        """Wait until a group that was deleted is there no more."""
        answer = self._session.wait.gone(lambda: self.one(group))
        self._session.over(group)
        return answer

    def of(self, server: str) -> Answer:
        """GET /servers/{server_id}/os-security-groups."""
        return self._send(f"GET {SERVER}{PATH}", f"{SERVERS}/{server}{PATH}")

    def new(self) -> dict[str, Any]:
        """Prepare a group; return it as it was made."""
        with self._session.setting_up():
            made = self.create(self._session.name(), "made for a test").status(200)
            found: dict[str, Any] = made.json()["security_group"]
            return found
