"""What a project may use at most, and where: quotas, limits, availability zones.

https://docs.openstack.org/api-ref/compute/
"""

from __future__ import annotations

from defcore.kit import Change, Compute, api_test, with_item, with_json
from defcore.kit.compute import shapes
from defcore.kit.compute.checks import told

REFERENCE = "https://docs.openstack.org/api-ref/compute/"


@api_test(
    "039fa61e-3f77-4cbf-b162-1a6370db2640",
    service="compute",
    reference=f"{REFERENCE}#show-a-quota",
    fails_if=Change(on="GET /os-quota-sets/{project_id}", body=with_json("quota_set.server_groups", -2)),
    creates={},
    seconds=0.3,
)
def test_quotas_are_limits(compute: Compute) -> None:
    """The quotas of a project, which the default ones name as well, are the limits that it is told."""
    project = compute.project_id
    mine = {"quota_set": {"id": project}}
    told(compute.default_quotas(project), shapes.QUOTAS).shape(mine)
    quotas = told(compute.quotas(project), shapes.QUOTAS).shape(mine)
    limits = told(compute.limits(), shapes.LIMITS).json()["limits"]["absolute"]
    quotas.shape({"quota_set": {quota: limits[limit] for quota, limit in shapes.ALLOWED.items()}})


@api_test(
    "1fea6d98-df72-4dce-a0a6-ed2772d63589",
    service="compute",
    reference=f"{REFERENCE}#get-availability-zone-information",
    fails_if=Change(on="GET /os-availability-zone", body=with_item("availabilityZoneInfo")),
    creates={},
    seconds=0.3,
)
def test_zones_once(compute: Compute) -> None:
    """Each availability zone is listed once, in JSON that tells its microversion."""
    zones = told(compute.zones(), shapes.ZONES)
    names = [item["zoneName"] for item in zones.json()["availabilityZoneInfo"]]
    zones.require("$.availabilityZoneInfo[*].zoneName", sorted(set(names)), sorted(names))
