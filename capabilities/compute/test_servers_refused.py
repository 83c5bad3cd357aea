"""Servers that are not made. https://docs.openstack.org/api-ref/compute/#create-server"""

from __future__ import annotations

from typing import Any

from defcore.kit import Answer, Change, Compute, Session, api_test

REFERENCE = "https://docs.openstack.org/api-ref/compute/#create-server"
USES = ("image", "flavor", "network", "server")
CREATES = {"server": 1, "port": 1}
MADE = Change(on="POST /servers", status=202)


def create(compute: Compute, session: Session, **more: Any) -> Answer:  # noqa: ANN401 - members of a server
    """Ask for a server like the one that all tests look at, but for these members."""
    with session.setting_up():
        # So it is shown that the rest of the request is as it must be.
        session.common("server")
    return compute.create_server(compute.blueprint(**more))


@api_test(
    "dbbfd247-c40c-449e-8f6c-d2aa7c7da7cf",
    service="compute",
    reference=REFERENCE,
    uses=USES,
    creates=CREATES,
    seconds=0.1,
    fails_if=MADE,
)
def test_empty_name(compute: Compute, session: Session) -> None:
    """No server is made with an empty name."""
    create(compute, session, name="").status(400)


@api_test(
    "fd57f159-68d6-4c2a-902b-03070828a87e",
    service="compute",
    reference=REFERENCE,
    uses=USES,
    creates=CREATES,
    seconds=0.1,
    fails_if=MADE,
)
def test_number_for_a_name(compute: Compute, session: Session) -> None:
    """No server is made with a number in the place of its name."""
    create(compute, session, name=12345).status(400)


@api_test(
    "c3e0fb12-07fc-4d76-a22e-37409887afe8",
    service="compute",
    reference=REFERENCE,
    uses=USES,
    creates=CREATES,
    seconds=0.1,
    fails_if=MADE,
)
def test_long_name(compute: Compute, session: Session) -> None:
    """No server is made with a name of more than 255 characters."""
    create(compute, session, name=f"{session.name()}-".ljust(256, "a")).status(400)


@api_test(
    "fcba1052-0a50-4cf3-b1ac-fae241edf02f",
    service="compute",
    reference=REFERENCE,
    uses=USES,
    creates=CREATES,
    seconds=0.1,
    fails_if=MADE,
)
def test_no_such_image(compute: Compute, session: Session) -> None:
    """No server is made from an image that cannot be one."""
    create(compute, session, imageRef=-1).status(400)


@api_test(
    "18f5227f-d155-4429-807c-ccb103887537",
    service="compute",
    reference=REFERENCE,
    uses=USES,
    creates=CREATES,
    seconds=0.1,
    fails_if=MADE,
)
def test_no_such_flavor(compute: Compute, session: Session) -> None:
    """No server is made with a flavor that does not exist."""
    create(compute, session, flavorRef=-1).status(400)


@api_test(
    "5226dd80-1e9c-4d8a-b5f9-b26ca4763fd0",
    service="compute",
    reference=REFERENCE,
    uses=USES,
    creates=CREATES,
    seconds=0.1,
    fails_if=MADE,
)
def test_no_ipv6_address(compute: Compute, session: Session) -> None:
    """No server is made with an access address for IPv6 that is none."""
    create(compute, session, accessIPv6="notvalid").status(400)


@api_test(
    "4e72dc2d-44c5-4336-9667-f7972e95c402",
    service="compute",
    reference=REFERENCE,
    uses=USES,
    creates=CREATES,
    seconds=0.1,
    fails_if=MADE,
)
def test_no_such_network(compute: Compute, session: Session) -> None:
    """No server is made on a network whose id cannot be one."""
    networks = [{"fixed_ip": "10.0.1.1", "uuid": "a-b-c-d-e-f-g-h-i-j"}]
    create(compute, session, networks=networks).status(400)


@api_test(
    "7fc74810-0bd2-4cd7-8244-4f33a9db865a",
    service="compute",
    reference=REFERENCE,
    uses=USES,
    creates=CREATES,
    seconds=0.1,
    fails_if=MADE,
)
def test_long_metadata(compute: Compute, session: Session) -> None:
    """No server is made with an item of metadata of more than 255 characters."""
    create(compute, session, metadata={"a": "b" * 260}).status(400, 413)
