"""The client of block storage: what it sends where, and what it enters in the ledger."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from defcore.kit.answer import Answer, CheckFailedError
from defcore.kit.volume import Volumes
from defcore.run.ledger import LEDGER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from defcore.cloud.http import Exchange
    from defcore.kit.session import Session

NAMED = {"id": "v1", "status": "available"}


@dataclass
class Cloud:
    """A cloud in the place of who acts: it notes what is sent, and gives answers in their order, the last for ever."""

    session: Session
    exchange: Callable[..., Exchange]
    answers: list[tuple[int, Any]] = field(default_factory=lambda: [(200, {})])
    sent: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    versions: list[str | None] = field(default_factory=list)
    role: str = "main"
    target: Any = field(default_factory=lambda: SimpleNamespace(project_id="p", user_id="u"))

    def send(self, method: str, url: str, *, operation: str, body: bytes, headers: Any, **_: Any) -> Answer:  # noqa: ANN401
        """Note a request, and answer it."""
        self.versions.append(headers.get("OpenStack-API-Version"))
        self.sent.append(f"{operation} -> {method} {url}")
        self.bodies.append(json.loads(body) if body else None)
        status, told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return Answer(self.exchange(status, body=json.dumps(told).encode()))

    @property
    def volumes(self) -> Volumes:
        """Its block storage."""
        return Volumes(self, "https://x/disks/v3/p")  # type: ignore[arg-type]


@pytest.fixture
def cloud(session: Session, exchange: Callable[..., Exchange]) -> Cloud:
    """Give a cloud that answers each request with an empty object."""
    return Cloud(session, exchange)


OPERATIONS: list[tuple[Callable[[Volumes], object], str, str]] = [
    (lambda v: v.versions(), "GET /", "GET https://x/disks/"),
    (lambda v: v.extensions(), "GET {}/extensions", "GET {}/extensions"),
    (lambda v: v.zones(), "GET {}/os-availability-zone", "GET {}/os-availability-zone"),
    (lambda v: v.volumes(), "GET {}/volumes", "GET {}/volumes"),
    (lambda v: v.volumes_detail(), "GET {}/volumes/detail", "GET {}/volumes/detail"),
    (lambda v: v.volume("1"), "GET {}/volumes/{{volume_id}}", "GET {}/volumes/1"),
    (
        lambda v: v.volume("https://x/disks/v3/volumes/1"),
        "GET {}/volumes/{{volume_id}}",
        "GET https://x/disks/v3/volumes/1",
    ),
    (lambda v: v.update_volume("1", {}), "PUT {}/volumes/{{volume_id}}", "PUT {}/volumes/1"),
    (lambda v: v.delete_volume("1"), "DELETE {}/volumes/{{volume_id}}", "DELETE {}/volumes/1"),
    (lambda v: v.snapshots(), "GET {}/snapshots", "GET {}/snapshots"),
    (lambda v: v.snapshots_detail(), "GET {}/snapshots/detail", "GET {}/snapshots/detail"),
    (lambda v: v.update_snapshot("1", {}), "PUT {}/snapshots/{{snapshot_id}}", "PUT {}/snapshots/1"),
    (lambda v: v.delete_snapshot("1"), "DELETE {}/snapshots/{{snapshot_id}}", "DELETE {}/snapshots/1"),
    (lambda v: v.metadata.show("1"), "GET {}/volumes/{{volume_id}}/metadata", "GET {}/volumes/1/metadata"),
    (lambda v: v.snapshot("1"), "GET {}/snapshots/{{snapshot_id}}", "GET {}/snapshots/1"),
    (lambda v: v.metadata.create("1", {}), "POST {}/volumes/{{volume_id}}/metadata", "POST {}/volumes/1/metadata"),
    (lambda v: v.metadata.replace("1", {}), "PUT {}/volumes/{{volume_id}}/metadata", "PUT {}/volumes/1/metadata"),
    (
        lambda v: v.metadata.show_item("1", "k"),
        "GET {}/volumes/{{volume_id}}/metadata/{{key}}",
        "GET {}/volumes/1/metadata/k",
    ),
    (
        lambda v: v.metadata.update_item("1", "k", "x"),
        "PUT {}/volumes/{{volume_id}}/metadata/{{key}}",
        "PUT {}/volumes/1/metadata/k",
    ),
    (
        lambda v: v.snapshot_metadata.delete_item("1", "k"),
        "DELETE {}/snapshots/{{snapshot_id}}/metadata/{{key}}",
        "DELETE {}/snapshots/1/metadata/k",
    ),
    (
        lambda v: v.set_bootable("1", bootable=True),
        "POST {}/volumes/{{volume_id}}/action (os-set_bootable)",
        "POST {}/volumes/1/action",
    ),
    (
        lambda v: v.set_readonly("1", readonly=True),
        "POST {}/volumes/{{volume_id}}/action (os-update_readonly_flag)",
        "POST {}/volumes/1/action",
    ),
]


@pytest.mark.parametrize(("call", "operation", "request_"), OPERATIONS)
def test_an_operation_goes_where_it_is_documented(
    cloud: Cloud, call: Callable[[Volumes], object], operation: str, request_: str
) -> None:
    """A cloud would be judged by what it answers to something else, and the report name what was not asked."""
    call(cloud.volumes)
    wanted = f"{operation.format('/v3/{project_id}')} -> {request_.format('https://x/disks/v3/p')}"
    assert cloud.sent == [wanted]


def test_a_version_is_asked_for_where_one_is_given(cloud: Cloud) -> None:
    """A cloud would be judged for a version that nobody asked it for."""
    cloud.volumes.volume("1")
    cloud.volumes.volume("1", version="3.63")
    assert cloud.versions == [None, "volume 3.63"]


def test_what_is_created_is_in_the_ledger_until_it_is_gone(cloud: Cloud, tmp_path: Path) -> None:
    """A volume that nobody knows of is paid for by the vendor for ever."""
    cloud.answers = [(202, {"volume": NAMED}), (200, {"volume": NAMED}), (404, {})]
    volumes = cloud.volumes
    volumes.create_volume({"name": "mine", "size": 1})
    lines = [json.loads(line) for line in (tmp_path / LEDGER).read_text().splitlines()]
    assert [line["op"] for line in lines] == ["owes", "learned"]
    assert (lines[0]["kind"], lines[0]["where"], lines[1]["where"]) == ("volume", {"name": "mine"}, {"id": "v1"})
    volumes.gone("v1")
    volumes.gone("v1")
    lines = [json.loads(line) for line in (tmp_path / LEDGER).read_text().splitlines()]
    assert [line["op"] for line in lines] == ["owes", "learned", "settled"]


@pytest.mark.parametrize("told", [[], {"volume": []}, {"volume": {}}])
def test_an_answer_without_an_id_is_for_the_test_to_judge(cloud: Cloud, told: object) -> None:
    """It would end as a fault of ours."""
    cloud.answers = [(202, told)]
    assert cloud.volumes.create_volume({"name": "mine", "size": 1}).json() == told


def test_the_image_of_a_volume_is_owed_too(cloud: Cloud, tmp_path: Path) -> None:
    """The image would stay when the run is killed."""
    cloud.answers = [(202, {"os-volume_upload_image": {"image_id": "i1"}})]
    cloud.volumes.upload("v1", "mine", "raw")
    lines = [json.loads(line) for line in (tmp_path / LEDGER).read_text().splitlines()]
    assert [(line["op"], line.get("kind"), line["where"]) for line in lines] == [
        ("owes", "image", {"name": "mine"}),
        ("learned", None, {"id": "i1"}),
    ]


def test_a_quota_that_lags_behind_is_waited_for(cloud: Cloud) -> None:
    """Where a volume has just been deleted, its place is free a moment later, and the test would fail."""
    cloud.answers = [(413, {}), (202, {"snapshot": NAMED}), (200, {"snapshot": NAMED})]
    assert cloud.volumes.new_snapshot("v1") == NAMED
    assert [line.partition(" ")[0] for line in cloud.sent] == ["POST", "POST", "GET"]


def test_a_quota_that_stays_full_is_told(cloud: Cloud) -> None:
    """The vendor must learn that there was no room, and not wait for ever."""
    cloud.answers = [(413, {})]
    with pytest.raises(CheckFailedError, match=r"status: expected an accepted request, got 413 \(the quota is full\)"):
        cloud.volumes.create_volume({"name": "mine", "size": 1})


def test_a_type_that_is_pinned_is_used(cloud: Cloud) -> None:
    """A cloud whose default type is not for everybody could not be tested."""
    cloud.session.pins["volume-type"] = "fast"
    assert cloud.volumes.blueprint(size=2).items() >= {"volume_type": "fast", "size": 2}.items()


def test_a_volume_is_handed_over_when_it_is_there(cloud: Cloud) -> None:
    """A test would change a volume that is still being made."""
    making = {"volume": NAMED | {"status": "creating"}}
    cloud.answers = [(202, making), (200, making), (200, {"volume": NAMED})]
    assert cloud.volumes.new_volume() == NAMED
    cloud.answers = [(202, {}), (200, {"snapshot": NAMED}), (404, {})]
    cloud.volumes.delete_snapshot("s1").status(202)
    cloud.volumes.snapshot_gone("s1")
    assert cloud.answers == [(404, {})]
