"""Somebody who acts on a cloud: one credential with its service clients."""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from defcore.cloud.http import Http, TroubleError
from defcore.cloud.target import Target
from defcore.kit.answer import Answer
from defcore.kit.compute import Compute
from defcore.kit.identity import Identity
from defcore.kit.image import Images
from defcore.kit.network import Networks
from defcore.kit.objectstore import ObjectStore
from defcore.kit.outcomes import UnsupportedError
from defcore.kit.volume import Volumes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from defcore.cloud.credential import Credential
    from defcore.cloud.http import Exchange
    from defcore.kit.service import Service
    from defcore.kit.session import Session


class Actor:
    """A credential in use. ``role`` is ``main`` or the suffix of an auxiliary entry."""

    def __init__(self, role: str, credential: Credential, session: Session) -> None:
        """Make an actor; nothing is sent until a client is used."""
        self.role = role
        self.session = session
        self.target = Target(credential, policy=session.policy, tell=session.stumbled)
        self.http = Http(credential, session.saw, policy=session.policy)

    @cached_property
    def object_store(self) -> ObjectStore:
        """The object store as this actor sees it."""
        return ObjectStore(self, self.service("object-store"))

    @cached_property
    def compute(self) -> Compute:
        """Nova as this actor sees it."""
        return Compute(self, self.service("compute"))

    @cached_property
    def image(self) -> Images:
        """Glance as this actor sees it."""
        return Images(self, self.service("image"))

    @cached_property
    def network(self) -> Networks:
        """Neutron as this actor sees it."""
        return Networks(self, self.service("network"))

    @cached_property
    def block_storage(self) -> Volumes:
        """Cinder as this actor sees it."""
        return Volumes(self, self.service("block-storage"))

    def client(self, kind: str) -> Service:
        """Return the client of a service with a JSON API, by the service's type in the catalogue."""
        found: Service = getattr(self, kind.replace("-", "_"))
        return found

    @cached_property
    def identity(self) -> Identity:
        """Keystone as this actor sees it."""
        return Identity(self, self.target.identity_url())

    def service(self, kind: str) -> str:
        """Return a service's base URL; a catalogue without it makes the test ``unsupported``."""
        self.session.know(*self.target.secrets())
        url = self.target.endpoint(kind)
        if url is None:
            message = f"the catalogue has no {kind} service"
            raise UnsupportedError(message)
        return url

    def send(
        self,
        method: str,
        url: str,
        *,
        operation: str,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: bytes = b"",
        token: str | None = "",
        probe: Callable[[], str | None] | None = None,
        idempotent: bool | None = None,
    ) -> Answer:
        """Send a request with our token (``token=None``: without any; or with that one).

        ``idempotent``: whether the operation may be carried out twice, where its method does not tell.
        """
        sent = dict(headers or {})
        if self.session.deadline is not None and time.monotonic() >= self.session.deadline:
            # Said here too: the log-in knows of no deadline, and cleaning up may have many things to end.
            raise TroubleError("the test's time is up", f"{method} {url}")
        if token is not None:
            sent["X-Auth-Token"] = token or self.target.token()
        self.http.alter = self.session.changer
        self.http.deadline = self.session.deadline

        def go() -> Exchange:
            return self.http.send(
                method,
                url,
                operation=operation,
                headers=sent,
                params=params,
                body=body,
                probe=probe,
                idempotent=idempotent,
            )

        exchange = go()
        if exchange.status == 401 and token == "" and not exchange.altered:  # noqa: PLR2004 - HTTP
            # Ours may have expired, or been revoked by somebody: a second 401 is an answer.
            sent["X-Auth-Token"] = self.target.renew()
            self.session.know(sent["X-Auth-Token"])
            exchange = go()
        return Answer(exchange)

    @contextmanager
    def setting_up(self) -> Iterator[None]:
        """Mark what is done inside as preparation: declared changes do not reach it, its failures are ``setup``."""
        with self.session.setting_up():
            yield
