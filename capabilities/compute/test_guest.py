"""What a server is from inside: its guest has the name and the processors that were asked for.

https://docs.openstack.org/api-ref/compute/#create-server
"""

from __future__ import annotations

from defcore.kit import Change, Compute, Session, api_test, replaced
from defcore.kit.compute.guest import asked

REFERENCE = "https://docs.openstack.org/api-ref/compute/#create-server"
CONSOLE = "POST /servers/{server_id}/action (os-getConsoleOutput)"


@api_test(
    "ac1ad47f-984b-4441-9274-c9079b7a0666",
    service="compute",
    reference=REFERENCE,
    fails_if=Change(on=CONSOLE, body=replaced("hostname=", "hostname=another-")),
    uses=("guest",),
    creates={},
    seconds=0.3,
)
def test_host_name(session: Session) -> None:
    """The host name that a guest has is the name of its server."""
    server, answer, said = asked(session)
    answer.require("the host name in the guest", server["name"].lower(), said["hostname"].split(".")[0])


@api_test(
    "cbc0f52f-05aa-492b-bdc1-84b575ca294b",
    service="compute",
    reference=REFERENCE,
    fails_if=Change(on=CONSOLE, body=replaced("vcpus=", "vcpus=9")),
    uses=("guest",),
    creates={},
    seconds=0.3,
)
def test_processors(session: Session, compute: Compute) -> None:
    """A guest has as many processors as the flavor of its server says."""
    server, answer, said = asked(session)
    with session.setting_up():
        flavor = compute.flavor(server["flavor"]).status(200).json()["flavor"]
    answer.require("the number of processors in the guest", flavor["vcpus"], int(said["vcpus"]))
