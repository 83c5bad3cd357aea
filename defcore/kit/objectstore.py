"""The object store (Swift API v1), one method an operation, and the preparations that its tests share."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from defcore.kit.answer import CheckFailedError
from defcore.kit.object_headers import NO_CONTENT, QUOTED_ETAG, check_usual
from defcore.kit.owing import refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from defcore.kit.actor import Actor
    from defcore.kit.answer import Answer
    from defcore.run.ledger import Entry

ACCOUNT = "/v1/{account}"
CONTAINER = "/v1/{account}/{container}"
OBJECT = "/v1/{account}/{container}/{object}"


@dataclass(slots=True)
class Ours:
    """What this process has made in an account, by container: what is owed, and the objects that may be in it.

    It saves requests and nothing rests on it: what it does not know of is found by a listing.
    """

    owed: dict[str, Entry] = field(default_factory=dict)
    objects: dict[str, set[str]] = field(default_factory=dict)


class ObjectStore:
    """Object Storage API v1, https://docs.openstack.org/api-ref/object-store/.

    ``url`` is the account's URL. The method names say the HTTP method and what it is applied to.
    Every operation of this API may be carried out twice: POST sets what it names, COPY replaces its target. The one
    exception is a versioned container, where each PUT or DELETE is one version more or less: ``repeatable=False``.
    """

    def __init__(self, actor: Actor, url: str, ours: Ours | None = None) -> None:
        """Speak to the account at ``url``, in which ``ours`` is there already."""
        self._actor = actor
        self.url = url
        self._ours = ours or Ours()
        self._about: dict[str, Any] | None = None

    @property
    def role(self) -> str:
        """The role of who acts, as the ledger names it."""
        return self._actor.role

    @property
    def grantee(self) -> str:
        """Who acts, as a container's access list names a user: ``PROJECT_ID:USER_ID``."""
        return f"{self._actor.target.project_id}:{self._actor.target.user_id}"

    def at(self, other: ObjectStore) -> ObjectStore:
        """Return the same user's view of another one's account."""
        return ObjectStore(self._actor, other.url, other._ours)

    def of(self, url: str) -> ObjectStore:
        """Return the same user's view of the account at ``url``."""
        return ObjectStore(self._actor, url)

    # -- the API ---------------------------------------------------------------------------------------------------

    def info(self) -> Answer:
        """GET /info: what the cluster can do (discoverability)."""
        root = self.url[: self._root_ends(self.url)]
        return self._actor.send("GET", f"{root}/info", operation="GET /info", token=None, probe=self._probe)

    def get_account(self, url: str | None = None, **params: str) -> Answer:
        """List the containers of the account."""
        return self._send("GET", ACCOUNT, url or self.url, params=params)

    def head_account(self, url: str | None = None) -> Answer:
        """Show the account's metadata."""
        return self._send("HEAD", ACCOUNT, url or self.url)

    def post_account(self, headers: Mapping[str, str], url: str | None = None) -> Answer:
        """Create, update or delete account metadata."""
        return self._send("POST", ACCOUNT, url or self.url, headers=headers)

    def put_container(self, name: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Create a container, or update its metadata. It is entered in the ledger first, unless it stands there."""
        session, owed = self._actor.session, self._ours.owed
        new = name not in owed
        if new:
            owed[name] = session.owe("container", self._actor.role, {"name": name, "account": self.url})
        answer = self._send("PUT", CONTAINER, self.path(name), headers=headers)
        if new and refused(answer):
            session.settled(owed.pop(name))
        return answer

    def get_container(self, name: str, **params: str) -> Answer:
        """List the objects of a container."""
        return self._send("GET", CONTAINER, self.path(name), params=params)

    def head_container(self, name: str) -> Answer:
        """Show a container's metadata."""
        return self._send("HEAD", CONTAINER, self.path(name))

    def post_container(self, name: str, headers: Mapping[str, str]) -> Answer:
        """Create, update or delete container metadata."""
        return self._send("POST", CONTAINER, self.path(name), headers=headers)

    def delete_container(self, name: str) -> Answer:
        """Delete an empty container. One of ours that is gone by that is owed no longer."""
        answer = self._send("DELETE", CONTAINER, self.path(name))
        if answer.exchange.status == NO_CONTENT and not answer.exchange.altered and name in self._ours.owed:
            self._actor.session.settled(self._ours.owed[name])
            self.forget(name)
        return answer

    def put_object(
        self,
        container: str,
        name: str,
        data: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        repeatable: bool = True,
        **params: str,
    ) -> Answer:
        """Create or replace an object."""
        self._ours.objects.setdefault(container, set()).add(name)
        url = self.path(container, name)
        return self._send("PUT", OBJECT, url, headers=headers, params=params, body=data, repeatable=repeatable)

    def get_object(self, container: str, name: str, headers: Mapping[str, str] | None = None, **params: str) -> Answer:
        """Download an object."""
        return self._send("GET", OBJECT, self.path(container, name), headers=headers, params=params)

    def head_object(self, container: str, name: str, **params: str) -> Answer:
        """Show an object's metadata."""
        return self._send("HEAD", OBJECT, self.path(container, name), params=params)

    def post_object(self, container: str, name: str, headers: Mapping[str, str]) -> Answer:
        """Create or update object metadata."""
        return self._send("POST", OBJECT, self.path(container, name), headers=headers)

    def copy_object(self, container: str, name: str, headers: Mapping[str, str]) -> Answer:
        """Copy an object to where the header ``Destination`` says."""
        target, _, copy = unquote(headers.get("Destination", "")).lstrip("/").partition("/")
        self._ours.objects.setdefault(target, set()).add(copy)
        return self._send("COPY", OBJECT, self.path(container, name), headers=headers)

    def delete_object(
        self,
        container: str,
        name: str,
        headers: Mapping[str, str] | None = None,
        *,
        repeatable: bool = True,
        **params: str,
    ) -> Answer:
        """Delete an object."""
        url = self.path(container, name)
        answer = self._send("DELETE", OBJECT, url, headers=headers, params=params, repeatable=repeatable)
        if answer.exchange.status == NO_CONTENT and not answer.exchange.altered:
            self._ours.objects.get(container, set()).discard(name)
        return answer

    def delete_at_once(self, container: str, names: Iterable[str]) -> Answer:
        """Delete objects and, if that was all that was in it, their container: POST with bulk-delete.

        https://docs.openstack.org/swift/latest/middleware.html#bulk-delete
        """
        paths = [f"/{quote(container, safe='')}/{quote(name)}" for name in names]
        body = "\n".join([*paths, f"/{quote(container, safe='')}"]).encode()
        headers = {"Content-Type": "text/plain", "Accept": "application/json"}
        return self._send("POST", ACCOUNT, self.url, headers=headers, params={"bulk-delete": ""}, body=body)

    def forget(self, container: str) -> list[str]:
        """Return the objects that this process has put into a container and knows of, and forget about it."""
        self._ours.owed.pop(container, None)
        return sorted(self._ours.objects.pop(container, ()))

    def anonymous(self, method: str, url: str, data: bytes = b"", **params: str) -> Answer:
        """Send a request on an object's URL without any token, as somebody with a temporary URL would."""
        return self._send(method, OBJECT, url, params=params, body=data, token=None)

    # -- where things are ------------------------------------------------------------------------------------------

    def path(self, container: str, name: str | None = None) -> str:
        """Return the URL of a container, or of an object in it."""
        tail = f"/{quote(name)}" if name is not None else ""
        return f"{self.url}/{quote(container, safe='')}{tail}"

    def signed_path(self, container: str, name: str) -> str:
        """Return the path that a temporary URL's signature covers: decoded, without what stands before ``/v1/``."""
        account = urlsplit(self.url).path
        return f"{unquote(account[self._root_ends(account) :])}/{container}/{name}"

    @staticmethod
    def _root_ends(account: str) -> int:
        """Return where ``/v1/ACCOUNT`` begins; some clouds have no account in the URL, and any may have a prefix."""
        found = account.rfind("/v1/")
        return found if found >= 0 else len(account.removesuffix("/v1"))

    # -- what the cluster says of itself ---------------------------------------------------------------------------

    def about(self) -> dict[str, Any]:
        """Return what ``/info`` announces; nothing for a cluster without it."""
        if self._about is None:
            with self._actor.setting_up():
                try:
                    found = self.info().status(200).json()
                except CheckFailedError:
                    found = {}
            self._about = found if isinstance(found, dict) else {}
        return self._about

    def lacks(self, extension: str) -> bool:
        """Say whether ``/info`` tells that the cluster has no such capability; without ``/info`` nothing is told."""
        return bool(self.about()) and extension not in self.about()

    def usual_headers(self, answer: Answer) -> None:
        """Check the headers that belong to every answer of its kind: for ``Answer.check``."""
        check_usual(answer, self._policies())

    def large_object_headers(self, answer: Answer) -> None:
        """Check the same of a large object, whose ETag stands in quotes."""
        check_usual(answer, self._policies(), QUOTED_ETAG)

    def _policies(self) -> list[str]:
        return [str(item["name"]) for item in self.about().get("swift", {}).get("policies", ())]

    # -- preparations ----------------------------------------------------------------------------------------------

    def new_container(self, headers: Mapping[str, str] | None = None, word: str = "") -> str:
        """Create a container of our own and return its name."""
        return self.named_container(self._actor.session.name(word), headers)

    def named_container(self, name: str, headers: Mapping[str, str] | None = None) -> str:
        """Create a container under a name that belongs to one that we have already."""
        with self._actor.setting_up():
            self.put_container(name, headers).success()
        return name

    def new_object(
        self,
        container: str,
        name: str | None = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[str, bytes]:
        """Create an object and return its name and content (random where none is given)."""
        name = name or self._actor.session.name()
        data = secrets.token_bytes(1024) if data is None else data
        with self._actor.setting_up():
            answer = self.put_object(container, name, data, headers)
            if answer.exchange.status == 409:  # noqa: PLR2004 - HTTP
                # A container that was created a moment ago may not be known everywhere.
                answer = self._actor.session.settle(lambda: self.put_object(container, name, data, headers).success())
            answer.success()
        return name, data

    def _send(
        self,
        method: str,
        what: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: bytes = b"",
        token: str | None = "",
        repeatable: bool = True,
    ) -> Answer:
        return self._actor.send(
            method,
            url,
            operation=f"{method} {what}",
            headers=headers,
            # The one name of a parameter that is no name in Python.
            params={name.replace("multipart_", "multipart-"): value for name, value in (params or {}).items()},
            body=body,
            token=token,
            probe=self._probe,
            idempotent=repeatable,
        )

    def _probe(self) -> str | None:
        status = self._actor.http.glance(self.url, self._actor.target.token())
        return None if status is not None and status < 500 else "its account cannot be read"  # noqa: PLR2004 - HTTP
