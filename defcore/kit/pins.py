"""Choices that are the user's where they say so: image, flavor, network, zone, volume type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit.outcomes import NotRunError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from defcore.kit.session import Session

PINS = {
    "image": "the image that servers are made from",
    "flavor": "the flavor that they have",
    "network": "the network that they are on",
    "zone": "the availability zone of servers",
    "volume-type": "the type that volumes have",
}
"""What may be pinned; everything else is found."""


def pinned(session: Session, what: str, found: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the thing that the user pinned, by its id or its name, or None: nothing is pinned.

    What is not there keeps the test from being run.
    """
    word = session.pins.get(what)
    if word is None:
        return None
    for item in found:
        if word in (item.get("id"), item.get("name")):
            return item
    message = f"{what} {word!r} is pinned, and the project sees none of that name or id"
    raise NotRunError(message)
