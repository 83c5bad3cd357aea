"""What answers of the compute service are held to beside their members, whatever they tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit.compute.full import links, usual
from defcore.kit.outcomes import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from defcore.kit.answer import Answer

OLDEST = "2.1"
"""The microversion that a request without any is answered as of."""


def told(answer: Answer, shape: Any, *, status: int = 200, version: str = OLDEST) -> Answer:  # noqa: ANN401 - a shape
    """Require a status, a JSON body of that shape, and headers that say so and tell the microversion."""
    return usual(answer.status(status), version).shape(shape)


def done(answer: Answer, status: int, *, version: str = OLDEST) -> Answer:
    """Require a status, headers that tell the microversion, and no body."""
    return usual(answer.status(status), version).body(b"")


def linked(answer: Answer, item: Mapping[str, Any], collection: str) -> Answer:
    """Require that what an answer tells of has a versioned and a lasting link, and that both lead to it."""
    return answer.require("links", links(collection, item["id"], "self", "bookmark"), item["links"])


def once(answer: Answer, place: str, wanted: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> Answer:
    """Require that what is listed under the id of ``wanted`` (or its name, without one) is that, once."""
    key = "id" if "id" in wanted else "name"
    found = [item for item in items if item[key] == wanted[key]]
    return answer.require(f"{place}[?@.{key} == {wanted[key]!r}]", [wanted], found)


def speaks(answer: Answer, version: str, what: str) -> Answer:
    """Return an answer, unless it says that the service does not speak the microversion that has ``what``.

    Raises UnsupportedError.
    """
    if answer.exchange.status == 406:  # noqa: PLR2004 - HTTP
        raise UnsupportedError(f"the compute service does not speak microversion {version}, which has {what}")
    return answer
