"""What a test says of itself: id, needs, reference, and the change under which it fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Container

    from defcore.kit.change import Change

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NEEDS = {
    "alt": "a second project",
    "empty": "a project in which nothing was ever stored",
    "reader": "a user with the role reader",
    "reseller": "a user with the role ResellerAdmin",
    "spare": "a user whose password may be changed for a while",
}
"""Credentials beyond the main one that a test may need, by the suffix of their entry in ``clouds.yaml``."""
PASSWORD = "password"  # noqa: S105 - the word for the need, no password
"""The one further need: that the main credential logs in with a password."""
ANNOUNCING = frozenset({"object-store", "network"})
"""The services that tell which extensions they have; of others a test cannot demand any."""
RESOURCES = {
    "container": "containers",
    "object": "objects",
    "server": "servers",
    "server-group": "server groups",
    "keypair": "key pairs",
    "image": "images",
    "volume": "volumes",
    "snapshot": "snapshots",
    "network": "networks",
    "subnet": "subnets",
    "port": "ports",
    "router": "routers",
    "subnet-pool": "subnet pools",
    "address-scope": "address scopes",
    "floating-ip": "floating IPs",
    "security-group": "security groups",
    "security-group-rule": "security group rules",
    "application-credential": "application credentials",
}
"""What a test may create, and the word for several of it."""
USUAL: dict[str, dict[str, int]] = {"object-store": {"container": 1, "object": 1}}
"""What a test of a service creates at the most, where it does not say."""

TestFunction = TypeVar("TestFunction", bound=Callable[..., None])


@dataclass(frozen=True, slots=True)
class TestMeta:
    """The declaration beside a test. ``extensions`` are ``service:name`` pairs that the cloud must announce.

    ``creates`` says how many of which resource exist at the most while it runs; ``shared``: they belong to all the
    tests of its file, and live as long as the worker. ``uses`` names what it shares with all tests of the run, by the
    keys of ``defcore.kit.commons.COMMONS``; ``gives`` what it leaves to them in the place of ending it.
    """

    __test__ = False

    id: str
    service: str
    reference: str
    fails_if: Change
    needs: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    seconds: float = 0.1
    revision: int = 1
    creates: Mapping[str, int] = field(default_factory=dict, hash=False)
    shared: bool = False
    uses: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()


def api_test(  # noqa: PLR0913 - a declaration, by keyword
    test_id: str,
    *,
    service: str,
    reference: str,
    fails_if: Change,
    needs: tuple[str, ...] = (),
    extensions: tuple[str, ...] = (),
    seconds: float = 0.1,
    revision: int = 1,
    creates: Mapping[str, int] | None = None,
    shared: bool = False,
    uses: tuple[str, ...] = (),
    gives: tuple[str, ...] = (),
) -> Callable[[TestFunction], TestFunction]:
    """Declare an API test under its idempotent id.

    ``service`` is the catalogue type that it tests, ``reference`` the page of the API reference, ``fails_if`` the
    change of a real response under which it must fail, ``needs`` the credentials of ``NEEDS`` beyond the main one,
    ``extensions`` what the service must announce (else the outcome is ``unsupported``), ``seconds`` roughly how long it
    takes by itself; ``revision`` grows whenever its behaviour changes. ``needs`` may also hold ``password``.
    ``creates`` maps a kind of ``RESOURCES`` to how many of it exist at the most while the test runs (else ``USUAL`` for
    its service); with ``shared`` they are made once for all the tests of its file and stay until the worker ends.
    ``uses`` names things that all tests of the run share and none changes: a server, a volume, a chosen image (see
    ``kit.commons``); ``gives`` names those of them for which it leaves them what it has made, so that it is not made
    once more.
    """
    if not _ID.fullmatch(test_id):
        message = f"{test_id!r} is not a bare lowercase UUID"
        raise ValueError(message)
    if unknown := set(needs) - {*NEEDS, PASSWORD}:
        message = f"unknown needs: {sorted(unknown)}"
        raise ValueError(message)
    made = USUAL.get(service, {}) if creates is None else creates
    if unknown := set(made) - set(RESOURCES):
        message = f"unknown resources: {sorted(unknown)}"
        raise ValueError(message)
    meta = TestMeta(
        test_id, service, reference, fails_if, needs, extensions, seconds, revision, dict(made), shared, uses, gives
    )

    def mark(function: TestFunction) -> TestFunction:
        function.__defcore__ = meta  # type: ignore[attr-defined]
        return function

    return mark


def unmet(meta: TestMeta, main: str, roles: Container[str], *, password: bool) -> str | None:
    """Say what keeps a test from being run, or None.

    ``main`` is the name of the main entry, ``roles`` those for which there is a credential; ``password`` says whether
    the main one logs in with a password.
    """
    for need in meta.needs:
        if need == PASSWORD and not password:
            return f"needs a password: entry {main} of clouds.yaml logs in by other means"
        if need in NEEDS and need not in roles:
            return f"needs {NEEDS[need]}: give --{need} NAME, or add an entry {main}-{need} to clouds.yaml"
    return None


def meta_of(function: Any) -> TestMeta | None:  # noqa: ANN401 - anything callable
    """Return the declaration of a test function, or None."""
    found = getattr(function, "__defcore__", None)
    return found if isinstance(found, TestMeta) else None
