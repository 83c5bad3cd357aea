"""What the compute service tells of itself: versions, zones, flavors, quotas.

https://docs.openstack.org/api-ref/compute/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit import Change, Compute, Session, api_test, with_json, with_list
from defcore.kit.compute import shapes

if TYPE_CHECKING:
    from defcore.kit import Answer

REFERENCE = "https://docs.openstack.org/api-ref/compute/"


@api_test(
    "6c0a0990-43b6-4529-9b61-5fd8daf7c55c",
    service="compute",
    reference=REFERENCE + "#list-all-major-versions",
    fails_if=Change(on="GET /", body=with_list("versions", lambda items: items[1:])),
    creates={},
    seconds=0.3,
)
def test_list_versions(compute: Compute) -> None:
    """The address above the versions lists them without a token, v2.0 first."""
    answer = compute.versions().status(200).shape(shapes.VERSIONS)
    answer.require("$.versions[0].id", "v2.0", answer.json()["versions"][0]["id"])


@api_test(
    "a8333aa2-205c-449f-a828-d38c2489bf25",
    service="compute",
    reference=REFERENCE + "#get-availability-zone-information",
    fails_if=Change(on="GET /os-availability-zone", body=with_json("availabilityZoneInfo", [])),
    creates={},
    seconds=0.3,
)
def test_list_zones(compute: Compute) -> None:
    """A user sees at least one availability zone, and of none of them its hosts."""
    compute.zones().status(200).shape(shapes.ZONES)


@api_test(
    "e36c0eaa-dff5-4082-ad1f-3f9a80aa3f59",
    service="compute",
    reference=REFERENCE + "#list-flavors",
    fails_if=Change(on="GET /flavors", body=with_json("flavors", [])),
    uses=("flavor",),
    creates={},
    seconds=0.3,
)
def test_list_flavors(session: Session, compute: Compute) -> None:
    """A flavor stands in the list of flavors with its id, name and links."""
    shown = flavor(session, compute)
    answer, found = compute.every_flavor()
    same(answer, {key: shown[key] for key in ("id", "name", "links")}, found)


@api_test(
    "6e85fde4-b3cd-4137-ab72-ed5f418e8c24",
    service="compute",
    reference=REFERENCE + "#list-flavors-with-details",
    fails_if=Change(on="GET /flavors/detail", body=with_json("flavors", [])),
    uses=("flavor",),
    creates={},
    seconds=0.3,
)
def test_list_flavors_with_details(session: Session, compute: Compute) -> None:
    """A flavor stands in the detailed list of flavors with all that is shown of it alone."""
    shown = flavor(session, compute)
    answer, found = compute.every_flavor_detail()
    same(answer, shown, found)


@api_test(
    "f1ef0a97-dbbb-4cca-adc5-c9fbc4f76107",
    service="compute",
    reference=REFERENCE + "#show-a-quota",
    fails_if=Change(on="GET /os-quota-sets/{project_id}", nth=2, body=with_json("quota_set.id", "another")),
    creates={},
    seconds=0.3,
)
def test_show_quotas(compute: Compute) -> None:
    """A user is shown the quotas of the own project, as a whole and for the own user."""
    project = compute.project_id
    mine = {"quota_set": {"id": project}}
    compute.quotas(project).status(200).shape(shapes.QUOTAS).shape(mine)
    compute.quotas(project, user_id=compute.user_id).status(200).shape(shapes.QUOTAS).shape(mine)


@api_test(
    "9bfecac7-b966-4f47-913f-1a9e2c12134a",
    service="compute",
    reference=REFERENCE + "#list-default-quotas-for-tenant",
    fails_if=Change(on="GET /os-quota-sets/{project_id}/defaults", body=with_json("quota_set.id", "another")),
    creates={},
    seconds=0.3,
)
def test_show_default_quotas(compute: Compute) -> None:
    """A user is shown the quotas that a project has by default."""
    project = compute.project_id
    compute.default_quotas(project).status(200).shape(shapes.QUOTAS).shape({"quota_set": {"id": project}})


def flavor(session: Session, compute: Compute) -> dict[str, Any]:
    """Return the chosen flavor as it is shown alone."""
    answer = compute.flavor(session.common("flavor")["id"]).status(200).shape(shapes.FLAVOR_SHOWN)
    shown: dict[str, Any] = answer.json()["flavor"]
    return shown


def same(answer: Answer, shown: dict[str, Any], found: list[dict[str, Any]]) -> None:
    """Require that a flavor is listed exactly so."""
    answer.require(
        f"what is listed of flavor {shown['id']}", [shown], [item for item in found if item["id"] == shown["id"]]
    )
