"""What a block storage service tells of its extensions and zones, in full.

https://docs.openstack.org/api-ref/block-storage/v3/#api-extensions-extensions
"""

from __future__ import annotations

from defcore.kit import Change, Each, Session, UnsupportedError, Volumes, api_test, replaced
from defcore.kit.match import containing
from defcore.kit.volume.shapes import EXTENSIONS, ZONES
from defcore.kit.volume.told import told

REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/"
NAMES = {
    "os-availability-zone": "AvailabilityZones",
    "os-hosts": "Hosts",
    "os-quota-sets": "Quotas",
    "os-snapshot-actions": "SnapshotActions",
    "os-types-extra-specs": "TypesExtraSpecs",
    "os-volume-actions": "VolumeActions",
}
"""Alias and name of some extensions, as the example of the reference has them."""


@api_test(
    "06511ff8-3b05-4def-9b83-a2e4001b880d",
    service="block-storage",
    reference=REFERENCE + "#list-known-api-extensions",
    fails_if=Change(on="GET /v3/{project_id}/extensions", body=replaced('"VolumeActions"', '"VolumeAction"')),
)
def test_extensions_by_their_names(volumes: Volumes) -> None:
    """The listing of the API's extensions has each alias once, and calls those of the reference by their names."""
    answer = told(volumes.extensions(), 200).shape(EXTENSIONS).shape({"extensions": Each(dict, least=1)})
    found = [(item["alias"], item["name"]) for item in answer.json()["extensions"]]
    aliases = [alias for alias, _ in found]
    answer.require("aliases in $.extensions", sorted(set(aliases)), sorted(aliases))
    known = {alias: name for alias, name in found if alias in NAMES}
    if not known:
        message = f"it lists none of the extensions {', '.join(NAMES)}"
        raise UnsupportedError(message)
    answer.require("names in $.extensions", {alias: NAMES[alias] for alias in known}, known)


@api_test(
    "8a85471d-1eee-4462-a57b-a05b2f689faa",
    service="block-storage",
    uses=("volume",),
    reference=REFERENCE + "#list-availability-zone-information",
    fails_if=Change(on="GET /v3/{project_id}/os-availability-zone", body=replaced('"available"', '"usable"')),
)
def test_zones_in_full(volumes: Volumes, session: Session) -> None:
    """The listing of availability zones tells of each whether it is available, and has the one of every volume."""
    answer = told(volumes.zones(), 200).shape(ZONES)
    names = [zone["zoneName"] for zone in answer.json()["availabilityZoneInfo"]]
    answer.require("names in $.availabilityZoneInfo", sorted(set(names)), sorted(names))
    if zone := session.common("volume")["availability_zone"]:
        answer.require("names in $.availabilityZoneInfo", containing(zone), names)
