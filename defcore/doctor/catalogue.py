"""Is the catalogue sane? Read only, without a request."""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from defcore.cloud.redact import url as clean_url
from defcore.doctor.model import note, ok, problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from defcore.cloud.access import Access, Endpoint
    from defcore.cloud.credential import Credential
    from defcore.doctor.model import Finding

_UNFILLED = re.compile(r"[{}]|[%$]\(|\$[A-Za-z]")
_ACCOUNT = re.compile(r"AUTH_([0-9a-f]{32})(?:/|$)")
"""What Swift calls the account of a project of Keystone, under the prefix that nearly all clouds leave as it is."""


def look(access: Access, credential: Credential, services: Mapping[str, str | None]) -> list[Finding]:
    """Judge the catalogue. ``services`` maps each service type that is wanted to the URL that a test would use."""
    findings = _region(access, credential)
    if not findings or findings[0].kind != "unknown-region":
        for kind, url in services.items():
            if url is None:
                findings.append(_missing(kind, access, credential))
    auth_url = str(credential.auth["auth_url"])
    for kind, url in sorted({**used(access, credential), **{k: u for k, u in services.items() if u}}.items()):
        findings += _address(kind, url, auth_url, needed=kind in services)
    store = services.get("object-store")
    if store and (account := _ACCOUNT.search(store)) and account[1] != access.project_id.replace("-", ""):
        what = f"its address names the account of another project: {clean_url(store)}"
        findings.append(problem("foreign-account", "object-store", what))
    findings += _doubled(access.endpoints)
    if _host(auth_url)[0] == "http" and not _is_loopback(_host(auth_url)[1]):
        findings.append(note("no-tls", "identity", f"{clean_url(auth_url)} is not protected by TLS"))
    if any(item.severity != "note" for item in findings):
        return findings
    kinds = sorted({item.kind for item in access.endpoints})
    place = f"region {credential.region}" if credential.region else "its region"
    return [*findings, ok("catalogue", credential.name, f"{place} has {', '.join(kinds)}")]


def _region(access: Access, credential: Credential) -> list[Finding]:
    known, entry = ", ".join(access.regions), credential.name
    if credential.region and access.regions and credential.region not in access.regions:
        what = f"the catalogue has nothing in region {credential.region!r}"
        return [problem("unknown-region", entry, what, entry=entry, known=known)]
    if not credential.region and len(access.regions) > 1:
        what = f"no region is named, and the catalogue has {len(access.regions)}"
        return [note("several-regions", entry, what, entry=entry, known=known)]
    return []


def _missing(kind: str, access: Access, credential: Credential) -> Finding:
    entry = credential.name
    region = credential.regions.get(kind, credential.region)
    others = {
        item.interface for item in access.endpoints if item.kind == kind and (region or item.region) == item.region
    }
    if others:
        asked = " or ".join(_interfaces(credential.interfaces.get(kind, credential.interface)))
        what = f"the catalogue has no interface {asked} of it"
        return problem("other-interface", kind, what, entry=entry, known=", ".join(sorted(others)))
    kinds = ", ".join(sorted({item.kind for item in access.endpoints})) or "nothing"
    what = f"the catalogue has no such service; it has: {kinds}"
    return problem("no-service", kind, what, key=kind.replace("-", "_"))


def used(access: Access, credential: Credential) -> dict[str, str]:
    """Map service type to URL for what a client with these settings may meet."""
    interfaces = _interfaces(credential.interface)
    return {
        item.kind: item.url
        for item in access.endpoints
        if item.interface in interfaces and item.region == (credential.region or item.region)
    }


def _interfaces(word: str | list[str]) -> list[str]:
    return [item.removesuffix("URL") for item in ([word] if isinstance(word, str) else word)]


def _address(kind: str, url: str, auth_url: str, *, needed: bool) -> list[Finding]:
    """Judge one URL."""
    tell = problem if needed else note
    if wrong := fault(url, auth_url):
        return [tell("odd-url", kind, f"{clean_url(url) or 'its address'} {wrong}")]
    if _host(url)[0] == "http" and _host(auth_url)[0] == "https":
        return [tell("token-in-clear", kind, f"{clean_url(url)} is http, where the log-in is https")]
    return []


def fault(url: str, auth_url: str) -> str | None:
    """Say why no client can use an address, or None. ``auth_url`` shows where we are."""
    scheme, host = _host(url)
    if _UNFILLED.search(url):
        return "has a part that was never filled in"
    if scheme not in {"http", "https"}:
        return "is neither http nor https"
    if not host:
        return "names no host"
    parts = urlsplit(url)
    if parts.query or parts.fragment or parts.username or any(char.isspace() for char in url):
        return "is more than an address: it has a query, a fragment, a user or a space"
    if _is_loopback(host) and not _is_loopback(_host(auth_url)[1]):
        return "leads every client to its own machine"
    return None


def _host(url: str) -> tuple[str, str]:
    """Return scheme and host; no host where it cannot be read."""
    try:
        parts = urlsplit(url)
        if parts.port == 0:
            return parts.scheme, ""
        return parts.scheme.lower(), parts.hostname or ""
    except ValueError:
        return "http", ""


def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _doubled(endpoints: Iterable[Endpoint]) -> list[Finding]:
    urls: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for item in endpoints:
        urls[item.kind, item.region, item.interface].add(item.url.rstrip("/"))
    return [
        note("doubled", kind, f"region {region} has {len(found)} {interface} addresses of it")
        for (kind, region, interface), found in sorted(urls.items())
        if len(found) > 1
    ]
