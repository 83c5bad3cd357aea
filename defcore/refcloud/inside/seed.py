"""Fill a template through the APIs themselves: users, catalogue, flavors, an image, a network."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .spec import Spec

if TYPE_CHECKING:
    from pathlib import Path

IMAGE_BYTES = 65536
# clouds.yaml entry: project of the profile, role there
GRANTS = {
    "": ("first", "member"),
    "alt": ("second", "member"),
    "empty": ("empty", "member"),
    "reader": ("first", "reader"),
    "reseller": ("first", "ResellerAdmin"),
    "spare": ("first", "member"),
}
SUCCESS = range(200, 300)

Send = Callable[[str, str, dict[str, str], bytes], tuple[int, dict[str, str], bytes]]
"""Sends method, URL, headers and body; gives status, headers and body."""


class Api:
    """Requests as the administrator, to inner URLs; an answer that is no success raises RuntimeError."""

    def __init__(self, spec: Spec, send: Send) -> None:
        self.spec = spec
        self.send = send
        user = {
            "name": spec.values["users"]["admin"],
            "domain": {"id": "default"},
            "password": spec.values["secrets"]["admin"],
        }
        auth = {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"name": "admin", "domain": {"id": "default"}}},
        }
        self.token = ""
        headers, _ = self.exchange("POST", spec.url("identity", "/v3/auth/tokens"), _json({"auth": auth}))
        self.token = headers["x-subject-token"]

    def exchange(
        self, method: str, url: str, body: bytes, kind: str = "application/json"
    ) -> tuple[dict[str, str], bytes]:
        """Send a request, give headers (names in lower case) and body of the answer."""
        headers = {"Content-Type": kind, "Accept": "application/json", "X-Auth-Token": self.token}
        status, answered, text = self.send(method, url, headers, body)
        if status not in SUCCESS:
            raise RuntimeError(f"{method} {url}: {status} {text[:300]!r}")
        return {name.lower(): value for name, value in answered.items()}, text

    def get(self, service: str, path: str) -> Any:
        """Give the JSON that a service has at a path."""
        return json.loads(self.exchange("GET", self.spec.url(service, path), b"")[1])

    def put(self, service: str, path: str, body: bytes = b"", kind: str = "application/octet-stream") -> None:
        """Put something, or nothing, at a path."""
        self.exchange("PUT", self.spec.url(service, path), body, kind)

    def post(self, service: str, path: str, body: Any) -> Any:
        """Send JSON, give the JSON of the answer."""
        return json.loads(self.exchange("POST", self.spec.url(service, path), _json(body))[1])

    def make(self, service: str, path: str, kind: str, **values: Any) -> Any:
        """Create one thing, the way that all but the image API do it."""
        return self.post(service, path, {kind: values})[kind]


def _json(value: Any) -> bytes:
    """Write JSON."""
    return json.dumps(value).encode()


def over_http(method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send to a running service."""
    request = urllib.request.Request(url, body or None, headers, method=method)  # noqa: S310 - our own URL
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own URL
        return answer.status, dict(answer.headers), answer.read()


def into_application(application: Any) -> Send:
    """Send to a WSGI application in this process, without a socket."""
    from werkzeug.test import Client

    client = Client(application)

    def send(method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        kept = {name: value for name, value in headers.items() if value}
        answer = client.open(url, method=method, headers=kept, data=body)
        return answer.status_code, dict(answer.headers), answer.get_data()

    return send


def people(api: Api) -> None:
    """Create roles, service users, and the projects and users of the profile."""
    values = api.spec.values
    roles = {role["name"]: role["id"] for role in api.get("identity", "/v3/roles")["roles"]}
    for name in ("service", "ResellerAdmin"):
        if name not in roles:
            roles[name] = api.make("identity", "/v3/roles", "role", name=name)["id"]

    def project(name: str, domain: str) -> str:
        made: str = api.make("identity", "/v3/projects", "project", name=name, domain_id=domain)["id"]
        return made

    def user(name: str, secret: str, domain: str, where: str, names: tuple[str, ...]) -> None:
        password = values["secrets"][secret]
        made = api.make("identity", "/v3/users", "user", name=name, password=password, domain_id=domain)
        for role in names:
            api.put("identity", f"/v3/projects/{where}/users/{made['id']}/roles/{roles[role]}")

    service = project("service", "default")
    for name in values["service_users"]:
        user(name, "service", "default", service, ("admin", "service"))
    domain = "default"
    if values["domain"] != "Default":
        domain = api.make("identity", "/v3/domains", "domain", name=values["domain"])["id"]
    projects = {key: project(name, domain) for key, name in values["projects"].items()}
    for entry, (where, role) in GRANTS.items():
        user(values["users"][entry], entry, domain, projects[where], (role,))


def catalogue(api: Api) -> None:
    """Register every service; defcore writes the true URLs when it copies the template."""
    known = {service["type"] for service in api.get("identity", "/v3/services")["services"]}
    for entry in api.spec.values["catalogue"]:
        if entry["type"] in known:
            continue
        service = api.make("identity", "/v3/services", "service", type=entry["type"], name=entry["name"])
        public, inner = entry["urls"]
        for interface, url in (("public", public), ("internal", inner), ("admin", inner)):
            api.make(
                "identity",
                "/v3/endpoints",
                "endpoint",
                service_id=service["id"],
                interface=interface,
                url=url,
                region_id=api.spec.values["region"],
            )


def goods(api: Api) -> None:
    """Create flavors, two public images and an external network, where their services run."""
    values = api.spec.values
    if "compute" in api.spec.services:
        for flavor in values["flavors"]:
            api.make("compute", "/v2.1/flavors", "flavor", **flavor)
    if "image" in api.spec.services:
        form = {"disk_format": "raw", "container_format": "bare", "visibility": "public"}
        # Lists of servers are told apart by their images, and servers rebuilt from another.
        for size, name in enumerate((values["image"], f"{values['image']}-other"), start=1):
            image = api.post("image", "/v2/images", {"name": name, **form})
            api.put("image", f"/v2/images/{image['id']}/file", bytes(size * IMAGE_BYTES))
    if "network" in api.spec.services:
        wire = {"provider:network_type": "flat", "provider:physical_network": "outside"}
        made = api.make(
            "network",
            "/v2.0/networks",
            "network",
            name=values["network"]["name"],
            **{"router:external": True, **wire},
        )
        api.make(
            "network",
            "/v2.0/subnets",
            "subnet",
            name=values["network"]["subnet"],
            network_id=made["id"],
            ip_version=4,
            cidr=values["network"]["cidr"],
            enable_dhcp=False,
        )


def fill_identity(spec: Spec, application: Any) -> None:
    """Seed what all other services need before they can start, into keystone's own application."""
    api = Api(spec, into_application(application))
    people(api)
    catalogue(api)


def main(data: Path) -> None:
    """Seed what the services of this running cloud have to offer."""
    goods(Api(Spec.load(data), over_http))
