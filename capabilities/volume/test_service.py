"""What a block storage service tells of itself: versions of its API, extensions, availability zones.

https://docs.openstack.org/api-ref/block-storage/v3/#api-versions
"""

from __future__ import annotations

from defcore.kit import Change, Each, Session, Volumes, api_test, replaced, with_json
from defcore.kit.volume.shapes import EXTENSIONS, VERSIONS

REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/"


@api_test(
    "77838fc4-b49b-4c64-9533-166762517369",
    service="block-storage",
    reference=REFERENCE + "#list-all-api-versions",
    fails_if=Change(on="GET /", body=replaced('"min_version"', '"oldest"')),
)
def test_list_versions(volumes: Volumes, session: Session) -> None:
    """Whoever asks for the root of the service, even without a token, is told which versions of its API there are."""
    answer = volumes.versions().status(300).shape(VERSIONS)
    session.advise(lambda: answer.shape({"versions": Each(dict, least=1)}))


@api_test(
    "94607eb0-43a5-47ca-82aa-736b41bd2e2c",
    service="block-storage",
    reference=REFERENCE + "#list-known-api-extensions",
    fails_if=Change(on="GET /v3/{project_id}/extensions", body=with_json("extensions", [])),
)
def test_list_extensions(volumes: Volumes) -> None:
    """The listing of the API's extensions names at least one, and describes each."""
    # The published test looks for one that whoever runs it names in its configuration, or else for "Hosts".
    volumes.extensions().status(200).shape(EXTENSIONS).shape({"extensions": Each(dict, least=1)})


@api_test(
    "01f1ae88-eba9-4c6b-a011-6f7ace06b725",
    service="block-storage",
    reference=REFERENCE + "#list-availability-zone-information",
    fails_if=Change(on="GET /v3/{project_id}/os-availability-zone", body=with_json("availabilityZoneInfo", [])),
)
def test_list_availability_zones(volumes: Volumes, session: Session) -> None:
    """The listing of availability zones names at least one."""
    answer = volumes.zones().status(200).shape({"availabilityZoneInfo": Each(dict, least=1)})
    zone = {"zoneName": str, "zoneState": {"available": bool}}
    session.advise(lambda: answer.shape({"availabilityZoneInfo": Each(zone)}))
