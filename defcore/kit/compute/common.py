"""What the compute tests share: flavors, images, and servers that nobody changes."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING, Any

from defcore.kit.image.common import bootable, fits, seen, told
from defcore.kit.match import Each, count, nonempty
from defcore.kit.outcomes import NotRunError, UnsupportedError
from defcore.kit.pins import pinned

if TYPE_CHECKING:
    from defcore.kit.session import Session

_FLAVORS = {"flavors": Each({"id": nonempty, "name": str, "vcpus": int, "ram": count, "disk": count})}
_EXTENSIONS = {"extensions": Each({"alias": str})}
MADE = (200, 201)
LARGEST = 2**30
"""Bytes of an image that may be chosen as the other one: a larger one takes longer than one that we upload."""
BLANK = bytes(65536)
"""Content of an image of our own: a disk with nothing on it."""
METADATA = {"key1": "value1", "key2": "value2"}
"""Metadata of the shared server."""
ACCESS = {"accessIPv4": "192.0.2.34", "accessIPv6": "2001:0db8:0000:0000:0000:babe:192.0.2.34"}
"""Access addresses of the shared server. The second is no canonical text of its address (RFC 5952)."""


def _flavors(session: Session) -> list[dict[str, Any]]:
    return session.shared("flavors-seen", lambda: _all_flavors(session))


def _all_flavors(session: Session) -> list[dict[str, Any]]:
    compute = session.actor("main").compute
    answer = compute.flavors_detail().status(200).shape(_FLAVORS)
    return sorted(answer.json()["flavors"], key=lambda item: (item["vcpus"], item["ram"], item["disk"], item["id"]))


def _told(found: dict[str, Any]) -> dict[str, Any]:
    return {key: found[key] for key in ("id", "name", "vcpus", "ram", "disk")}


def extensions(session: Session) -> list[str]:
    """Ask for the aliases of the extensions that the compute service announces; none where it tells of none."""
    answer = session.actor("main").compute.extensions()
    if answer.exchange.status != 200:  # noqa: PLR2004 - HTTP
        return []
    return [item["alias"] for item in answer.shape(_EXTENSIONS).json()["extensions"]]


def flavor(session: Session) -> dict[str, Any]:
    """Choose the smallest flavor in which the image fits, or the one that is pinned."""
    image, found = session.common("image"), _flavors(session)
    if named := pinned(session, "flavor", found):
        return _told(named)
    fitting = [item for item in found if fits(image, item)]
    if not fitting:
        message = "no flavor is large enough for the image: pin another image (see docs/choices.md)"
        raise NotRunError(message)
    return _told(fitting[0])


def other_flavor(session: Session) -> dict[str, Any] | None:
    """Choose the smallest of the other flavors in which the image fits and whose disk is no smaller; None: no such."""
    image, chosen = session.common("image"), session.common("flavor")
    found = [
        item
        for item in _flavors(session)
        if item["id"] != chosen["id"] and fits(image, item) and item["disk"] >= chosen["disk"]
    ]
    return _told(found[0]) if found else None


def other_image(session: Session) -> dict[str, Any] | None:
    """Choose another image that a server of the chosen flavor can boot, or upload one; None where nobody lets us."""
    client = session.actor("main").image
    chosen, size = session.common("image"), session.common("flavor")
    for item in bootable(seen(session)):
        if item["id"] != chosen["id"] and item["size"] <= LARGEST and fits(item, size):
            return told(item)
    made = client.create_image({"name": session.name(), "container_format": "bare", "disk_format": "raw"})
    if made.exchange.status != 201 or client.upload(made.json()["id"], BLANK).exchange.status != 204:  # noqa: PLR2004
        return None
    return told(made.json() | {"size": len(BLANK)})


def two_flavors(session: Session) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the chosen flavor and another; a cloud with one alone does not have what the test is about."""
    with session.setting_up():
        chosen, other = session.common("flavor"), session.common("other-flavor")
    if other is None:
        message = f"the cloud has no other flavor than {chosen['name']} in which the image fits"
        raise UnsupportedError(message)
    return chosen, other


def two_images(session: Session) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the chosen image and another; without one the test is not run."""
    with session.setting_up():
        chosen, other = session.common("image"), session.common("other-image")
    if other is None:
        message = f"needs a second image beside {chosen['name']}, and the cloud takes none from us: upload a small one"
        raise NotRunError(message)
    return chosen, other


def keypair(session: Session) -> str | None:
    """Bring a key and give its name; None where the cloud takes none from us. To make one takes a cloud a second."""
    name = session.name()
    made = session.actor("main").compute.create_keypair({"name": name, "public_key": public_key()})
    return name if made.exchange.status in MADE else None


def public_key() -> str:
    """Return a public key to which nobody has the other one (RFC 8709)."""
    parts = (b"ssh-ed25519", secrets.token_bytes(32))
    blob = b"".join(len(part).to_bytes(4) + part for part in parts)
    return f"ssh-ed25519 {base64.b64encode(blob).decode()}"


def server(session: Session) -> dict[str, Any]:
    """Ask for the server that is only looked at, with metadata, access addresses, and a key pair where there is one."""
    compute = session.actor("main").compute
    more: dict[str, Any] = {"metadata": METADATA, **ACCESS}
    if key := session.common("keypair"):
        more["key_name"] = key
    asked = compute.blueprint(**more)
    return {"asked": asked, "id": _create(session, asked)}


def server_there(session: Session, begun: dict[str, Any]) -> dict[str, Any]:
    """Give it as it is shown once it is ACTIVE; its member ``asked`` is what it was made from."""
    return session.actor("main").compute.ready(begun["id"]) | {"asked": begun["asked"]}


def _create(session: Session, asked: dict[str, Any]) -> str:
    made: str = session.actor("main").compute.create_server(asked).status(202).json()["server"]["id"]
    return made


def servers(session: Session) -> dict[str, Any]:
    """Ask for two servers that differ: ``image`` has another image and ``flavor`` another flavor, if there is any."""
    compute = session.actor("main").compute
    other = {
        "image": {"imageRef": session.common("other-image")},
        "flavor": {"flavorRef": session.common("other-flavor")},
    }
    return {
        name: {"id": _create(session, compute.blueprint(**{key: found["id"] for key, found in more.items() if found}))}
        for name, more in other.items()
    }


def servers_there(session: Session, begun: dict[str, Any]) -> dict[str, Any]:
    """Give these two and ``plain``, the one that is only looked at, when all are ACTIVE."""
    plain = session.common("server")
    for name, found in begun.items():
        if "status" not in found:
            begun[name] = session.actor("main").compute.ready(found["id"])
    return {"plain": plain, **begun}


def lent(session: Session) -> dict[str, Any]:
    """Ask for a server that one test after the other may change."""
    return {"id": _create(session, session.actor("main").compute.blueprint())}


def lent_there(session: Session, begun: dict[str, Any]) -> dict[str, Any]:
    """Give it as it is shown when it is new."""
    return session.actor("main").compute.ready(begun["id"])


def deleted(session: Session, begun: dict[str, Any]) -> dict[str, Any]:
    """Delete the server that ``lent`` has asked for; give it as it was shown when it was ACTIVE."""
    compute = session.actor("main").compute
    if "shown" not in begun:
        begun["shown"] = compute.ready(begun["id"])
        compute.delete_server(begun["id"]).status(204)
    compute.gone(begun["id"])
    shown: dict[str, Any] = begun["shown"]
    return shown
