"""Compute, image, network and volumes: what a server needs, and whether there is enough of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from defcore import refcloud as reference
from defcore.cloud.credential import read_credentials
from defcore.doctor import examine
from defcore.refcloud.services import SERVICES

from .conftest import PROJECT, kinds, suite_test

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.doctor import Wanted

    from .conftest import Fake

KINDS = ("compute", "image", "network", "block-storage")
TESTS = [suite_test(number, service=kind) for number, kind in enumerate(KINDS)]
PEAK = {"server": 4, "volume": 3, "snapshot": 1, "network": 2, "floating-ip": 1}


@pytest.fixture
def full(fake: Fake) -> Fake:
    """Give a fake cloud with all services, just big enough."""
    fake.endpoints |= {
        "compute": f"{fake.url}/c/v2.1",
        "image": f"{fake.url}/i",
        "network": f"{fake.url}/n/",
        "block-storage": f"{fake.url}/b/v3/{PROJECT}",
    }
    limits = {"maxTotalInstances": 10, "totalInstancesUsed": 6, "maxTotalCores": -1, "totalCoresUsed": 6}
    fake.says("GET /c/v2.1/limits", {"limits": {"absolute": limits}})
    fake.says("GET /c/v2.1/flavors", {"flavors": [{}, {}]})
    fake.says("GET /i/v2/images", {"images": [{}]})
    fake.says("GET /n/v2.0/networks", {"networks": [{}]})
    details = {"network": {"limit": 5, "used": 3}, "floatingip": {"limit": 1, "used": 0}}
    fake.says(f"GET /n/v2.0/quotas/{PROJECT}/details.json", {"quota": details})
    limits = {"maxTotalVolumes": 3, "totalVolumesUsed": 0, "maxTotalSnapshots": 1, "totalSnapshotsUsed": 0}
    limits |= {"maxTotalVolumeGigabytes": 4, "totalGigabytesUsed": 0}
    fake.says(f"GET /b/v3/{PROJECT}/limits", {"limits": {"absolute": limits}})
    return fake


def told(fake: Fake, wanted: Wanted) -> dict[str, str]:
    """Return what is found."""
    return kinds(examine({"main": fake.credential()}, wanted))


def test_just_enough_is_enough(full: Fake, wanted: Callable[..., Wanted]) -> None:
    """A quota that fits exactly must not be called too small."""
    assert told(full, wanted(*TESTS, peak=PEAK)) == {}


@pytest.mark.parametrize(
    ("peak", "words"),
    [
        ({"server": 5}, "compute: 4 of 10 servers are left, and the tests need 5"),
        ({"network": 3}, "network: 2 of 5 networks are left, and the tests need 3"),
        ({"volume": 4}, "block-storage: 3 of 3 volumes are left, and the tests need 4"),
        ({"volume": 3, "snapshot": 2}, "1 of 1 snapshots are left, and the tests need 2; 4 of 4 GiB are left"),
    ],
)
def test_one_more_is_too_many(peak: dict[str, int], words: str, full: Fake, wanted: Callable[..., Wanted]) -> None:
    """A run that meets a quota in its middle looks like a broken cloud, and must be warned of before."""
    assert words in told(full, wanted(*TESTS, peak=peak, least=peak))["no-room"]


def test_enough_for_one_worker_is_worth_a_note(full: Fake, wanted: Callable[..., Wanted]) -> None:
    """A small project must not be sent away: its run has fewer tests at work at once."""
    found = examine({"main": full.credential()}, wanted(*TESTS, peak={"server": 9, "volume": 9}, least=PEAK))
    assert kinds(found)["little-room"].startswith("note ")
    assert "no-room" not in kinds(found)
    assert (found.room["server"], found.room["volume"]) == (4, 3)


def test_what_a_server_needs_must_be_there(full: Fake, wanted: Callable[..., Wanted]) -> None:
    """A project that was set up by hand often lacks just one of them."""
    full.says("GET /c/v2.1/flavors", {"flavors": [{}]})
    full.says("GET /i/v2/images", {"images": []})
    full.says("GET /n/v2.0/networks", {"networks": []})
    assert set(told(full, wanted(*TESTS, peak=PEAK))) == {"no-flavor", "no-image", "no-network"}
    assert told(full, wanted(*TESTS)) == {}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((403, {}, b""), "access-denied"),
        ((500, {}, b""), "service-error"),
        ((200, {}, b"<html>"), "odd-answer"),
        ((404, {}, b""), "odd-answer"),
    ],
)
def test_a_service_that_does_not_answer_well(
    kind: str,
    answer: tuple[int, dict[str, str], bytes],
    expected: str,
    full: Fake,
    wanted: Callable[..., Wanted],
) -> None:
    """One sick service is told by its name, and keeps nobody from looking at the others."""
    first = {"compute": "/c/", "image": "/i/", "network": "/n/v2.0/networks", "block-storage": "/b/"}[kind]
    full.answers |= {key: answer for key in full.answers if key.startswith(f"GET {first}")}
    found = told(full, wanted(*TESTS, peak=PEAK))
    assert set(found) == {expected}
    assert found[expected].startswith(f"problem {kind}: ")


@pytest.mark.parametrize(
    "body", [{}, {"limits": []}, {"limits": {"absolute": {"maxTotalInstances": "ten"}}}, {"quota": 1}]
)
def test_limits_that_cannot_be_read_are_no_limits(body: object, full: Fake, wanted: Callable[..., Wanted]) -> None:
    """Not every cloud tells its quotas to its users."""
    for key in full.answers:
        if key.endswith(("limits", "details.json")):
            full.says(key, body)
    assert told(full, wanted(*TESTS, peak=PEAK)) == {}


def test_a_service_that_nobody_knows_is_tried_all_the_same(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """Tests of a new service come before the doctor learns of it."""
    fake.endpoints["dns"] = f"{fake.url}/dns"
    fake.says("GET /dns", {})
    found = examine({"main": fake.credential()}, wanted(suite_test(service="dns")))
    assert [item.what for item in found.findings if item.where == "dns"] == [f"answers at {fake.url}/dns"]


@pytest.fixture(scope="module")
def full_odd(cloud_home: reference.Home) -> reference.Cloud:
    """Start the full odd cloud with volumes, once: everything there has another name, and the quotas are small."""
    # The same choice as in the tests of the reference cloud, so that its template is built once.
    return reference.up(cloud_home, "full-odd", services=SERVICES, profile="odd")


def test_a_real_cloud_is_enough_until_its_quota(
    full_odd: reference.Cloud,
    cloud_home: reference.Home,
    wanted: Callable[..., Wanted],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is read must be what the services of OpenStack really say: ten servers and volumes, five networks."""
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(full_odd.clouds_yaml))
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    try:
        credentials = read_credentials("full-odd")
        fits = examine(credentials, wanted(*TESTS, peak={"server": 10, "volume": 10, "network": 5, "floating-ip": 5}))
        most = {"server": 11, "volume": 11, "network": 6}
        more = examine(credentials, wanted(*TESTS, peak=most, least=most))
    finally:
        reference.down(cloud_home, "full-odd")
    assert kinds(fits) == {}
    rooms = [item.what for item in fits.findings if item.kind == "room"]
    assert "left: 10 of 10 servers, 20 of 20 cores" in rooms
    assert any(re.search(r"10 of 10 volumes", item) for item in rooms)
    assert any("5 of 5 networks" in item and "5 of 5 floating-ips" in item for item in rooms)
    short = sorted(item.where for item in more.problems)
    assert short == ["block-storage", "compute", "network"]
    assert {kind: more.room[kind] for kind in most} == {"server": 10, "volume": 10, "network": 5}


def test_network_extensions_that_tests_need(full: Fake, wanted: Callable[..., Wanted]) -> None:
    """A cloud without routers is told so before the run, and one that gives no list is not accused."""
    needing = suite_test(9, service="network", extensions=("network:router", "network:net-mtu"))
    full.says("GET /n/v2.0/extensions", {"extensions": [{"alias": "net-mtu"}, {"alias": "quotas"}]})
    found = examine({"main": full.credential()}, wanted(*TESTS, needing, peak=PEAK))
    assert kinds(found) == {"missing-extension": "problem network: does not announce router"}
    assert found.announced["network"] == {"net-mtu", "quotas"}
    full.says("GET /n/v2.0/extensions", {}, status=500)
    found = examine({"main": full.credential()}, wanted(*TESTS, needing, peak=PEAK))
    assert kinds(found) == {}
    assert "network" not in found.announced


def test_nobody_asks_for_extensions_that_no_test_needs(full: Fake, wanted: Callable[..., Wanted]) -> None:
    """The doctor's seconds are few."""
    told(full, wanted(*TESTS, peak=PEAK))
    assert "GET /n/v2.0/extensions" not in full.requests
