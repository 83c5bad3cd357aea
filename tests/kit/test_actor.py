"""Somebody who acts on a cloud: tokens, log-ins that expire, services that are not there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from defcore.cloud.http import TroubleError
from defcore.kit.actor import Actor
from defcore.kit.change import Change, Changer
from defcore.kit.outcomes import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.credential import Credential
    from defcore.kit.session import Session
    from tests.conftest import Server


class Target:
    """A log-in that gives one token after the other."""

    def __init__(self, credential: Credential) -> None:
        self.credential = credential
        self.number = 1
        self.services = {"object-store": "http://swift"}

    def token(self) -> str:
        """Give the token of now."""
        return f"token-{self.number}"

    def renew(self) -> str:
        """Log in anew."""
        self.number += 1
        return self.token()

    def secrets(self) -> tuple[str, ...]:
        """Give what must be written nowhere."""
        return (self.token(),)

    def endpoint(self, kind: str) -> str | None:
        """Look into the catalogue."""
        return self.services.get(kind)


@pytest.fixture
def actor(session: Session, credential: Credential) -> Actor:
    """Give an actor who is logged in by other means than Keystone."""
    found = Actor("main", credential, session)
    found.target = Target(credential)  # type: ignore[assignment]
    return found


def sent_tokens(cloud: Server) -> list[str | None]:
    """Give the token of each request."""
    found: list[str | None] = []
    for request in cloud.requests:
        lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")
        tokens = [line.partition(": ")[2] for line in lines if line.lower().startswith("x-auth-token:")]
        found.append(tokens[0] if tokens else None)
    return found


def test_a_token_that_has_expired_is_renewed_once(
    actor: Actor, server: Callable[..., Server], respond: Callable[..., bytes]
) -> None:
    """A run that lasts longer than a token must go on, but not log in again and again."""
    cloud = server(respond("401 No"), respond())
    assert actor.send("GET", cloud.url, operation="OP").exchange.status == 200
    assert sent_tokens(cloud) == ["token-1", "token-2"]
    refusing = server(respond("401 No"))
    assert actor.send("GET", refusing.url, operation="OP").exchange.status == 401
    assert sent_tokens(refusing) == ["token-2", "token-3"]
    assert actor.session.scrubber.text("token-3") == "[hidden]"


def test_a_test_whose_time_is_up_asks_nothing_more(actor: Actor, server: Callable[..., Server]) -> None:
    """Cleaning up after a Keystone that hangs would wait for it once for each thing in the ledger."""
    cloud = server()
    actor.session.deadline = time.monotonic() - 1
    with pytest.raises(TroubleError, match="time is up"):
        actor.send("GET", cloud.url, operation="OP")
    assert cloud.connections == 0


@pytest.mark.parametrize(("token", "sent"), [(None, None), ("theirs", "theirs")])
def test_a_401_without_our_token_is_an_answer(
    actor: Actor, server: Callable[..., Server], respond: Callable[..., bytes], token: str | None, sent: str | None
) -> None:
    """A test that shows that a request without a token is refused must not be helped to pass with one."""
    cloud = server(respond("401 No"))
    assert actor.send("GET", cloud.url, operation="OP", token=token).exchange.status == 401
    assert sent_tokens(cloud) == [sent]


def test_a_401_that_we_made_up_does_not_log_in(
    actor: Actor, server: Callable[..., Server], respond: Callable[..., bytes]
) -> None:
    """A declared change to 401 must reach the test."""
    cloud = server(respond())
    actor.session.changer = Changer(Change(on="OP", status=401))
    assert actor.send("GET", cloud.url, operation="OP").exchange.status == 401
    assert len(cloud.requests) == 1


def test_preparations_are_not_altered_and_known_as_such(
    actor: Actor, server: Callable[..., Server], respond: Callable[..., bytes]
) -> None:
    """A test whose preparation breaks did not test, and the report must say so."""
    cloud = server(respond())
    actor.session.stage, actor.session.changer = "test", Changer(Change(on="OP", status=500))
    with actor.setting_up():
        stages = [str(actor.session.stage)]
        assert actor.send("GET", cloud.url, operation="OP").exchange.status == 200
    stages.append(str(actor.session.stage))
    assert actor.send("GET", cloud.url, operation="OP").exchange.status == 500
    with pytest.raises(ZeroDivisionError), actor.setting_up():
        raise ZeroDivisionError
    stages.append(str(actor.session.stage))
    assert stages == ["setup", "test", "setup"]


def test_the_deadline_of_the_test_bounds_its_requests(
    actor: Actor, server: Callable[..., Server], respond: Callable[..., bytes]
) -> None:
    """A request knows how much time its test has left."""
    actor.session.deadline = time.monotonic() + 5
    actor.send("GET", server(respond()).url, operation="OP")
    assert actor.http.deadline == actor.session.deadline


def test_a_service_that_the_catalogue_lacks_is_unsupported(actor: Actor) -> None:
    """A cloud without an object store does not fail the object store's tests."""
    assert actor.service("object-store") == "http://swift"
    assert actor.session.scrubber.text("token-1") == "[hidden]"
    with pytest.raises(UnsupportedError, match="no compute service"):
        actor.service("compute")


def test_a_catalogue_without_a_service_is_none_on_a_real_cloud(credentials: dict[str, Any], session: Session) -> None:
    """Keystoneauth raises for it, which was an error of ours once."""
    with pytest.raises(UnsupportedError):
        Actor("main", credentials["main"], session).service("compute")
