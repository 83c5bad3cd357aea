"""All that is told of the versions of the API. https://docs.openstack.org/api-ref/network/v2/#list-api-versions"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from defcore.kit import Change, Each, Networks, api_test, with_json
from defcore.kit.checks import in_json
from defcore.kit.match import nonempty

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/#list-api-versions"


@api_test(
    "a87e2c59-095a-4c4f-a511-93ca83677306",
    service="network",
    reference=REFERENCE,
    seconds=0.2,
    fails_if=Change(on="GET /", body=with_json("versions.0.links.0.href", "https://example.org/nowhere")),
)
def test_versions_complete(networks: Networks) -> None:
    """Each version of the API is told with its id, status and links, and its link leads to the API."""
    answer = in_json(networks.versions().status(200))
    link = {"rel": nonempty, "href": nonempty}
    answer.shape({"versions": Each({"id": nonempty, "status": nonempty, "links": Each(link, least=1)}, least=1)})
    found = next((item["links"][0]["href"] for item in answer.json()["versions"] if item["id"] == "v2.0"), None)
    answer.require("$.versions[?@.id=='v2.0'].links[0].href", nonempty, found)
    # By which name a client reaches the service is known.
    ours, theirs = urlsplit(networks.url).path, urlsplit(urljoin(networks.root(), str(found))).path
    answer.require("$.versions[?@.id=='v2.0'].links[0].href", ours.rstrip("/"), theirs.rstrip("/"))
