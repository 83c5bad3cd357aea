"""Tags of a server. https://docs.openstack.org/api-ref/compute/#server-tags-servers-tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit.compute.checks import speaks
from defcore.kit.compute.client import SERVER, SERVERS
from defcore.kit.match import Each, Only, text_like

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.kit.answer import Answer
    from defcore.kit.compute.client import Compute

VERSION = "2.26"
TAGS = Only({"tags": Each(text_like("a tag of at most 60 characters without ',' and '/'", r"(?s)[^,/]{0,60}"))})
ALL, ONE = f"{SERVER}/tags", f"{SERVER}/tags/{{tag}}"


class Tags:
    """The tags of one server, at the microversion that brought them."""

    def __init__(self, compute: Compute, server: str) -> None:
        """Take the server's id."""
        self._compute = compute
        self._path = f"{SERVERS}/{server}/tags"

    def _send(self, operation: str, path: str, body: Any = None) -> Answer:  # noqa: ANN401 - a JSON value
        answer = self._compute.request(operation, path, body, headers=self._compute.at(VERSION))
        return speaks(answer, VERSION, "server tags")

    def all(self) -> Answer:
        """GET /servers/{server_id}/tags."""
        return self._send(f"GET {ALL}", self._path)

    def replace(self, tags: Sequence[str]) -> Answer:
        """PUT /servers/{server_id}/tags."""
        return self._send(f"PUT {ALL}", self._path, {"tags": list(tags)})

    def clear(self) -> Answer:
        """DELETE /servers/{server_id}/tags."""
        return self._send(f"DELETE {ALL}", self._path)

    def has(self, tag: str) -> Answer:
        """GET /servers/{server_id}/tags/{tag}."""
        return self._send(f"GET {ONE}", f"{self._path}/{tag}")

    def add(self, tag: str) -> Answer:
        """PUT /servers/{server_id}/tags/{tag}."""
        return self._send(f"PUT {ONE}", f"{self._path}/{tag}")

    def delete(self, tag: str) -> Answer:
        """DELETE /servers/{server_id}/tags/{tag}."""
        return self._send(f"DELETE {ONE}", f"{self._path}/{tag}")
