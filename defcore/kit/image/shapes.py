"""What the image service's answers look like.

https://docs.openstack.org/api-ref/image/v2/#show-image promises no closed list of members: an image has properties of
its own beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit.checks import leading_to
from defcore.kit.match import Each, Either, Every, Maybe, count, iso_time, nonempty, one_of, text_like, uuid

if TYPE_CHECKING:
    from collections.abc import Collection

STATES = (
    *("queued", "saving", "active", "killed", "deleted", "pending_delete", "deactivated"),
    *("uploading", "importing"),
)
CHECKSUM = Either(None, text_like("32 hexadecimal digits", r"[0-9a-f]{32}"))
IMAGE = {
    "id": uuid,
    "name": Either(None, str),
    "status": one_of(*STATES),
    "visibility": one_of("public", "community", "shared", "private"),
    "protected": bool,
    "owner": Either(None, str),
    "size": Either(None, count),
    "virtual_size": Maybe(Either(None, count)),
    "checksum": CHECKSUM,
    "container_format": Either(None, nonempty),
    "disk_format": Either(None, nonempty),
    "min_ram": count,
    "min_disk": count,
    "tags": Each(str),
    "created_at": iso_time,
    "updated_at": iso_time,
    "self": nonempty,
    "file": nonempty,
    "schema": nonempty,
}
LATER = {
    "virtual_size": Either(None, count),
    "os_hidden": bool,
    "os_hash_algo": Either(None, nonempty),
    "os_hash_value": Either(None, text_like("hexadecimal digits", r"[0-9a-f]+")),
}
"""Base members that came after the first version; the schema of a service tells which ones it has."""
SCHEMA = {"name": nonempty, "properties": Every(dict, least=1)}
"""A JSON schema. https://docs.openstack.org/api-ref/image/v2/#image-schemas"""
FORM = Either({"type": Either(nonempty, Each(nonempty, least=1))}, {"$ref": nonempty})
"""What a JSON schema says at least of a member: its type, or where that is told."""
RELATED = Maybe(Each({"rel": nonempty, "href": nonempty}))


def whole(members: Collection[str]) -> dict[str, Any]:
    """Return the shape of an image with all base members, of those ``members`` that the schema names."""
    unset = dict.fromkeys(("min_ram", "min_disk"), Either(None, count))
    return IMAGE | unset | {name: shape for name, shape in LATER.items() if name in members}


def linked(image: str) -> dict[str, Any]:
    """Return the addresses that an image tells of itself."""
    links = {"self": f"/v2/images/{image}", "file": f"/v2/images/{image}/file", "schema": "/v2/schemas/image"}
    return {name: leading_to(path) for name, path in links.items()}
