"""The catalogue: what is missing from it, and which of its addresses are of no use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.cloud.access import Access, Endpoint
from defcore.cloud.credential import Credential
from defcore.doctor import Wanted, examine
from defcore.doctor.catalogue import fault, look

from .conftest import PROJECT, kinds

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Fake

AUTH = "https://keystone.example/v3"
STORE = f"https://store.example/v1/AUTH_{PROJECT}"
CREDENTIAL = Credential("x", "password", {"auth_url": AUTH}, "r1", "public", True, None, {})  # noqa: FBT003 - to verify
ACCESS = Access(
    "project",
    ("member",),
    PROJECT,
    "u",
    0,
    9e9,
    (Endpoint("identity", "r1", "public", AUTH), Endpoint("object-store", "r1", "public", STORE)),
)
SERVICES: dict[str, str | None] = {"identity": AUTH, "object-store": STORE}


def told(access: Access = ACCESS, services: dict[str, str | None] | None = None, **words: Any) -> dict[str, str]:  # noqa: ANN401
    """Return what is found of a catalogue."""
    return kinds(look(access, replace(CREDENTIAL, **words), services or SERVICES))


def plus(*more: Endpoint) -> Access:
    """Give the catalogue with more lines."""
    return replace(ACCESS, endpoints=ACCESS.endpoints + more)


def test_a_sane_catalogue_is_one_good_line() -> None:
    """A cloud in order must look like it."""
    found = look(ACCESS, CREDENTIAL, SERVICES)
    assert [(item.kind, item.severity.value, item.what) for item in found] == [
        ("catalogue", "ok", "region r1 has identity, object-store")
    ]


def test_an_unknown_region_is_told_with_the_known_ones() -> None:
    """A typo in region_name makes every service disappear."""
    found = look(ACCESS, replace(CREDENTIAL, region="r9"), {"identity": AUTH, "object-store": None})
    assert kinds(found) == {"unknown-region": "problem x: the catalogue has nothing in region 'r9'"}
    assert found[0].todo == "Set region_name in the entry x to one of: r1."


def test_several_regions_and_none_named() -> None:
    """Two runs of the same cloud would test two different regions, and nobody would know."""
    more = plus(Endpoint("identity", "r2", "public", AUTH))
    assert told(more, region=None) == {"several-regions": "note x: no region is named, and the catalogue has 2"}
    assert told(more) == {}


def test_a_missing_service_is_told_with_those_that_are_there() -> None:
    """A cloud without volumes or object store is a fact and no failure; but a wrong name of a type must show."""
    found = told(plus(Endpoint("swift", "r1", "public", STORE)), {"block-storage": None})
    what = "the catalogue has no such service; it has: identity, object-store, swift"
    assert found == {"no-service": f"problem block-storage: {what}"}


def test_another_interface_is_not_a_missing_service() -> None:
    """Whoever tests from outside a cloud that offers internal addresses alone must learn which word to change."""
    inside = replace(ACCESS, endpoints=(Endpoint("object-store", "r1", "internal", STORE),))
    found = look(inside, CREDENTIAL, {"object-store": None})
    assert kinds(found) == {"other-interface": "problem object-store: the catalogue has no interface public of it"}
    assert "one of: internal" in found[0].todo
    several = replace(CREDENTIAL, interface=["publicURL", "admin"])
    assert "no interface public or admin" in kinds(look(inside, several, {"object-store": None}))["other-interface"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://store.example/v1/AUTH_%(tenant_id)s", "never filled in"),
        ("https://store.example/v1/AUTH_$(project_id)s", "never filled in"),
        ("https://{{ host }}/v1", "never filled in"),
        ("https://$HOST/v1", "never filled in"),
        ("ftp://store.example/v1", "neither http nor https"),
        ("store.example:8080/v1", "neither http nor https"),
        ("https:///v1", "names no host"),
        ("https://store.example:99999/v1", "names no host"),
        ("http://[::1/v1", "names no host"),
        ("https://store.example:0/v1", "names no host"),
        ("https://store.example/v1?x=1", "more than an address"),
        ("https://me@store.example/v1", "more than an address"),
        ("https://store.example/v1 ", "more than an address"),
        ("https://localhost/v1", "its own machine"),
        ("https://127.0.0.1:8080/v1", "its own machine"),
        ("https://[::1]/v1", "its own machine"),
        ("https://0.0.0.0/v1", "its own machine"),
    ],
)
def test_an_address_that_no_client_can_use(url: str, words: str) -> None:
    """A fresh deployment's catalogue often leads to localhost, or still has its template in it."""
    assert words in told(services={"object-store": url})["odd-url"]
    assert told(services={"object-store": url})["odd-url"].startswith("problem object-store: ")
    assert told(plus(Endpoint("metric", "r1", "public", url)))["odd-url"].startswith("note metric: ")


