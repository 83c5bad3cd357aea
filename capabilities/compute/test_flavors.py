"""Flavors: what is told of one, and lists of them that are sorted, filtered and in pages.

https://docs.openstack.org/api-ref/compute/#flavors
"""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from defcore.kit import Change, Compute, Each, Session, UnsupportedError, api_test, with_item, with_json, with_list
from defcore.kit.checks import refused
from defcore.kit.compute import shapes
from defcore.kit.compute.checks import linked, told
from defcore.kit.compute.full import usual

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
LIST, DETAIL, SHOW = "GET /flavors", "GET /flavors/detail", "GET /flavors/{flavor_id}"


@pytest.fixture(name="flavors")
def _flavors(session: Session, compute: Compute) -> list[dict[str, Any]]:
    """Give all flavors, of which there must be some that differ in memory."""
    with session.setting_up():
        found = compute.every_flavor_detail()[1]
    if len({item["ram"] for item in found}) < 2:
        message = "all flavors of the cloud have the same memory"
        raise UnsupportedError(message)
    return found


@api_test(
    "22990e93-b5b9-46f5-b2e7-81458ce489dd",
    service="compute",
    reference=f"{REFERENCE}#show-flavor-details",
    fails_if=Change(on=SHOW, body=with_json("flavor.OS-FLV-EXT-DATA:ephemeral", 9)),
    uses=("flavor",),
    creates={},
    seconds=0.4,
)
def test_alike_everywhere(session: Session, compute: Compute) -> None:
    """A flavor is told of alike in both lists and alone, with links that lead to it, and there is no other one."""
    with session.setting_up():
        flavor = session.common("flavor")["id"]
    brief, short = compute.every_flavor()
    detailed, whole = compute.every_flavor_detail()
    for answer, items in ((brief, short), (detailed, whole)):
        ids = [item["id"] for item in items if item["id"] == flavor]
        usual(answer).require("the id of the flavor in the list", [flavor], ids)
        for item in items:
            linked(answer, item, "flavors")
    shown = told(compute.flavor(flavor), shapes.FLAVOR_SHOWN)
    listed = next(item for item in whole if item["id"] == flavor)
    shown.require("$.flavor", listed, shown.json()["flavor"]).require("$.flavor", shown.json()["flavor"], listed)
    refused(compute.flavor(str(uuid.uuid4())), 404)


@api_test(
    "f8440114-f999-4c8a-b52e-1d77afc58c95",
    service="compute",
    reference=f"{REFERENCE}#list-flavors",
    fails_if=Change(on=LIST, nth=3, body=with_item("flavors")),
    creates={},
    seconds=0.4,
)
def test_pages(flavors: list[dict[str, Any]], compute: Compute) -> None:
    """A page of flavors has as many as were asked for, and begins after the one that is named as its marker."""
    del flavors
    by_name = {"sort_key": "name", "sort_dir": "asc"}
    whole = told(compute.flavors(**by_name), shapes.FLAVORS).json()["flavors"]
    first = told(compute.flavors(**by_name, limit="2"), shapes.FLAVORS).shape({"flavors": Each({}, least=1)})
    first.require("$.flavors", whole[:2], first.json()["flavors"])
    second = told(compute.flavors(**by_name, limit="1", marker=whole[0]["id"]), shapes.FLAVORS)
    second.require("$.flavors", whole[1:2], second.json()["flavors"])


@api_test(
    "afe9c6c3-faf7-4d92-9526-060ec131d6c3",
    service="compute",
    reference=f"{REFERENCE}#list-flavors-with-details",
    fails_if=Change(on=DETAIL, body=with_list("flavors", lambda items: items[::-1])),
    creates={},
    seconds=0.3,
)
def test_sorted(flavors: list[dict[str, Any]], compute: Compute) -> None:
    """Flavors are listed by their memory in the direction that is asked for, all of them."""
    sizes = sorted(item["ram"] for item in flavors)
    for word, wanted in (("asc", sizes), ("desc", sizes[::-1])):
        answer, found = compute.every_flavor_detail(sort_key="memory_mb", sort_dir=word)
        usual(answer).require("$.flavors[*].ram", wanted, [item["ram"] for item in found])


@api_test(
    "e4720890-ef19-436d-8f9d-18efadd75b23",
    service="compute",
    reference=f"{REFERENCE}#list-flavors",
    fails_if=Change(on=LIST, body=with_item("flavors", id="another")),
    creates={},
    seconds=0.3,
)
def test_with_memory(flavors: list[dict[str, Any]], compute: Compute) -> None:
    """Flavors are listed without those that have less memory than is asked for, in brief and in detail."""
    most = max(item["ram"] for item in flavors)
    wanted = sorted(item["id"] for item in flavors if item["ram"] == most)
    for answer, found in (compute.every_flavor(minRam=str(most)), compute.every_flavor_detail(minRam=str(most))):
        usual(answer).require("$.flavors[*].id", wanted, sorted(item["id"] for item in found))
