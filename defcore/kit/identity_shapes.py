"""What the identity service's answers look like.

https://docs.openstack.org/api-ref/identity/v3/ promises no closed list of members: more of them may stand beside these.
"""

from __future__ import annotations

from typing import Any

from defcore.kit.checks import leading_to
from defcore.kit.match import Each, Either, Match, Maybe, iso_time, nonempty, one_of, text_like, url

OPTIONS_SINCE = (3, 14)
"""The version from which on domains and projects are shown with their options."""
STATES = ("current", "stable", "experimental", "supported", "deprecated")
VERSION = {
    "id": text_like("v3 or a version of it", r"v3(\.\d+)?"),
    "status": Match(f"one of {', '.join(STATES)}", lambda value: isinstance(value, str) and value.lower() in STATES),
    "updated": iso_time,
    "media-types": Each({"base": nonempty, "type": nonempty}, least=1),
    "links": Each({"rel": nonempty, "href": url}, least=1),
}
NAMED = {"id": nonempty, "name": nonempty}
ENDPOINT = {
    "id": nonempty,
    "interface": one_of("public", "internal", "admin"),
    "url": nonempty,
    "region": Either(None, str),
    "region_id": Maybe(Either(None, str)),
}
SERVICE = {"id": nonempty, "type": nonempty, "name": Maybe(str), "endpoints": Each(ENDPOINT)}
USER = NAMED | {"domain": NAMED}
TOKEN = {
    "methods": Each(nonempty, least=1),
    "user": USER,
    "audit_ids": Each(nonempty, least=1),
    "issued_at": iso_time,
    "expires_at": iso_time,
}
SCOPED = TOKEN | {"project": USER, "roles": Each(NAMED, least=1), "catalog": Each(SERVICE, least=1)}
CREDENTIAL = NAMED | {
    "description": Either(None, str),
    "expires_at": Either(None, iso_time),
    "project_id": nonempty,
    "roles": Each(NAMED, least=1),
    "unrestricted": Either(None, bool),
    "user_id": Maybe(nonempty),
}


def linked(path: str) -> dict[str, Any]:
    """Return the links of one thing at a path."""
    return {"self": leading_to(path)}


def collected(path: str) -> dict[str, Any]:
    """Return the links of a collection at a path."""
    more = Either(None, url)
    return linked(path) | {"next": more, "previous": more}


def domain_shape(options: bool) -> dict[str, Any]:  # noqa: FBT001 - what the version has
    """Return the shape of a domain; with its ``options``, where the version has them."""
    shape = {"description": Either(None, str), "enabled": bool, "links": dict}
    return NAMED | shape | {"options": dict if options else Maybe(dict)}


def project_shape(options: bool) -> dict[str, Any]:  # noqa: FBT001 - as above
    """Return the shape of a project; with its ``options``, where the version has them."""
    shape = {"domain_id": nonempty, "is_domain": bool, "parent_id": Either(None, nonempty), "tags": Maybe(Each(str))}
    return domain_shape(options) | shape
