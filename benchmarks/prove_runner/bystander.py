"""Somebody else who works in the same projects, and whose things must be as they were."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import requests

from defcore.kit.names import LIFETIME, fresh

if TYPE_CHECKING:
    from benchmarks.prove_runner.stage import Stage
    from defcore.cloud.target import Target

PROJECTS = ("", "alt", "empty")
NAMES = ("defcore-", "defcore-notes", "defcore-0123abcd", "defcore-0123abcd-89ef0123", "DEFCORE-0123abcd-89ef0123",
         "defcore-%2F é ü", "my defcore-", "defcore-0123abcd-89ef0123-a", "plums")  # fmt: skip
OBJECTS = ("defcore-0123abcd-89ef0123", "a b/ç d", "%20", "manifest")
VOLATILE = frozenset({"date", "x-trans-id", "x-openstack-request-id", "connection", "content-length", "keep-alive"})
SETTLED = 15.0
"""Seconds within which an account's own counts must be right again."""

Picture = dict[str, Any]


@dataclass
class Bystander:
    """Makes things of its own in two of the three projects, and takes pictures of all three."""

    stage: Stage

    def __post_init__(self) -> None:
        """Log in as each project's user."""
        self._targets = {project: self.stage.target(project) for project in PROJECTS}
        self._session = requests.Session()

    def settle_in(self) -> None:
        """Make containers, objects, metadata and a quota. The empty project stays as it is: that is what it is for."""
        for project in PROJECTS[:2]:
            target = self._targets[project]
            self._send(target, "POST", "", {"X-Account-Meta-Owner": "bystander", "X-Account-Meta-Defcore-Note": "mine"})
            # A run of somebody else that is still going on.
            for name in (*NAMES, fresh(secrets.token_hex(8), time.time() + LIFETIME)):
                meta = {"X-Container-Meta-Owner": "bystander", "X-Container-Meta-Quota-Count": "40"}
                self._send(target, "PUT", quote(name, safe=""), meta | {"X-Container-Read": ".r:*"})
                for item in OBJECTS:
                    path = f"{quote(name, safe='')}/{quote(item)}"
                    self._send(target, "PUT", path, {"X-Object-Meta-Owner": "bystander"}, f"{name} {item}".encode())

    def picture(self) -> Picture:
        """Return all that the projects hold, with every header that is not of the moment."""
        return {project or "main": self._account(target) for project, target in self._targets.items()}

    def picture_like(self, before: Picture) -> Picture:
        """Return a picture; where it differs from ``before``, only after the cloud had time to settle."""
        end = time.monotonic() + SETTLED
        while (now := self.picture()) != before and time.monotonic() < end:
            time.sleep(0.5)
        return now

    def _account(self, target: Target) -> dict[str, Any]:
        listed = self._listing(target, "")
        inside = {item["name"]: self._container(target, quote(item["name"], safe="")) for item in listed}
        headers = self._headers(target, "")
        # Of an account in which nothing was ever stored, these are made up anew for each answer.
        kept = {name: value for name, value in headers.items() if not name.endswith("timestamp")}
        return {"headers": kept, "containers": inside}

    def _container(self, target: Target, path: str) -> dict[str, Any]:
        listed = self._listing(target, path)
        objects = {item["name"]: item for item in listed}
        for name, item in objects.items():
            item["headers"] = self._headers(target, f"{path}/{quote(name)}")
        return {"headers": self._headers(target, path), "objects": objects}

    def _listing(self, target: Target, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self._send(target, "GET", f"{path}?format=json").content or b"[]")
        return found

    def _headers(self, target: Target, path: str) -> dict[str, str]:
        answer = self._send(target, "HEAD", path)
        return {name.lower(): value for name, value in answer.headers.items() if name.lower() not in VOLATILE}

    def _send(
        self, target: Target, method: str, path: str, headers: dict[str, str] | None = None, data: bytes = b""
    ) -> requests.Response:
        url = f"{target.endpoint('object-store')}{'' if path.startswith('?') or not path else '/'}{path}"
        sent = {"X-Auth-Token": target.token(), **(headers or {})}
        answer = self._session.request(method, url, headers=sent, data=data, timeout=60)
        if answer.status_code == requests.codes.not_found:
            return answer
        answer.raise_for_status()
        return answer


def left(before: Picture, after: Picture) -> list[str]:
    """Name what is there now and was not: containers, objects, headers of accounts."""
    found = []
    for project, account in after.items():
        old = before[project]
        found += [f"{project}: {name}" for name in account["containers"] if name not in old["containers"]]
        found += [f"{project}: header {name}" for name in account["headers"] if name not in old["headers"]]
    return found


def touched(before: Picture, after: Picture) -> list[str]:
    """Name what was there and is gone or different: of each account its containers and its own headers."""
    found = []
    for project, account in before.items():
        now = after[project]
        old = account["containers"]
        found += [f"{project}: {name}" for name, held in old.items() if now["containers"].get(name) != held]
        headers = account["headers"]
        found += [f"{project}: header {name}" for name in headers if now["headers"].get(name) != headers[name]]
    return found


def things(picture: Picture) -> int:
    """Count the bystander's things: containers, objects, and metadata of accounts."""
    return sum(
        len(account["containers"])
        + sum(len(held["objects"]) for held in account["containers"].values())
        + sum(name.startswith("x-account-meta-") for name in account["headers"])
        for account in picture.values()
    )
