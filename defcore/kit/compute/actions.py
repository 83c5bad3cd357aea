"""Actions on servers: what was done to one, whether it is done, and what a cloud does not let a user do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.kit.compute.client import SERVER, SERVERS
from defcore.kit.compute.shapes import SHOWN, UPDATED
from defcore.kit.match import Each, Either, Maybe, Only, iso_time
from defcore.kit.outcomes import NotRunError, UnsupportedError

if TYPE_CHECKING:
    from defcore.kit.answer import Answer
    from defcore.kit.compute.client import Compute

TASK = "OS-EXT-STS:task_state"
_RECORDED = {
    "action": str,
    "request_id": str,
    "user_id": str,
    "project_id": str,
    "start_time": iso_time,
    "message": Either(str, None),
    "instance_uuid": str,
}
_EVENT = Only(
    {
        "event": str,
        "start_time": iso_time,
        "finish_time": Either(iso_time, None),
        "result": Either(str, None),
        "traceback": Maybe(Either(str, None)),
    }
)
REBUILT = Only({"server": Only(UPDATED.members["server"].members | {"adminPass": Maybe(str)})})
"""A cloud that is set to tell no passwords leaves ``adminPass`` out."""
RECORDED_ALL = Only({"instanceActions": Each(Only(_RECORDED))})
RECORDED_ONE = Only({"instanceAction": Only(_RECORDED | {"events": Maybe(Each(_EVENT))})})


def recorded(compute: Compute, server: str) -> Answer:
    """GET /servers/{server_id}/os-instance-actions."""
    path = f"{SERVERS}/{server}/os-instance-actions"
    return compute.request(f"GET {SERVER}/os-instance-actions", path, headers=compute.at(None))


def recorded_one(compute: Compute, server: str, request: str) -> Answer:
    """GET /servers/{server_id}/os-instance-actions/{request_id}."""
    path = f"{SERVERS}/{server}/os-instance-actions/{request}"
    return compute.request(f"GET {SERVER}/os-instance-actions/{{request_id}}", path, headers=compute.at(None))


def create_image(compute: Compute, server: str, image: dict[str, object]) -> tuple[Answer, str]:
    """POST /servers/{server_id}/action (createImage); the answer, and the new image's id if it tells one.

    The image's name, which must be one of ours, is entered in the ledger first.
    """

    def made(answer: Answer) -> str:
        return (answer.get("Location") or "").rpartition("/")[2]

    name = [{"name": image["name"]}]
    answer = compute.create("image", name, lambda: compute.action(server, "createImage", image), lambda it: [made(it)])
    return answer, made(answer)


def stop_and_start(compute: Compute, server: str) -> None:
    """Require that a server is off once it is stopped, and active once it is started again."""
    compute.action(server, "os-stop").status(202)
    compute.ready(server, "SHUTOFF")
    compute.action(server, "os-start").status(202)
    compute.ready(server)


def wait_idle(compute: Compute, server: str) -> None:
    """Wait until nothing is being done to a server any more, as far as the cloud tells."""
    answer = compute.server(server).status(200)
    if compute.session.judged(answer, SHOWN).json()["server"].get(TASK) is not None:
        compute.session.wait.until(lambda: compute.server(server), f"server.{TASK}", None)


def allowed(answer: Answer, what: str) -> Answer:
    """Return the answer to something that not every cloud lets a user do, unless the cloud says that this one does not.

    Raises UnsupportedError for a refusal by policy, and NotRunError for one by quota.
    """
    if answer.exchange.status == 403 and "policy" in answer.text.lower():  # noqa: PLR2004 - HTTP
        raise UnsupportedError(f"the cloud's policy does not let this user {what}")
    if answer.exchange.status == 403 and "quota" in answer.text.lower():  # noqa: PLR2004 - HTTP
        raise NotRunError(f"the project's quota does not let it {what}: raise it, or free some of it")
    return answer
