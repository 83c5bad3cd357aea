"""What the compute tests share: the smallest flavor, and a server that nobody changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit.image.common import fits
from defcore.kit.match import Each, count, nonempty
from defcore.kit.outcomes import NotRunError
from defcore.kit.pins import pinned

if TYPE_CHECKING:
    from defcore.kit.session import Session

_FLAVORS = {"flavors": Each({"id": nonempty, "name": str, "vcpus": int, "ram": count, "disk": count})}


def flavors(session: Session) -> list[dict[str, Any]]:
    """Return the flavors in which the chosen image fits, the smallest first; one that is pinned stands alone."""
    compute, image = session.actor("main").compute, session.common("image")
    answer = compute.request("GET /flavors/detail", "/flavors/detail").status(200).shape(_FLAVORS)
    found = sorted(answer.json()["flavors"], key=lambda item: (item["vcpus"], item["ram"], item["disk"], item["id"]))
    if named := pinned(session, "flavor", found):
        return [named]
    return [item for item in found if fits(image, item)]


def flavor(session: Session) -> dict[str, Any]:
    """Choose the smallest flavor in which the image fits."""
    found = flavors(session)
    if not found:
        message = "no flavor is large enough for the image: pin another image (see docs/choices.md)"
        raise NotRunError(message)
    return {key: found[0][key] for key in ("id", "name", "vcpus", "ram", "disk")}


def server(session: Session) -> dict[str, Any]:
    """Make the server that is only looked at; give it as it is shown once it is ACTIVE."""
    return session.actor("main").compute.new_server(metadata={"defcore": "shared"})
