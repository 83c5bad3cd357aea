"""Find nothing where no volume is: an id that nothing has, what is no id at all, and no id.

https://docs.openstack.org/api-ref/block-storage/v3/#volumes-volumes
"""

from __future__ import annotations

from uuid import uuid4

from defcore.kit import Change, Session, Volumes, api_test
from defcore.kit.volume.client import VOLUME

SHOW, UPDATE, DELETE = f"GET {VOLUME}", f"PUT {VOLUME}", f"DELETE {VOLUME}"
REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/"
SHOWN, UPDATED = REFERENCE + "#show-a-volume-s-details", REFERENCE + "#update-a-volume"
DELETED = REFERENCE + "#delete-a-volume"


def one_is_found(session: Session) -> None:
    """See that the shared volume was found by its id, so that what is not found is so for its own sake."""
    session.common("volume")


@api_test(
    "f131c586-9448-44a4-a8b0-54ca838aa43e",
    service="block-storage",
    uses=("volume",),
    reference=SHOWN,
    fails_if=Change(on=SHOW, status=400),
)
def test_show_unknown_volume(volumes: Volumes, session: Session) -> None:
    """A volume that does not exist is not found."""
    one_is_found(session)
    volumes.volume(str(uuid4())).status(404)


@api_test(
    "30799cfd-7ee4-446c-b66c-45b383ed211b",
    service="block-storage",
    uses=("volume",),
    reference=SHOWN,
    fails_if=Change(on=SHOW, status=400),
)
def test_show_what_is_no_id(volumes: Volumes, session: Session) -> None:
    """A volume is not found by what could be no volume's id."""
    one_is_found(session)
    volumes.volume(session.name()).status(404)


@api_test(
    "c6c3db06-29ad-4e91-beb0-2ab195fe49e3",
    service="block-storage",
    uses=("volume",),
    reference=SHOWN,
    fails_if=Change(on=SHOW, status=200),
)
def test_show_without_id(volumes: Volumes, session: Session) -> None:
    """A volume is not found where the address says none."""
    one_is_found(session)
    volumes.volume("").status(404)


@api_test(
    "0186422c-999a-480e-a026-6a665744c30c",
    service="block-storage",
    uses=("volume",),
    reference=UPDATED,
    fails_if=Change(on=UPDATE, status=200),
)
def test_update_unknown_volume(volumes: Volumes, session: Session) -> None:
    """A volume that does not exist is not found when it is to be renamed."""
    one_is_found(session)
    volumes.update_volume(str(uuid4()), {"name": session.name()}).status(404)


@api_test(
    "e66e40d6-65e6-4e75-bdc7-636792fa152d",
    service="block-storage",
    uses=("volume",),
    reference=UPDATED,
    fails_if=Change(on=UPDATE, status=400),
)
def test_update_what_is_no_id(volumes: Volumes, session: Session) -> None:
    """A volume that is to be renamed is not found by what could be no volume's id."""
    one_is_found(session)
    volumes.update_volume(session.name(), {"name": session.name()}).status(404)


@api_test(
    "72aeca85-57a5-4c1f-9057-f320f9ea575b",
    service="block-storage",
    uses=("volume",),
    reference=UPDATED,
    fails_if=Change(on=UPDATE, status=400),
)
def test_update_without_id(volumes: Volumes, session: Session) -> None:
    """A volume that is to be changed is not found where the address says none."""
    one_is_found(session)
    volumes.update_volume("", {}).status(404)


@api_test(
    "555efa6e-efcd-44ef-8a3b-4a7ca4837a29",
    service="block-storage",
    uses=("volume",),
    reference=DELETED,
    fails_if=Change(on=DELETE, status=202),
)
def test_delete_unknown_volume(volumes: Volumes, session: Session) -> None:
    """A volume that does not exist is not found when it is to be deleted."""
    one_is_found(session)
    volumes.delete_volume(str(uuid4())).status(404)


@api_test(
    "1f035827-7c32-4019-9240-b4ec2dbd9dfd",
    service="block-storage",
    uses=("volume",),
    reference=DELETED,
    fails_if=Change(on=DELETE, status=400),
)
def test_delete_what_is_no_id(volumes: Volumes, session: Session) -> None:
    """A volume that is to be deleted is not found by what could be no volume's id."""
    one_is_found(session)
    volumes.delete_volume(session.name()).status(404)


@api_test(
    "441a1550-5d44-4b30-af0f-a6d402f52026",
    service="block-storage",
    uses=("volume",),
    reference=DELETED,
    fails_if=Change(on=DELETE, status=202),
)
def test_delete_without_id(volumes: Volumes, session: Session) -> None:
    """A volume that is to be deleted is not found where the address says none."""
    one_is_found(session)
    volumes.delete_volume("").status(404)
