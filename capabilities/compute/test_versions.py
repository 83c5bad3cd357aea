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
    """A version that has microversions is told of alike in the list, which is JSON, and where its link there leads."""
    listed = compute.versions().status(200).check(in_json).shape({"versions": Each(shapes.VERSION)})
    found = [item for item in listed.json()["versions"] if item["version"]]
    listed.require("the versions that have microversions", Each(dict, least=1), found)
    for item in found:
        listed.require("its links to itself", [str], _itself(item))
        shown = compute.shown_version(_itself(item)[0])
        listed.require("the status of what is at its link", LEADS, shown.exchange.status)
        alike = {key: item[key] for key in ("id", "status", "version", "min_version")}
        told(shown, shapes.VERSION_SHOWN).shape({"version": alike})
        shown.require("its links to itself", _itself(item), _itself(shown.json()["version"]))


def _itself(version: dict[str, Any]) -> list[str]:
    return [link["href"] for link in version["links"] if link["rel"] == "self"]
