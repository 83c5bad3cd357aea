"""Compute, image, network and volumes: do they answer, and is there what a server needs.

They are looked at when the program's tests talk to them. https://docs.openstack.org/api-quick-start/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from defcore.cloud.redact import url as clean_url
from defcore.doctor.model import ok, problem
from defcore.doctor.reader import content, dig, number
from defcore.doctor.room import Quota, answered, room

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.doctor.model import Finding, Wanted
    from defcore.doctor.reader import Reader

    Seen = tuple[list[Finding], dict[str, int]]
    """What was found, and how many of each kind of resource there is room for."""


def compute(url: str, reader: Reader, wanted: Wanted, project: str) -> Seen:
    """Compute API: flavors, and the limits of servers, cores and memory."""
    del project
    exchange = reader.get(f"{url}/limits")
    if findings := answered("compute", exchange):
        return findings, {}
    limits = dig(content(exchange), "limits", "absolute")
    servers = wanted.peak.get("server", 0)

    def quota(what: str, maximum: str, used: str) -> Quota:
        # The smallest server has one core.
        told = number(dig(limits, maximum)), number(dig(limits, used))
        return Quota(what, *told, servers, wanted.least.get("server", 0), ("server",))

    findings, left = room(
        "compute",
        [
            quota("servers", "maxTotalInstances", "totalInstancesUsed"),
            quota("cores", "maxTotalCores", "totalCoresUsed"),
        ],
    )
    flavors = _names(reader, f"{url}/flavors", "flavors")
    if len(flavors) < 2 and servers:  # noqa: PLR2004 - one to build with, one to resize to
        what = f"the project sees {len(flavors)} flavors"
        findings.append(problem("no-flavor", "compute", what, count="two, one of them small"))
    return [ok("service", "compute", f"answers at {clean_url(url)}, with {len(flavors)} flavors"), *findings], left


def image(url: str, reader: Reader, wanted: Wanted, project: str) -> Seen:
    """Image API v2: is there an image to boot from."""
    del project
    exchange = reader.get(f"{_versioned(url, 'v2')}/images", {"limit": "1", "status": "active"})
    if findings := answered("image", exchange):
        return findings, {}
    found = dig(content(exchange), "images", 0)
    if found is None and wanted.peak.get("server", 0):
        findings.append(problem("no-image", "image", "the project sees no active image"))
    return [ok("service", "image", f"answers at {clean_url(url)}"), *findings], {}


def network(url: str, reader: Reader, wanted: Wanted, project: str) -> Seen:
    """Networking API v2.0: quotas, and a network outside."""
    base = _versioned(url, "v2.0")
    exchange = reader.get(f"{base}/networks", {"router:external": "true", "limit": "1"})
    if findings := answered("network", exchange):
        return findings, {}
    if dig(content(exchange), "networks", 0) is None and wanted.peak.get("floating-ip", 0):
        findings.append(problem("no-network", "network", "the project sees no external network"))
    quota = dig(content(reader.get(f"{base}/quotas/{project}/details.json")), "quota")
    quotas = []
    for kind, key in _NETWORK.items():
        if needed := wanted.peak.get(kind, 0):
            told = number(dig(quota, key, "limit")), number(dig(quota, key, "used"))
            quotas.append(Quota(f"{kind}s", *told, needed, wanted.least.get(kind, 0), (kind,)))
    more, left = room("network", quotas)
    return [ok("service", "network", f"answers at {clean_url(url)}"), *findings, *more], left


def extensions(url: str, reader: Reader) -> frozenset[str] | None:
    """Networking API: the extensions that it announces, None where it gives no list."""
    told = dig(content(reader.get(f"{_versioned(url, 'v2.0')}/extensions")), "extensions")
    return frozenset(str(dig(item, "alias")) for item in told) if isinstance(told, list) else None


def volumes(url: str, reader: Reader, wanted: Wanted, project: str) -> Seen:
    """Block Storage API v3: the limits of volumes and snapshots."""
    del project
    exchange = reader.get(f"{url}/limits")
    if findings := answered("block-storage", exchange):
        return findings, {}
    limits = dig(content(exchange), "limits", "absolute")
    quotas = []
    for kind, maximum, used in (
        ("volume", "maxTotalVolumes", "totalVolumesUsed"),
        ("snapshot", "maxTotalSnapshots", "totalSnapshotsUsed"),
    ):
        told = number(dig(limits, maximum)), number(dig(limits, used))
        quotas.append(Quota(f"{kind}s", *told, wanted.peak.get(kind, 0), wanted.least.get(kind, 0), (kind,)))
    # Every volume and snapshot of a test has the smallest size, one GiB.
    peak, least = (many.get("volume", 0) + many.get("snapshot", 0) for many in (wanted.peak, wanted.least))
    gigabytes = number(dig(limits, "maxTotalVolumeGigabytes")), number(dig(limits, "totalGigabytesUsed"))
    quotas.append(Quota("GiB", *gigabytes, peak, least, ("gigabyte",)))
    findings, left = room("block-storage", quotas)
    return [ok("service", "block-storage", f"answers at {clean_url(url)}"), *findings], left


_NETWORK = {
    "network": "network",
    "subnet": "subnet",
    "port": "port",
    "router": "router",
    "floating-ip": "floatingip",
    "security-group": "security_group",
    "security-group-rule": "security_group_rule",
}
"""Kind of resource to the name of its quota, https://docs.openstack.org/api-ref/network/v2/#quotas-extension-quotas"""

LOOKS: dict[str, Callable[[str, Reader, Wanted, str], Seen]] = {
    "compute": compute,
    "image": image,
    "network": network,
    "block-storage": volumes,
}


def _versioned(url: str, version: str) -> str:
    """Return the base URL with its version; some catalogues have it, some have not."""
    return url if re.search(r"/v\d[^/]*$", url) else f"{url}/{version}"


def _names(reader: Reader, url: str, key: str) -> list[Any]:
    found = dig(content(reader.get(url)), key)
    return found if isinstance(found, list) else []
