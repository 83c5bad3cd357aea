"""Key pairs that have a type.

https://docs.openstack.org/api-ref/compute/#keypairs-keypairs
"""

from __future__ import annotations

from defcore.kit import Change, Compute, Session, api_test, with_json
from defcore.kit.compute import shapes

VERSION = "2.2"


@api_test(
    "89d59d43-f735-441a-abcf-0601727f47b6",
    service="compute",
    reference="https://docs.openstack.org/api-ref/compute/#create-import-keypair",
    fails_if=Change(on="GET /os-keypairs/{keypair_name}", body=with_json("keypair.type", "ssh")),
    creates={"keypair": 1},
    seconds=0.3,
)
def test_with_a_type(session: Session, compute: Compute) -> None:
    """A key pair that is created as an x509 certificate says so when it is created, shown and listed."""
    name = session.name()
    certificate = {"name": name, "type": "x509"}
    made = compute.create_keypair(certificate, version=VERSION).status(201).shape(shapes.KEY_CREATED)
    made.shape({"keypair": {"type": "x509"}})
    shown = compute.keypair(name, version=VERSION).status(200).shape(shapes.KEY_SHOWN)
    shown.shape({"keypair": certificate})
    listed = compute.keypairs(version=VERSION).status(200).shape(shapes.KEYS_LISTED)
    types = [item["keypair"]["type"] for item in listed.json()["keypairs"] if item["keypair"]["name"] == name]
    listed.require("the type that is listed of our key pair", ["x509"][: len(types)], types)
    session.advise(lambda: listed.require("the key pairs of ours that are listed", 1, len(types)))
    for answer in (made, shown, listed):
        answer.header("X-OpenStack-Nova-API-Version", VERSION)
