"""Choices that are the user's where they say so: image, flavor, network, zone, volume type."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from defcore.errors import InputError
from defcore.files import read_bytes
from defcore.kit.common import known
from defcore.kit.outcomes import NotRunError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from defcore.kit.session import Session

PINS = {
    "image": "the image that servers are made from",
    "flavor": "the flavor that they have",
    "network": "the network that they are on",
    "external-network": "the network that floating IPs and gateways belong to",
    "zone": "the availability zone of servers",
    "volume-type": "the type that volumes have",
}
"""What may be pinned; everything else is found."""


def read_pins(path: Path) -> dict[str, str]:
    """Read a file of pins: TOML, one line each, as in ``flavor = "m1.tiny"``. Raises InputError."""
    hint = f'lines such as flavor = "m1.tiny"; what may be pinned: {", ".join(PINS)}'
    try:
        value = tomllib.loads(read_bytes(path, 64 * 1024, "bad-pins", hint).decode())
    except (ValueError, RecursionError) as error:
        message = f"is no TOML: {' '.join(str(error).split())}"
        raise InputError("bad-pins", message, where=str(path), hint=hint) from error
    for key, word in value.items():
        if key not in PINS:
            raise InputError("bad-pins", f"pins {key!r}, which is unknown", where=str(path), hint=hint)
        if not isinstance(word, str) or not word:
            raise InputError("bad-pins", f"{key} is no name or id", where=str(path), hint=hint)
    return value


def chosen(run: Path) -> list[str]:
    """Say what a run has chosen, or found pinned, of what may be pinned; empty when it needed nothing of it."""
    found = {what: known(run, what) for what in PINS}
    words = [f"{what} {value['name']} ({value['id']})" for what, value in found.items() if value]
    return [f"what servers and volumes were made of: {', '.join(words)}"] if words else []


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
