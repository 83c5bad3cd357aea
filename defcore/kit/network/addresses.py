"""Ranges of addresses for networks that lead nowhere, and the addresses that follow from a range."""

from __future__ import annotations

import secrets
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from defcore.kit.match import Match

_BENCHMARKS = int(IPv4Network("198.18.0.0/15").network_address)
"""For tests of devices (RFC 2544): hardly a cloud has it outside, so that a router may join both."""


def blocks(count: int, version: int = 4) -> list[str]:
    """Return ranges that differ from one another: of 256 addresses (IPv4), or of 64 bits of them (unique local IPv6).

    Where they begin is left to chance.
    """
    if version == 4:  # noqa: PLR2004 - the version
        first = secrets.randbelow(512 - count + 1)
        return [str(IPv4Network((_BENCHMARKS + (first + item) * 256, 24))) for item in range(count)]
    # RFC 4193, 3.2.2
    site = (0xFD << 40 | secrets.randbits(40)) << 80
    return [str(IPv6Network((site + (item << 64), 64))) for item in range(1, count + 1)]


def nth(cidr: str, number: int) -> str:
    """Return an address of a range by its number; 0 is the first one, which no host has."""
    return str(ip_network(cidr)[number])


def mac() -> str:
    """Return a MAC address as servers have it."""
    return "fa:16:3e:" + ":".join(f"{secrets.randbelow(256):02x}" for _ in range(3))


def eui64(cidr: str, mac_address: str) -> str:
    """Return the address that an interface gives itself within a range of 64 bits (RFC 4291, appendix A)."""
    parts = [int(part, 16) for part in mac_address.split(":")]
    parts[0] ^= 0x02
    identifier = int.from_bytes([*parts[:3], 0xFF, 0xFE, *parts[3:]])
    return str(IPv6Address(int(IPv6Network(cidr).network_address) + identifier))


def inside(cidr: str) -> Match:
    """Accept an address of a range."""
    return Match(f"an address of {cidr}", lambda value: ip_address(value) in ip_network(cidr))


def from_to(first: str, last: str) -> Match:
    """Accept an address that is neither before the first nor after the last."""
    low, high = int(ip_address(first)), int(ip_address(last))
    return Match(f"an address from {first} to {last}", lambda value: low <= int(ip_address(value)) <= high)
