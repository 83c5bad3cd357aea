"""What the JSON APIs have in common: one place that sends, names the operation, and says what may be repeated."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from defcore.kit.owing import create, deleted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from defcore.kit.actor import Actor
    from defcore.kit.answer import Answer
    from defcore.kit.session import Session


class Service:
    """A JSON API of a cloud. ``url`` is its versioned base, without a slash at the end.

    An operation is written as the API reference has it, such as ``GET /servers/{server_id}``; several actions that
    share a path add their name: ``POST /servers/{server_id}/action (reboot)``.
    """

    version = ""
    """Path of the version in a URL, such as ``/v2``; appended where the catalogue leaves it out."""

    def __init__(self, actor: Actor, url: str) -> None:
        """Speak to the service at ``url``."""
        self._actor = actor
        self.url = url if re.search(r"/v\d[^/]*(/[^/]+)?$", url) else f"{url}{self.version}"

    @property
    def session(self) -> Session:
        """What all tests share."""
        return self._actor.session

    @property
    def role(self) -> str:
        """The role of who acts, as the ledger names it."""
        return self._actor.role

    @property
    def project_id(self) -> str:
        """The project of who acts."""
        return self._actor.target.project_id

    @property
    def user_id(self) -> str:
        """The user who acts."""
        return self._actor.target.user_id

    def lacks(self, extension: str) -> bool:
        """Say whether the service tells that it has no such extension; most tell nothing."""
        del extension
        return False

    def root(self) -> str:
        """Return the URL above the version, where the versions are listed; it ends in a slash."""
        return re.sub(r"/v\d[^/]*(/[^/]+)?$", "", self.url) + "/"

    def request(
        self,
        operation: str,
        path: str,
        body: Any = None,  # noqa: ANN401 - a JSON value
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        idempotent: bool | None = None,
        token: str | None = "",
    ) -> Answer:
        """Send the method of ``operation`` to ``path`` below the base (or to a whole URL), with a JSON body if given.

        ``content`` are bytes in the place of JSON. ``idempotent`` says of a POST or PATCH that it may be sent twice.
        """
        sent = {"Accept": "application/json", **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
            content = json.dumps(body).encode()
        return self._actor.send(
            operation.partition(" ")[0],
            path if urlsplit(path).scheme else f"{self.url}{path}",
            operation=operation,
            headers=sent,
            params=params,
            body=content or b"",
            token=token,
            probe=self._probe,
            idempotent=idempotent,
        )

    def create(
        self,
        kind: str,
        names: Sequence[dict[str, Any]],
        send: Callable[[], Answer],
        ids: Callable[[Answer], Sequence[object]],
    ) -> Answer:
        """Have things of a kind of ledger created, see ``owing.create``."""
        return create(self.session, self.role, kind, names, send, ids)

    def delete(self, operation: str, path: str, thing: str) -> Answer:
        """Send a DELETE; what is gone by that, or will be, is not told to go again."""
        return deleted(self.session, thing, self.request(operation, path))

    def _probe(self) -> str | None:
        """Say that the whole service is down, or None: it answers what needs next to nothing."""
        status = self._actor.http.glance(self.root())
        return None if status is not None and status < 500 else "its list of versions cannot be read"  # noqa: PLR2004
