"""The version of the compute API that the tests speak, as it tells of itself.

https://docs.openstack.org/api-ref/compute/#api-versions
"""

from __future__ import annotations

from typing import Any

from defcore.kit import Change, Compute, Each, Match, api_test, with_json
from defcore.kit.checks import in_json
from defcore.kit.compute import shapes
from defcore.kit.compute.checks import told

LEADS = Match("a success: the link leads there", lambda status: 200 <= status < 300)


@api_test(
    "d47decb0-16cc-4822-95f8-194ce5b763c5",
    service="compute",
    reference="https://docs.openstack.org/api-ref/compute/#show-details-of-specific-api-version",
    fails_if=Change(on="GET /v2.1", body=with_json("version.version", "2.0")),
    creates={},
    seconds=0.3,
)
def test_show(compute: Compute) -> None:
    """Version 2.1 is listed once and in JSON, and its link leads to what is told there of it in the same way."""
    listed = compute.versions().status(200).check(in_json).shape({"versions": Each({"id": str})})
    found = [item for item in listed.json()["versions"] if item["id"] == "v2.1"]
    listed.require("$.versions[?@.id == 'v2.1']", [shapes.VERSION], found)
    listed.require("the links of v2.1 to itself", [str], _itself(found[0]))
    shown = compute.shown_version(_itself(found[0])[0])
    listed.require("the status of what is at the link of v2.1", LEADS, shown.exchange.status)
    alike = {key: found[0][key] for key in ("id", "status", "version", "min_version")}
    told(shown, shapes.VERSION_SHOWN).shape({"version": alike})
    shown.require("the links of v2.1 to itself", _itself(found[0]), _itself(shown.json()["version"]))


def _itself(version: dict[str, Any]) -> list[str]:
    return [link["href"] for link in version["links"] if link["rel"] == "self"]
