"""Compute, image, network and volumes: do they answer, and is there what a server needs.

They are looked at when the program's tests talk to them. https://docs.openstack.org/api-quick-start/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from defcore.cloud.redact import url as clean_url
from defcore.doctor.model import ok, problem
from defcore.doctor.reader import content, dig, number
from defcore.doctor.room import answered, room

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.doctor.model import Finding, Wanted
    from defcore.doctor.reader import Reader


def compute(url: str, reader: Reader, wanted: Wanted, project: str) -> list[Finding]:
    """Compute API: flavors, and the limits of servers, cores and memory."""
    del project
    exchange = reader.get(f"{url}/limits")
    if findings := answered("compute", exchange):
        return findings
    limits = dig(content(exchange), "limits", "absolute")
    servers = wanted.peak.get("server", 0)
    findings = room(
        "compute",
        [
            ("servers", servers, number(dig(limits, "maxTotalInstances")), number(dig(limits, "totalInstancesUsed"))),
            # The smallest server has one core.
            ("cores", servers, number(dig(limits, "maxTotalCores")), number(dig(limits, "totalCoresUsed"))),
        ],
    )
    flavors = _names(reader, f"{url}/flavors", "flavors")
    if len(flavors) < 2 and servers:  # noqa: PLR2004 - one to build with, one to resize to
        what = f"the project sees {len(flavors)} flavors"
        findings.append(problem("no-flavor", "compute", what, count="two, one of them small"))
    return [ok("service", "compute", f"answers at {clean_url(url)}, with {len(flavors)} flavors"), *findings]


def image(url: str, reader: Reader, wanted: Wanted, project: str) -> list[Finding]:
    """Image API v2: is there an image to boot from."""
    del project
    exchange = reader.get(f"{_versioned(url, 'v2')}/images", {"limit": "1", "status": "active"})
    if findings := answered("image", exchange):
        return findings
    found = dig(content(exchange), "images", 0)
    if found is None and wanted.peak.get("server", 0):
        findings.append(problem("no-image", "image", "the project sees no active image"))
    return [ok("service", "image", f"answers at {clean_url(url)}"), *findings]


def network(url: str, reader: Reader, wanted: Wanted, project: str) -> list[Finding]:
    """Networking API v2.0: quotas, and a network outside."""
    base = _versioned(url, "v2.0")
    exchange = reader.get(f"{base}/networks", {"router:external": "true", "limit": "1"})
    if findings := answered("network", exchange):
        return findings
    if dig(content(exchange), "networks", 0) is None and wanted.peak.get("floating-ip", 0):
        findings.append(problem("no-network", "network", "the project sees no external network"))
    quota = dig(content(reader.get(f"{base}/quotas/{project}/details.json")), "quota")
    wants = []
    for kind, key in _NETWORK.items():
        if needed := wanted.peak.get(kind, 0):
            limit, used = number(dig(quota, key, "limit")), number(dig(quota, key, "used"))
            wants.append((f"{kind}s", needed, limit, used))
    return [ok("service", "network", f"answers at {clean_url(url)}"), *findings, *room("network", wants)]


def volumes(url: str, reader: Reader, wanted: Wanted, project: str) -> list[Finding]:
    """Block Storage API v3: the limits of volumes and snapshots."""
    del project
    exchange = reader.get(f"{url}/limits")
    if findings := answered("block-storage", exchange):
        return findings
    limits = dig(content(exchange), "limits", "absolute")
    wants = []
    for kind, maximum, used in (
        ("volume", "maxTotalVolumes", "totalVolumesUsed"),
        ("snapshot", "maxTotalSnapshots", "totalSnapshotsUsed"),
    ):
        wants.append((f"{kind}s", wanted.peak.get(kind, 0), number(dig(limits, maximum)), number(dig(limits, used))))
    # Every volume and snapshot of a test has the smallest size, one GiB.
    size = wanted.peak.get("volume", 0) + wanted.peak.get("snapshot", 0)
    gigabytes = (number(dig(limits, "maxTotalVolumeGigabytes")), number(dig(limits, "totalGigabytesUsed")))
    wants.append(("GiB", size, *gigabytes))
    answers = ok("service", "block-storage", f"answers at {clean_url(url)}")
    return [answers, *room("block-storage", wants)]


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

LOOKS: dict[str, Callable[[str, Reader, Wanted, str], list[Finding]]] = {
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
