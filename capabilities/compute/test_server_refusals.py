"""What a refusal about servers says: its code, its kind and why, in JSON.

https://docs.openstack.org/api-guide/compute/faults.html
"""

from __future__ import annotations

import uuid

from defcore.kit import Change, Compute, Session, api_test
from defcore.kit.checks import refused

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
SERVER = "/servers/{server_id}"


@api_test(
    "8076a6a9-11e6-4071-9c43-43c6bc1435b1",
    service="compute",
    reference=f"{REFERENCE}#servers-servers",
    fails_if=Change(on=f"POST {SERVER}/action (os-stop)", body=lambda _: b"{}"),
    uses=("server", "image", "flavor"),
    seconds=0.5,
)
def test_no_such_server(session: Session, compute: Compute) -> None:
    """Whatever is asked of a server that does not exist, the answer says that it was not found."""
    with session.setting_up():
        compute.server(session.common("server")["id"]).status(200)
        image, flavor = session.common("image")["id"], session.common("flavor")["id"]
    nobody = str(uuid.uuid4())
    refused(compute.server(nobody), 404)
    refused(compute.update_server(nobody, name=session.name()), 404)
    refused(compute.delete_server(nobody), 404)
    refused(compute.action(nobody, "reboot", {"type": "HARD"}), 404)
    refused(compute.action(nobody, "os-stop"), 404)
    refused(compute.action(nobody, "rebuild", {"imageRef": image}), 404)
    refused(compute.action(nobody, "resize", {"flavorRef": flavor}), 404)


@api_test(
    "cd19803b-ea5b-421b-8733-2d8b948c69bc",
    service="compute",
    reference=f"{REFERENCE}#servers-servers",
    fails_if=Change(on="POST /servers", body=lambda _: b"{}"),
    uses=("server", "image", "flavor", "network"),
    creates={"server": 1, "port": 1},
    seconds=0.3,
)
def test_bad_request(session: Session, compute: Compute) -> None:
    """A server that cannot be made, and a list that cannot be, are refused as bad requests, with the reason."""
    with session.setting_up():
        session.common("server")
    refused(compute.create_server(compute.blueprint(flavorRef=str(uuid.uuid4()))), 400)
    refused(compute.servers(limit="-1"), 400)
