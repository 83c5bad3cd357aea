"""Versions of the API. https://docs.openstack.org/api-ref/network/v2/#list-api-versions"""

from __future__ import annotations

from defcore.kit import Change, Each, Every, Networks, Session, api_test, with_json
from defcore.kit.match import anything

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/#list-api-versions"


@api_test(
    "cac8a836-c2e0-4304-b556-cd299c7281d1",
    service="network",
    reference=REFERENCE,
    seconds=0.1,
    fails_if=Change(on="GET /", body=with_json("versions.0.id", "v3.0")),
)
def test_list_api_versions(networks: Networks, session: Session) -> None:
    """The service lists the version of its API, which is v2.0, with its status and links."""
    answer = networks.versions().status(200)
    answer.shape(Every(Each({"id": "v2.0", "links": anything, "status": anything})))
    session.advise(lambda: answer.shape({"versions": Each({"links": Each({"rel": str, "href": str})}, least=1)}))