@pytest.mark.parametrize(
    "url", ["https://store.example", "https://[2001:db8::1]:8080/v1", "https://10.0.0.1/a/b/v1", STORE]
)
def test_an_ordinary_address_is_none_of_that(url: str) -> None:
    """IPv6, private networks, prefixes and ports are all usual."""
    assert fault(url, AUTH) is None


def test_a_cloud_on_this_machine_may_say_so() -> None:
    """The reference cloud is on this machine, and so is many a first trial."""
    assert fault("http://127.0.0.1:8080/v1", "http://localhost:5000/v3") is None


@given(st.text(max_size=40) | st.text("htps:/[]@.%({$0189az ", max_size=30).map(lambda tail: f"https://{tail}"))
def test_any_address_is_judged(url: str) -> None:
    """A catalogue may hold anything."""
    found = look(plus(Endpoint("metric", "r1", "public", url)), CREDENTIAL, SERVICES)
    assert all(item.what.isprintable() for item in found)


def test_a_token_in_the_clear_is_a_problem_where_the_log_in_is_not() -> None:
    """TLS for the password and none for the token that it gives protects nothing."""
    assert told(services={"object-store": "http://store.example/v1"})["token-in-clear"].startswith(
        "problem object-store"
    )
    more = plus(Endpoint("metric", "r1", "public", "http://metric.example/"))
    assert told(more)["token-in-clear"].startswith("note metric: ")


def test_no_tls_at_all_is_a_note() -> None:
    """A laboratory may do so; the reader of a report should know."""
    url = "http://keystone.example/v3"
    found = told(services={"identity": url}, auth={"auth_url": url}, region=None)
    assert found["no-tls"] == f"note identity: {url} is not protected by TLS"


def test_two_addresses_of_one_service_are_told() -> None:
    """Clients then differ in which they use, and a report is about one of them."""
    found = told(plus(Endpoint("object-store", "r1", "public", "https://old.example/v1")))
    assert found == {"doubled": "note object-store: region r1 has 2 public addresses of it"}


def test_somebody_elses_account_is_told() -> None:
    """An override that was copied from another project makes every test work in that one."""
    found = told(services={"object-store": STORE.replace("a" * 32, "c" * 32)})
    assert found["foreign-account"].startswith("problem object-store: its address names the account of another project")


def test_the_rest_of_the_catalogue_is_tried_without_our_token(
    fake: Fake, wanted: Callable[..., Wanted], dead_port: int
) -> None:
    """Dead entries are worth a note, and whoever stands behind an odd address must not be shown our token."""
    fake.endpoints |= {
        "metric": f"http://127.0.0.1:{dead_port}/",
        "alarming": f"{fake.url}/alarms",
        "dns": f"{fake.url}/dns",
    }
    fake.answers |= {"GET /alarms": (500, {}, b""), "GET /dns": (401, {}, b"")}
    found = kinds(examine({"main": fake.credential()}, wanted()))
    assert found == {"not-needed": "note catalogue: no answer from: metric, alarming"}
