"""Ranges for networks that lead nowhere, and the addresses that follow from them."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.kit.match import fits
from defcore.kit.network.addresses import blocks, eui64, from_to, inside, mac, nth


@given(st.integers(1, 8), st.sampled_from([4, 6]))
def test_ranges_do_not_overlap(count: int, version: int) -> None:
    """A router refuses interfaces on ranges that overlap, and a test would fail for our own slip."""
    found = [ip_network(cidr) for cidr in blocks(count, version)]
    assert len(found) == count
    assert {item.version for item in found} == {version}
    assert not any(one.overlaps(other) for one, other in combinations(found, 2))


@given(st.integers(1, 8))
def test_ranges_are_those_that_nobody_has(count: int) -> None:
    """With a range that the cloud has outside, a router between both is refused."""
    assert all(ip_network(cidr).subnet_of(ip_network("198.18.0.0/15")) for cidr in blocks(count))  # type: ignore[arg-type]
    assert all(ip_network(cidr).subnet_of(ip_network("fd00::/8")) for cidr in blocks(count, 6))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cidr", "hardware", "address"),
    [
        ("2001:db8:1:2::/64", "34:56:78:9a:bc:de", "2001:db8:1:2:3656:78ff:fe9a:bcde"),
        ("fd00::/64", "fa:16:3e:00:00:01", "fd00::f816:3eff:fe00:1"),
    ],
)
def test_the_address_that_follows_from_a_mac(cidr: str, hardware: str, address: str) -> None:
    """RFC 4291, appendix A: a wrong rule here would fail every cloud."""
    assert eui64(cidr, hardware) == address


@given(st.sampled_from([4, 6]))
def test_addresses_of_a_range(version: int) -> None:
    """An address outside its range must be seen, whatever the cloud calls it."""
    one, other = blocks(2, version)
    assert fits(inside(one), nth(one, 7))
    assert not fits(inside(one), nth(other, 7))
    assert not fits(inside(one), "none")
    assert not fits(inside(one), None)
    bounds = from_to(nth(one, 5), nth(one, 7))
    assert [fits(bounds, nth(one, number)) for number in range(4, 9)] == [False, True, True, True, False]
    assert ip_address(eui64(blocks(1, 6)[0], mac())).is_private
