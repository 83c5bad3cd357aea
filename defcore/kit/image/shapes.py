"""What the image service's answers look like.

https://docs.openstack.org/api-ref/image/v2/#show-image promises no closed list of members: an image has properties of
its own beside them.
"""

from __future__ import annotations

from defcore.kit.match import Each, Either, Every, Maybe, count, iso_time, nonempty, one_of, text_like, uuid

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
SCHEMA = {"name": nonempty, "properties": Every(dict, least=1)}
"""A JSON schema. https://docs.openstack.org/api-ref/image/v2/#image-schemas"""
