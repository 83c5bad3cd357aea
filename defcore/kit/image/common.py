"""The image that servers are made from, the smallest that a server can boot; and small ones that are only looked at."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from defcore.kit.match import Each, nonempty
from defcore.kit.outcomes import NotRunError
from defcore.kit.pins import pinned

if TYPE_CHECKING:
    from defcore.kit.session import Session

NOT_DISKS = frozenset({"aki", "ari", "ami", "iso"})
"""Formats that no server boots by themselves: kernels, RAM disks and installers."""
APART = 2048
"""Bytes by which the samples differ."""


def fits(image: dict[str, Any], flavor: dict[str, Any]) -> bool:
    """Say whether an image may be used with a flavor; a flavor without a disk of its own takes any size."""
    size = max(image["min_disk"], -(-image["size"] // 2**30))
    return bool(flavor["ram"] >= image["min_ram"] and (flavor["disk"] == 0 or flavor["disk"] >= size))


def seen(session: Session) -> list[dict[str, Any]]:
    """Return all active images that the project sees, as they were when this process first asked."""
    return session.shared("images-seen", lambda: _seen(session))


def _seen(session: Session) -> list[dict[str, Any]]:
    client, found, marker = session.actor("main").image, [], ""
    while True:
        params = {"status": "active", "limit": "100"} | ({"marker": marker} if marker else {})
        page = client.images(**params).status(200).shape({"images": Each({"id": nonempty})}).json()["images"]
        found += page
        if len(page) < 100 or page[-1]["id"] == marker:  # noqa: PLR2004 - as asked for
            return found
        marker = page[-1]["id"]


def bootable(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return those of the images that a server can boot: public ones first, then by size."""
    disks = (item for item in found if _boots(item))
    return sorted(disks, key=lambda item: (item.get("visibility") != "public", item["size"], item["id"]))


def _boots(item: dict[str, Any]) -> bool:
    made_by_a_test = str(item.get("name")).startswith("defcore-") or item.get("image_type") == "snapshot"
    whole = item.get("size") and item.get("disk_format") not in NOT_DISKS and item.get("container_format") == "bare"
    return bool(whole) and not made_by_a_test and not item.get("os_hidden")


def image(session: Session) -> dict[str, Any]:
    """Choose the smallest, or the one that is pinned."""
    found = seen(session)
    if named := pinned(session, "image", found):
        return told(named)
    disks = bootable(found)
    if not disks:
        message = "the project sees no image that a server could boot: upload one, or pin one (see docs/choices.md)"
        raise NotRunError(message)
    return told(disks[0])


def told(found: dict[str, Any]) -> dict[str, Any]:
    """Return what the tests need to know of an image."""
    return {key: found.get(key) for key in ("id", "name", "size", "min_disk", "min_ram")}


def samples(session: Session) -> dict[str, Any]:
    """Make the images that are listed and looked at; give them as they were made, with their sizes in bytes.

    ``small`` and ``large`` are private raw images with content, far enough apart in size for a filter to part them;
    ``blank`` is only registered: without content, formats and a visibility of our choice.
    """
    client = session.actor("main").image
    size = 1024 + secrets.randbelow(1024)
    made = {}
    for key, length in (("small", size), ("large", size + APART)):
        made[key] = client.new_image(secrets.token_bytes(length), tags=[session.name()]) | {"size": length}
    made["blank"] = client.create_image({"name": session.name()}).status(201).json()
    return made
