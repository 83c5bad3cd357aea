"""Shapes of block storage: a real answer fits, and one with more or less in it does not."""

from __future__ import annotations

from typing import Any

import pytest

from defcore.kit.match import mismatches
from defcore.kit.volume.shapes import CREATED_VOLUME, SNAPSHOT, VOLUME, VOLUMES

LINKS = [{"rel": "self", "href": "https://x/v3/volumes/1"}]
CREATED: dict[str, Any] = {
    "attachments": [],
    "availability_zone": "nova",
    "bootable": "false",
    "consistencygroup_id": None,
    "created_at": "2026-11-20T12:00:00.000000",
    "description": None,
    "encrypted": False,
    "id": "1",
    "links": LINKS,
    "metadata": {},
    "multiattach": False,
    "name": "plum",
    "replication_status": None,
    "size": 1,
    "snapshot_id": None,
    "source_volid": None,
    "status": "available",
    "updated_at": None,
    "user_id": "somebody-of-a-directory",
    "volume_type": "__DEFAULT__",
}
SHOWN = CREATED | {"os-vol-host-attr:host": "a@b#c", "os-vol-tenant-attr:tenant_id": "p"}
TAKEN = {
    "created_at": "2026-11-20T12:00:00.000000",
    "description": None,
    "id": "1",
    "metadata": {"tree": "plum"},
    "name": None,
    "os-extended-snapshot-attributes:progress": "100%",
    "os-extended-snapshot-attributes:project_id": "p",
    "size": 1,
    "status": "available",
    "updated_at": None,
    "volume_id": "1",
}
GOOD = [
    (CREATED_VOLUME, {"volume": CREATED}),
    (VOLUME, {"volume": SHOWN}),
    (VOLUMES, {"volumes": [{"id": "1", "name": None, "links": LINKS}], "volumes_links": LINKS}),
    (SNAPSHOT, {"snapshot": TAKEN}),
]
BAD = [
    (CREATED_VOLUME, {"volume": SHOWN}, "$.volume['os-vol-host-attr:host']"),
    (VOLUME, {"volume": SHOWN | {"os-vol-host-attr:host": "a"}}, "$.volume['os-vol-host-attr:host']"),
    (VOLUME, {"volume": SHOWN | {"size": "1"}}, "$.volume.size"),
    (VOLUME, {"volume": SHOWN | {"created_at": None}}, "$.volume.created_at"),
    (VOLUMES, {"volumes": [{"id": "1", "links": LINKS}]}, "$.volumes[0].name"),
    (VOLUMES, {"volumes": [], "count": 0}, "$.count"),
    (SNAPSHOT, {"snapshot": TAKEN | {"metadata": {"tree": 1}}}, "$.snapshot.metadata.tree"),
]


@pytest.mark.parametrize(("shape", "answer"), GOOD)
def test_a_real_answer_fits(shape: object, answer: object) -> None:
    """A cloud that answers as the API says would fail."""
    assert list(mismatches(shape, answer)) == []


@pytest.mark.parametrize(("shape", "answer", "path"), BAD)
def test_what_is_wrong_is_found_at_its_place(shape: object, answer: object, path: str) -> None:
    """A client that relies on the API would break on a cloud that has passed."""
    assert path in [item.path for item in mismatches(shape, answer)]
