"""Metadata of a server: read, set, replaced, and removed.

https://docs.openstack.org/api-ref/compute/#server-metadata-servers-metadata
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.kit import Answer, Change, Compute, Only, Session, api_test, with_json
from defcore.kit.compute import shapes
from defcore.kit.compute.common import METADATA

if TYPE_CHECKING:
    from collections.abc import Mapping

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
USES = ("lent-server",)


@api_test(
    "479da087-92b3-4dcf-aeb3-fd293b2d14ce",
    service="compute",
    reference=REFERENCE + "#list-all-metadata",
    fails_if=Change(on="GET /servers/{server_id}/metadata", body=with_json("metadata.key2", "value1")),
    uses=("server",),
    creates={},
    seconds=0.3,
)
def test_list_metadata(session: Session, compute: Compute) -> None:
    """All metadata of a server is listed, and nothing else."""
    only(compute.metadata(session.common("server")["id"]), METADATA)


@api_test(
    "3043c57d-7e0e-49a6-9a96-ad569c265e6a",
    service="compute",
    reference=REFERENCE + "#show-metadata-item-details",
    fails_if=Change(on="GET /servers/{server_id}/metadata/{key}", body=with_json("meta.key2", "value1")),
    uses=("server",),
    creates={},
    seconds=0.3,
)
def test_show_item(session: Session, compute: Compute) -> None:
    """One item of a server's metadata is shown by its key."""
    answer = compute.metadata_item(session.common("server")["id"], "key2").status(200).shape(shapes.META)
    answer.shape({"meta": {"key2": METADATA["key2"]}})


@api_test(
    "211021f6-21de-4657-a68f-908878cfe251",
    service="compute",
    reference=REFERENCE + "#create-or-replace-metadata-items",
    fails_if=Change(on="GET /servers/{server_id}/metadata", body=with_json("metadata.key1", "value1")),
    uses=USES,
    creates={},
    seconds=0.3,
)
def test_replace_metadata(session: Session, compute: Compute) -> None:
    """Metadata that is put on a server takes the place of all that was there before."""
    after = {"meta2": "data2", "meta3": "data3"}
    with compute.lent(safe=True) as server:
        prepared(session, compute, server["id"])
        compute.replace_metadata(server["id"], after).status(200).shape(shapes.METADATA)
        only(compute.metadata(server["id"]), after)


@api_test(
    "344d981e-0c33-4997-8a5d-6c1d803e4134",
    service="compute",
    reference=REFERENCE + "#update-metadata-items",
    fails_if=Change(
        on="GET /servers/{server_id}/metadata", body=with_json("metadata", {"key1": "alt1", "key3": "value3"})
    ),
    uses=USES,
    creates={},
    seconds=0.3,
)
def test_update_metadata(session: Session, compute: Compute) -> None:
    """Updated metadata is changed or added, and what the update does not name stays as it was."""
    with compute.lent(safe=True) as server:
        prepared(session, compute, server["id"])
        change = {"key1": "alt1", "key3": "value3"}
        compute.update_metadata(server["id"], change).status(200).shape(shapes.METADATA)
        only(compute.metadata(server["id"]), METADATA | change)


@api_test(
    "58c02d4f-5c67-40be-8744-d3fa5982eb1c",
    service="compute",
    reference=REFERENCE + "#create-or-update-metadata-item",
    fails_if=Change(on="GET /servers/{server_id}/metadata", body=with_json("metadata", METADATA)),
    uses=USES,
    creates={},
    seconds=0.3,
)
def test_set_item(session: Session, compute: Compute) -> None:
    """One item that is set by its key is added to a server's metadata."""
    with compute.lent(safe=True) as server:
        prepared(session, compute, server["id"])
        compute.set_metadata_item(server["id"], "nova", "alt").status(200).shape(shapes.META)
        only(compute.metadata(server["id"]), METADATA | {"nova": "alt"})


@api_test(
    "127642d6-4c7b-4486-b7cd-07265a378658",
    service="compute",
    reference=REFERENCE + "#delete-metadata-item",
    fails_if=Change(on="GET /servers/{server_id}/metadata", body=with_json("metadata", METADATA)),
    uses=USES,
    creates={},
    seconds=0.3,
)
def test_delete_item(session: Session, compute: Compute) -> None:
    """One item that is deleted is gone from a server's metadata, and the others stay."""
    with compute.lent(safe=True) as server:
        prepared(session, compute, server["id"])
        compute.delete_metadata_item(server["id"], "key1").status(204)
        only(compute.metadata(server["id"]), {"key2": "value2"})


def prepared(session: Session, compute: Compute, server: str) -> None:
    """Give a server two items of metadata."""
    with session.setting_up():
        only(compute.replace_metadata(server, METADATA), METADATA)


def only(answer: Answer, items: Mapping[str, str]) -> None:
    """Require that a server has this metadata, and no other."""
    answer.status(200).shape(shapes.METADATA).shape({"metadata": Only(dict(items))})
