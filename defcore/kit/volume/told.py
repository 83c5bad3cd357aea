"""What every answer of block storage tells, whichever operation it answers: its version, and the same as the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from defcore.kit.checks import at_version, in_json
from defcore.kit.match import Only, exactly, iso_time, url
from defcore.kit.volume.shapes import CREATED_SNAPSHOT, CREATED_VOLUME, time_or_null

if TYPE_CHECKING:
    from defcore.kit.answer import Answer
    from defcore.kit.volume.client import Volumes

OLDEST = "volume 3.0"
"""The version in which requests that ask for none are answered.

https://docs.openstack.org/cinder/latest/contributor/api_microversion_history.html
"""
dated = at_version(OLDEST)
FIXED = frozenset(
    [
        *("id", "name", "description", "size", "metadata", "created_at", "user_id", "links", "volume_id"),
        *("snapshot_id", "source_volid", "consistencygroup_id", "multiattach", "encrypted"),
    ]
)
"""What of a volume or a snapshot is the same from the moment at which its creation is accepted."""


def told(answer: Answer, status: int) -> Answer:
    """Require a status, and an answer in JSON, as of the oldest version."""
    return answer.status(status).check(in_json, dated)


def again(item: dict[str, Any], **new: object) -> Only:
    """Make the shape of a thing that is told of once more: but for what is new, and the time of the last change."""
    known: Only = exactly(item | new)
    return Only(known.members | {"updated_at": time_or_null if item["updated_at"] is None else iso_time})


def fixed(item: dict[str, Any]) -> dict[str, Any]:
    """Make the shape of what stays as it was told when the thing was created."""
    return {key: exactly(value) for key, value in item.items() if key in FIXED}


def changed(thing: str, item: dict[str, Any], **new: object) -> Only:
    """Make the shape of what is answered to a change of a ``volume`` or ``snapshot`` that was shown as ``item``."""
    shape = CREATED_VOLUME if thing == "volume" else CREATED_SNAPSHOT
    return again({key: value for key, value in item.items() if key in shape.members[thing].members}, **new)


def linked(answer: Answer, volume: dict[str, Any]) -> str:
    """Require that a volume's link to itself is one to this service, and to that volume; return it."""
    link = next((item["href"] for item in volume["links"] if item["rel"] == "self"), None)
    answer.require("the link self", url, link)
    there, here = urlsplit(str(link)), urlsplit(answer.exchange.url)
    answer.require("the host of the link self", (here.scheme, here.netloc), (there.scheme, there.netloc))
    answer.require("the end of the link self", ["volumes", volume["id"]], there.path.split("/")[-2:])
    return str(link)


def leads(volumes: Volumes, answer: Answer, volume: dict[str, Any]) -> None:
    """Require that a volume's link to itself leads to it."""
    found = volumes.volume(linked(answer, volume))
    answer.require("what the link self leads to", 200, found.exchange.status)
    found.shape({"volume": {"id": volume["id"]}})
