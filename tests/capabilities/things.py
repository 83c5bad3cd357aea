"""What is on a cloud, before and after; and what somebody else has there already."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from defcore.cloud.target import Target
from defcore.kit.outcomes import UnsupportedError
from defcore.kit.resources import KINDS, everything
from defcore.kit.session import Session
from defcore.run.ledger import LEDGER, Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from defcore.cloud.credential import Credential
    from defcore.kit.actor import Actor

STATE = ("X-Account-Meta-Quota-Bytes", "X-Account-Meta-Temp-URL-Key", "X-Account-Meta-Temp-URL-Key-2")
FOREIGN = "defcore-is-not-mine"
"""Begins as our names do, and is none of them."""


@dataclass(frozen=True)
class Account:
    """What could be left behind in a project: things by kind and id, containers of ours, headers of the account."""

    things: frozenset[tuple[str, str, str]]
    containers: tuple[str, ...]
    state: tuple[str | None, ...]

    @property
    def ours(self) -> set[tuple[str, str]]:
        """What carries a name of ours."""
        found = {(kind, name) for kind, _, name in self.things if name.startswith("defcore-") and name != FOREIGN}
        return found | {("container", name) for name in self.containers}


def accounts(credentials: Mapping[str, Credential]) -> dict[str, Account]:
    """Look into every project that the suite may use."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        session = Session(Path(folder), "0" * 16, credentials, Ledger(Path(folder) / LEDGER))
        for role in ("main", "alt", "empty"):
            target = Target(credentials[role])
            url, token = target.endpoint("object-store"), {"X-Auth-Token": target.token()}
            verify = credentials[role].verify
            listing = requests.get(f"{url}?prefix=defcore-", headers=token, verify=verify, timeout=20)
            head = requests.head(f"{url}", headers=token, verify=verify, timeout=20)
            state = tuple(head.headers.get(name) for name in STATE)
            things = frozenset(_things(session.actor(role)))
            found[role] = Account(things, tuple(listing.text.splitlines()), state)
    return found


def _things(actor: Actor) -> Iterator[tuple[str, str, str]]:
    for kind, about in KINDS.items():
        try:
            service = actor.client(about.service)
        except UnsupportedError:
            continue
        for item in everything(about, service):
            yield kind, str(item[about.id]), str(item.get(about.name))


def move_in(credentials: Mapping[str, Credential]) -> None:
    """Fill the main project with somebody else's things, whose names begin as ours do."""
    with tempfile.TemporaryDirectory() as folder:
        session = Session(Path(folder), "0" * 16, credentials, Ledger(Path(folder) / LEDGER))
        actor = session.actor("main")
        image = actor.image.images(limit="1").json()["images"][0]["id"]
        flavor = actor.compute.request("GET /flavors", "/flavors").json()["flavors"][0]["id"]
        for number in range(3):
            net = actor.network.request("POST /n", "/networks", {"network": {"name": FOREIGN}}).status(201).json()
            net_id = net["network"]["id"]
            subnet = {"name": FOREIGN, "network_id": net_id, "ip_version": 4, "cidr": f"10.9.{number}.0/24"}
            actor.network.request("POST /s", "/subnets", {"subnet": subnet}).status(201)
            server: dict[str, object] = {
                "name": FOREIGN,
                "imageRef": image,
                "flavorRef": flavor,
                "networks": [{"uuid": net_id}],
            }
            actor.compute.request("POST /servers", "/servers", {"server": server}).status(202)
            volume: dict[str, object] = {"name": FOREIGN, "size": 1, "metadata": {"key": "theirs"}}
            made = actor.block_storage.request("POST /volumes", "/volumes", {"volume": volume}).status(202)
            actor.block_storage.ready(made.json()["volume"]["id"])
            snapshot = {"name": FOREIGN, "volume_id": made.json()["volume"]["id"]}
            actor.block_storage.request("POST /snapshots", "/snapshots", {"snapshot": snapshot}).status(202)
            body: dict[str, object] = {"security_group": {"name": FOREIGN, "description": "theirs"}}
            actor.network.request("POST /g", "/security-groups", body).status(201)
            actor.network.request("POST /r", "/routers", {"router": {"name": FOREIGN}}).status(201)
            body = {"name": FOREIGN, "disk_format": "raw", "container_format": "bare", "visibility": "private"}
            actor.image.request("POST /i", "/images", body).status(201)
        actor.compute.request("POST /k", "/os-keypairs", {"keypair": {"name": FOREIGN}}).success()
        # So that the states that are compared afterwards are final.
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            servers = actor.compute.servers_detail().json()["servers"]
            if all(item["status"] == "ACTIVE" for item in servers):
                break
            time.sleep(0.3)
