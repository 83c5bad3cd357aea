"""What answers of several services are held to alike: documented headers, and what a refusal says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.kit.match import Only, nonempty, text_like

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.kit.answer import Answer

JSON = text_like("application/json", r"application/json\s*(;.*)?")
FAULTS = {
    400: "badRequest",
    401: "unauthorized",
    403: "forbidden",
    404: "itemNotFound",
    405: "badMethod",
    409: "conflictingRequest",
    413: "overLimit",
    415: "badMediaType",
}
"""What compute and block storage call a refusal, by its status.

https://docs.openstack.org/api-guide/compute/faults.html
"""


def in_json(answer: Answer) -> Answer:
    """Require that an answer calls its body JSON."""
    return answer.header("Content-Type", JSON)


def at_version(version: str) -> Callable[[Answer], Answer]:
    """Make the check that an answer is given as of a microversion, such as ``volume 3.0``, and says so.

    https://specs.openstack.org/openstack/api-sig/guidelines/microversion_specification.html
    """
    return lambda answer: answer.header("OpenStack-API-Version", version)


def refused(answer: Answer, status: int) -> Answer:
    """Require that compute or block storage refuses with a status, and says in JSON what kind of refusal it is and why.

    That holds where the request came to the API: whoever finds no such address is told so by the server before it.
    """
    fault = {"code": status, "message": nonempty}
    return in_json(answer.status(status)).shape(Only({FAULTS[status]: fault}))
