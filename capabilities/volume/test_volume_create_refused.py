"""Refuse to create a volume of no size, of no type, or from nothing.

https://docs.openstack.org/api-ref/block-storage/v3/#create-a-volume
"""

from __future__ import annotations

from uuid import uuid4

from defcore.kit import Change, Session, Volumes, api_test
from defcore.kit.volume.client import VOLUMES

CREATE = f"POST {VOLUMES}"
REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/#create-a-volume"


def refuses(volumes: Volumes, session: Session, status: int, **wrong: str) -> None:
    """Require that a volume is refused which has this member, other than the shared one that was made without it."""
    session.common("volume")
    volumes.create_volume(volumes.blueprint(**wrong)).status(status)


@api_test(
    "1ed83a8a-682d-4dfb-a30e-ee63ffd6c049",
    service="block-storage",
    uses=("volume",),
    reference=REFERENCE,
    fails_if=Change(on=CREATE, status=202),
)
def test_size_that_is_no_number(volumes: Volumes, session: Session) -> None:
    """A volume whose size is no number is refused as a bad request."""
    refuses(volumes, session, 400, size="#$%")


@api_test(
    "9387686f-334f-4d31-a439-33494b9e2683",
    service="block-storage",
    uses=("volume",),
    reference=REFERENCE,
    fails_if=Change(on=CREATE, status=202),
)
def test_empty_size(volumes: Volumes, session: Session) -> None:
    """A volume whose size is empty is refused as a bad request."""
    refuses(volumes, session, 400, size="")


@api_test(
    "41331caa-eaf4-4001-869d-bc18c1869360",
    service="block-storage",
    uses=("volume",),
    reference=REFERENCE,
    fails_if=Change(on=CREATE, status=202),
)
def test_size_zero(volumes: Volumes, session: Session) -> None:
    """A volume of size zero is refused as a bad request."""
    refuses(volumes, session, 400, size="0")


@api_test(
    "8b472729-9eba-446e-a83b-916bdb34bef7",
    service="block-storage",
    uses=("volume",),
    reference=REFERENCE,
    fails_if=Change(on=CREATE, status=202),
)
def test_negative_size(volumes: Volumes, session: Session) -> None:
    """A volume of negative size is refused as a bad request."""
    refuses(volumes, session, 400, size="-1")


@api_test(
    "10254ed8-3849-454e-862e-3ab8e6aa01d2",
    service="block-storage",
    uses=("volume",),
    reference=REFERENCE,
    fails_if=Change(on=CREATE, status=400),
)
def test_unknown_type(volumes: Volumes, session: Session) -> None:
    """A volume of a type that does not exist is refused, for the type is not found."""
    refuses(volumes, session, 404, volume_type=str(uuid4()))


@api_test(
    "0c36f6ae-4604-4017-b0a9-34fdc63096f9",
    service="block-storage",
    uses=("volume",),
    reference=REFERENCE,
    fails_if=Change(on=CREATE, status=400),
)
def test_unknown_snapshot(volumes: Volumes, session: Session) -> None:
    """A volume from a snapshot that does not exist is refused, for the snapshot is not found."""
    refuses(volumes, session, 404, snapshot_id=str(uuid4()))


@api_test(
    "47c73e08-4be8-45bb-bfdf-0c4e79b88344",
    service="block-storage",
    uses=("volume",),
    reference=REFERENCE,
    fails_if=Change(on=CREATE, status=400),
)
def test_unknown_source_volume(volumes: Volumes, session: Session) -> None:
    """A copy of a volume that does not exist is refused, for the volume is not found."""
    refuses(volumes, session, 404, source_volid=str(uuid4()))
