"""Requests about a server that are refused: there is no such server, or it cannot be as is asked.

https://docs.openstack.org/api-ref/compute/#servers-servers
"""

from __future__ import annotations

import uuid

from defcore.kit import Change, Compute, Session, api_test
from defcore.kit.compute.actions import allowed

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
SERVER = "/servers/{server_id}"
USES = ("lent-server",)


def no_server(session: Session) -> str:
    """Return the id of no server. That one which is there is found was seen when the shared one was made."""
    session.common("server")
    return str(uuid.uuid4())


@api_test(
    "3436b02f-1b1e-4f03-881e-c6a602327439",
    service="compute",
    reference=f"{REFERENCE}#show-server-details",
    uses=("server",),
    seconds=0.1,
    fails_if=Change(on=f"GET {SERVER}", status=200),
)
def test_show_no_server(compute: Compute, session: Session) -> None:
    """A server that does not exist is not found."""
    compute.server(no_server(session)).status(404)


@api_test(
    "aa8eed43-e2cb-4ebf-930b-da14f6a21d81",
    service="compute",
    reference=f"{REFERENCE}#update-server",
    uses=("server",),
    seconds=0.1,
    fails_if=Change(on=f"PUT {SERVER}", status=200),
)
def test_rename_no_server(compute: Compute, session: Session) -> None:
    """A server that does not exist is not found to be given another name."""
    compute.update_server(no_server(session), name=session.name()).status(404)


@api_test(
    "d4c023a0-9c55-4747-9dd5-413b820143c7",
    service="compute",
    reference=f"{REFERENCE}#reboot-server-reboot-action",
    uses=("server",),
    seconds=0.1,
    fails_if=Change(on=f"POST {SERVER}/action (reboot)", status=202),
)
def test_reboot_no_server(compute: Compute, session: Session) -> None:
    """A server that does not exist is not found to be rebooted."""
    compute.action(no_server(session), "reboot", {"type": "SOFT"}).status(404)


@api_test(
    "a31460a9-49e1-42aa-82ee-06e0bb7c2d03",
    service="compute",
    reference=f"{REFERENCE}#stop-server-os-stop-action",
    uses=("server",),
    seconds=0.1,
    fails_if=Change(on=f"POST {SERVER}/action (os-stop)", status=202),
)
def test_stop_no_server(compute: Compute, session: Session) -> None:
    """A server that does not exist is not found to be stopped."""
    compute.action(no_server(session), "os-stop").status(404)


@api_test(
    "d86141a7-906e-4731-b187-d64a2ea61422",
    service="compute",
    reference=f"{REFERENCE}#rebuild-server-rebuild-action",
    uses=("server", "image"),
    seconds=0.1,
    fails_if=Change(on=f"POST {SERVER}/action (rebuild)", status=202),
)
def test_rebuild_no_server(compute: Compute, session: Session) -> None:
    """A server that does not exist is not found to be rebuilt."""
    image = session.common("image")["id"]
    compute.action(no_server(session), "rebuild", {"imageRef": image}).status(404)


@api_test(
    "98fa0458-1485-440f-873b-fe7f0d714930",
    service="compute",
    reference=f"{REFERENCE}#rebuild-server-rebuild-action",
    uses=("deleted-server", "image"),
    seconds=0.1,
    fails_if=Change(on=f"POST {SERVER}/action (rebuild)", status=202),
)
def test_rebuild_deleted_server(compute: Compute, session: Session) -> None:
    """A server that was deleted is not found to be rebuilt."""
    server, image = session.common("deleted-server")["id"], session.common("image")["id"]
    compute.action(server, "rebuild", {"imageRef": image}).status(404)


@api_test(
    "75f79124-277c-45e6-a373-a1d6803f4cc4",
    service="compute",
    reference=f"{REFERENCE}#delete-server",
    uses=("server",),
    seconds=0.1,
    fails_if=Change(on=f"DELETE {SERVER}", status=204),
)
def test_delete_negative_id(compute: Compute, session: Session) -> None:
    """A negative number is no server's id by which one could be deleted."""
    no_server(session)
    compute.delete_server("-1").status(404)


@api_test(
    "f4d7279b-5fd2-4bf2-9ba4-ae35df0d18c5",
    service="compute",
    reference=f"{REFERENCE}#delete-server",
    uses=("server",),
    seconds=0.1,
    fails_if=Change(on=f"DELETE {SERVER}", status=204),
)
def test_delete_large_id(compute: Compute, session: Session) -> None:
    """A number that takes more than 63 bits is no server's id by which one could be deleted."""
    no_server(session)
    compute.delete_server(str(2**63)).status(404)


@api_test(
    "38204696-17c6-44da-9590-40f87fb5a899",
    service="compute",
    reference=f"{REFERENCE}#update-server",
    uses=USES,
    seconds=0.1,
    fails_if=Change(on=f"PUT {SERVER}", status=200),
)
def test_rename_to_nothing(compute: Compute, session: Session) -> None:
    """A server cannot be given an empty name."""
    rename(compute, session, "")


@api_test(
    "5c8e244c-dada-4590-9944-749c455b431f",
    service="compute",
    reference=f"{REFERENCE}#update-server",
    uses=USES,
    seconds=0.1,
    fails_if=Change(on=f"PUT {SERVER}", status=200),
)
def test_rename_to_long_name(compute: Compute, session: Session) -> None:
    """A server cannot be given a name of more than 255 characters."""
    rename(compute, session, f"{session.name()}-".ljust(256, "a"))


def rename(compute: Compute, session: Session, name: str) -> None:
    """Require that a server which can be renamed cannot be given this name."""
    with compute.lent(safe=True) as server:
        session.once("server-renamed", lambda: compute.update_server(server["id"], name=session.name()).status(200))
        compute.update_server(server["id"], name=name).status(400)


@api_test(
    "ced1a1d7-2ab6-45c9-b90f-b27d87b30efd",
    service="compute",
    reference=f"{REFERENCE}#resize-server-resize-action",
    uses=USES,
    seconds=0.1,
    fails_if=Change(on=f"POST {SERVER}/action (resize)", status=202),
)
def test_resize_to_no_flavor(compute: Compute) -> None:
    """A server cannot be resized to a flavor that does not exist."""
    with compute.lent() as server:
        answer = compute.action(server["id"], "resize", {"flavorRef": str(uuid.uuid4())})
        allowed(answer, "resize a server").status(400)


@api_test(
    "45436a7d-a388-4a35-a9d8-3adc5d0d940b",
    service="compute",
    reference=f"{REFERENCE}#resize-server-resize-action",
    uses=USES,
    seconds=0.1,
    fails_if=Change(on=f"POST {SERVER}/action (resize)", status=202),
)
def test_resize_to_empty_flavor(compute: Compute) -> None:
    """A server cannot be resized to a flavor without an id."""
    with compute.lent() as server:
        answer = compute.action(server["id"], "resize", {"flavorRef": ""})
        allowed(answer, "resize a server").status(400)
