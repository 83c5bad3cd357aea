"""What is told of a snapshot: the same by every answer that has it, from its creation to its deletion.

https://docs.openstack.org/api-ref/block-storage/v3/#volume-snapshots-snapshots
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from defcore.kit import Change, Session, Volumes, api_test, with_item, with_json
from defcore.kit.checks import refused
from defcore.kit.match import exactly, one_of, url
from defcore.kit.volume.client import SNAPSHOT as ONE
from defcore.kit.volume.client import SNAPSHOTS as ALL
from defcore.kit.volume.shapes import CREATED_SNAPSHOT, SNAPSHOT, SNAPSHOTS, SNAPSHOTS_DETAIL
from defcore.kit.volume.told import again, changed, dated, fixed, told

REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/"
WORDS = {"tree": "pruneau d'été", "Zwetschgen_2": "blau & süß"}


@api_test(
    "2793aa66-6135-4d0e-8225-4ce64a364bd8",
    service="block-storage",
    creates={"snapshot": 1},
    uses=("volume",),
    reference=REFERENCE + "#create-a-snapshot",
    seconds=2,
    fails_if=Change(on=f"POST {ALL}", body=with_json("snapshot.metadata", {})),
)
def test_snapshot_is_created_as_asked_for(volumes: Volumes, session: Session) -> None:
    """A snapshot is told of as it was asked for when its creation is accepted, and stays so until it is available."""
    source = session.common("volume")
    asked = {"name": f"{session.name()} prunes ñ", "description": "Obstgarten, größer", "volume_id": source["id"]}
    given = asked | {"metadata": exactly(WORDS), "size": source["size"], "status": one_of("creating", "available")}
    created = told(volumes.create_snapshot(asked | {"metadata": WORDS}), 202)
    created.shape(CREATED_SNAPSHOT).shape({"snapshot": given})
    made: dict[str, Any] = created.json()["snapshot"]
    own = {"os-extended-snapshot-attributes:project_id": volumes.project_id}
    told(volumes.snapshot_reached(made["id"]), 200).shape(SNAPSHOT).shape({"snapshot": fixed(made) | own})


@api_test(
    "ad5bfe59-01ea-4671-bb32-dab9914fc0e0",
    service="block-storage",
    creates={"snapshot": 1},
    uses=("volume",),
    reference=REFERENCE + "#update-a-snapshot",
    seconds=2,
    fails_if=Change(on=f"PUT {ONE}", body=with_json("snapshot.metadata", {})),
)
def test_snapshot_told_alike_after_an_update(volumes: Volumes, session: Session) -> None:
    """A snapshot that is given another name is told of alike, and otherwise as before, by each answer that has it."""
    before = volumes.new_snapshot(session.common("volume")["id"], description="noch keiner", metadata=WORDS)
    words = {"name": f"{session.name()} Ørsted ß", "description": "l'été à Orléans"}
    now, brief = again(before, **words), changed("snapshot", before, **words)
    told(volumes.update_snapshot(before["id"], words), 200).shape({"snapshot": brief})
    shown = told(volumes.snapshot(before["id"]), 200).shape(SNAPSHOT).shape({"snapshot": now})
    detail = told(volumes.snapshots_detail(name=words["name"]), 200).shape(SNAPSHOTS_DETAIL)
    # Nobody has changed it since: even the time of the last change is the same.
    detail.shape({"snapshots": [exactly(shown.json()["snapshot"])]})
    told(volumes.snapshots(name=words["name"]), 200).shape(SNAPSHOTS).shape({"snapshots": [brief]})


@api_test(
    "37953879-8bcf-440c-880c-e030be2a3ac4",
    service="block-storage",
    creates={"snapshot": 1},
    uses=("volume",),
    reference=REFERENCE + "#delete-a-snapshot",
    seconds=2,
    fails_if=Change(on=f"GET {ALL}/detail", body=with_item("snapshots", id="plum")),
)
def test_no_trace_of_a_deleted_snapshot(volumes: Volumes, session: Session) -> None:
    """A snapshot whose deletion was accepted is soon not found any more, and in no listing."""
    snapshot = volumes.new_snapshot(session.common("volume")["id"])
    volumes.delete_snapshot(snapshot["id"]).status(202).check(dated)
    refused(volumes.snapshot_gone(snapshot["id"]), 404).check(dated)
    for read, shape in ((volumes.snapshots, SNAPSHOTS), (volumes.snapshots_detail, SNAPSHOTS_DETAIL)):
        told(read(name=snapshot["name"]), 200).shape({"snapshots": []}).shape(shape)


@api_test(
    "492670b7-9316-45ed-ada8-12d5f945d56f",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE + "#list-accessible-snapshots",
    fails_if=Change(on=f"GET {ALL}", body=with_json("snapshots_links", [])),
)
def test_snapshot_pages_in_order(volumes: Volumes, session: Session) -> None:
    """The pages of a listing of snapshots in order are linked from one to the next, and have each as it is, once."""
    shared = sorted(session.common("snapshots"), key=lambda item: str(item["id"]))
    source = shared[0]["volume_id"]
    params = {"volume_id": source, "limit": "1", "sort_key": "id", "sort_dir": "asc"}
    for item in shared:
        answer = told(volumes.snapshots(**params), 200).shape(SNAPSHOTS)
        answer.shape({"snapshots": [changed("snapshot", item)]})
        links = [link["href"] for link in answer.json().get("snapshots_links", ()) if link["rel"] == "next"]
        if item == shared[-1] and not links:
            return
        answer.require("links to the next page in $.snapshots_links", [url], links)
        there, here = urlsplit(links[0]), urlsplit(answer.exchange.url)
        place = (there.scheme, there.netloc, there.path)
        answer.require("scheme, host and path of the next page", (here.scheme, here.netloc, here.path), place)
        params = dict(parse_qsl(there.query))
    # A service need not know that a full page was the last one.
    told(volumes.snapshots(**params), 200).shape(SNAPSHOTS).shape({"snapshots": []})
