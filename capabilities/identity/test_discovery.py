"""What the identity service tells of itself: its versions, and the services of the cloud.

https://docs.openstack.org/api-ref/identity/v3/#api-discovery
"""

from __future__ import annotations

from defcore.kit import Change, Each, Identity, Match, api_test, with_json, with_list
from defcore.kit.checks import holding, in_json, leading_to
from defcore.kit.identity_shapes import SERVICE, VERSION, linked
from defcore.kit.match import anything, containing

REFERENCE = "https://docs.openstack.org/api-ref/identity/v3/"
DESCRIBED = dict.fromkeys(("id", "links", "media-types", "status", "updated"), anything)
JSON = ("application/json", "application/vnd.openstack.identity-v3+json")
STANDARD = {"nova": "compute", "glance": "image", "swift": "object-store"}
"""What services are called, and the types that the service types authority gives them."""


@api_test(
    "721f480f-35b6-46c7-846e-047e6acea0dc",
    service="identity",
    reference=REFERENCE + "#list-versions",
    fails_if=Change(on="GET /", body=with_list("versions.values", lambda items: [{"id": items[0]["id"]}])),
    seconds=0.3,
)
def test_list_versions(identity: Identity) -> None:
    """The address above the versions lists them, and says of each its id, links, media types, status and time."""
    identity.versions().status(300).shape({"versions": {"values": Each(DESCRIBED, least=1)}})


@api_test(
    "b9232f5e-d9e5-4d97-b96c-28d3db4de1bd",
    service="identity",
    reference=REFERENCE + "#show-v3-api-version-details",
    fails_if=Change(on="GET /v3", body=with_json("version", {"id": "v3"})),
    seconds=0.3,
)
def test_version_members(identity: Identity) -> None:
    """The version is described by its id, links, media types, status and time."""
    identity.description().status(200).shape({"version": DESCRIBED})


@api_test(
    "657c1970-4722-4189-8831-7325f3bc4265",
    service="identity",
    reference=REFERENCE + "#show-v3-api-version-details",
    fails_if=Change(on="GET /v3", body=with_json("version.media-types", [])),
    seconds=0.3,
)
def test_version_media_types(identity: Identity) -> None:
    """The version is described as one that speaks JSON of the identity API."""
    answer = identity.description().status(200)
    answer.shape({"version": {"media-types": Each({"base": str, "type": str})}})
    types = [(item["base"], item["type"]) for item in answer.json()["version"]["media-types"]]
    answer.require("$.version.media-types", containing(JSON), types)


@api_test(
    "8879a470-abfb-47bb-bb8d-5a7fd279ad1e",
    service="identity",
    reference=REFERENCE + "#show-v3-api-version-details",
    fails_if=Change(on="GET /v3", body=with_json("version.status", "broken")),
    seconds=0.3,
)
def test_version_status(identity: Identity) -> None:
    """The version is described as current, stable, experimental, supported or deprecated."""
    known = ("current", "stable", "experimental", "supported", "deprecated")
    status = Match(f"one of {', '.join(known)}", lambda value: value.lower() in known)
    answer = identity.description().status(200).shape({"version": {"status": str}})
    answer.require("$.version.status", status, answer.json()["version"]["status"])


@api_test(
    "56b57ced-22b8-4127-9b8a-565dfb0207e2",
    service="identity",
    reference=REFERENCE + "#get-service-catalog",
    fails_if=Change(on="GET /v3/auth/catalog", body=with_list("catalog", lambda items: items[:0])),
    seconds=0.3,
)
def test_catalogue_types(identity: Identity) -> None:
    """The catalogue lists the services that there are under their standard types, identity among them."""
    answer = identity.catalogue().status(200).shape({"catalog": Each({"type": str})})
    services = answer.json()["catalog"]
    types = [item["type"] for item in services]
    answer.require("the types in $.catalog", containing("identity"), types)
    # Of the others nobody but the catalogue says whether they are there: it does by their names.
    for name, kind in STANDARD.items():
        if any(item.get("name") == name for item in services):
            answer.require("the types in $.catalog", containing(kind), types)


@api_test(
    "dd05b791-2326-47b8-acf2-8437143853c8",
    service="identity",
    reference=REFERENCE + "#show-v3-api-version-details",
    fails_if=Change(on="GET /v3", body=with_list("version.links", lambda items: [items[0] | {"href": "http://x/v4"}])),
    seconds=0.3,
)
def test_version_in_full(identity: Identity) -> None:
    """The version is described in JSON, each member in its form, and its own link leads to it."""
    answer = identity.description().status(200).check(in_json).shape({"version": VERSION})
    links = [item["href"] for item in answer.json()["version"]["links"] if item["rel"] == "self"]
    answer.require("the links to itself in $.version.links", Each(leading_to("/v3"), least=1), links)


@api_test(
    "d2aec608-2010-4fbc-8930-0307d41a8146",
    service="identity",
    reference=REFERENCE + "#get-service-catalog",
    fails_if=Change(on="GET /v3/auth/catalog", body=with_list("catalog", lambda items: items[1:])),
    seconds=0.3,
)
def test_catalogue_of_a_token(identity: Identity) -> None:
    """The catalogue has the same services and endpoints as the token for which it is asked."""
    services = identity.own()["catalog"]
    answer = identity.catalogue().status(200).check(in_json)
    answer.shape({"catalog": Each(SERVICE), "links": linked("/catalog")})
    holding(answer, "$.catalog", services, answer.json()["catalog"])
