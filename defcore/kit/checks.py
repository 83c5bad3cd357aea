"""What answers of several services are held to alike: documented headers, and what a refusal says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from defcore.kit.match import Match, Only, nonempty, text_like

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


def explained(answer: Answer, *statuses: int) -> Answer:
    """Require a refusal with one of these statuses that says why, in whatever words and form: RFC 9110, 15.5.

    For services whose reference tells no form of what a refusal says.
    """
    if not answer.status(*statuses).text.strip():
        raise answer.wrong("body", "why the request is refused", "nothing")
    return answer


def leading_to(path: str) -> Match:
    """Accept an address, absolute or not, whose path ends in this one; a slash after it makes no difference."""
    return Match(
        f"an address that ends in {path}",
        lambda value: isinstance(value, str) and urlsplit(value).path.rstrip("/").endswith(path),
    )


def holding(answer: Answer, place: str, known: Any, found: Any) -> Answer:  # noqa: ANN401 - JSON values
    """Require that a resource has what is known of it. The order of lists in it is not promised; more may be told."""
    return answer.require(place, _ordered(known), _ordered(found))


def _ordered(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(value, dict):
        return {key: _ordered(item) for key, item in value.items()}
    return sorted((_ordered(item) for item in value), key=_place) if isinstance(value, list) else value


def _place(item: Any) -> str:  # noqa: ANN401 - a JSON value
    return str(item["id"]) if isinstance(item, dict) and "id" in item else json.dumps(item, sort_keys=True)
