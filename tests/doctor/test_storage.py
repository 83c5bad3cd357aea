"""The object store: room, what it announces, what others left there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.cloud.credential import read_credentials
from defcore.cloud.target import Target
from defcore.doctor import examine
from defcore.doctor.reader import content, dig, number
from defcore.doctor.storage import root
from defcore.kit.names import fresh

from .conftest import PROJECT, kinds, suite_test

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from defcore.doctor import Wanted

    from .conftest import Fake

HEAD = f"HEAD /v1/AUTH_{PROJECT}"


def told(fake: Fake, wanted: Wanted) -> dict[str, str]:
    """Return what is found."""
    return kinds(examine({"main": fake.credential()}, wanted))


def test_a_healthy_store_is_described(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """What was found well is worth reading too: version, usage, quota."""
    used = {"X-Account-Bytes-Used": "5", "X-Account-Container-Count": "2", "X-Account-Meta-Quota-Bytes": "9999999"}
    fake.answers[HEAD] = (204, used, b"")
    found = examine({"main": fake.credential()}, wanted())
    assert found.exit_code == 0
    texts = [item.what for item in found.findings if item.where == "object-store"]
    assert texts == [
        "2 containers, 5 bytes used, 9999994 of 9999999 bytes left",
        f"Swift 9.9 answers at {fake.store}",
    ]
    assert found.announced == {"object-store": frozenset({"swift", "slo"})}


@pytest.mark.parametrize(("quota", "used"), [("1000", "0"), ("9999999", "9999990"), ("5", "900")])
def test_a_small_quota_is_a_problem(quota: str, used: str, fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """Half of the tests would end with 413, and look like a broken cloud."""
    fake.answers[HEAD] = (204, {"X-Account-Meta-Quota-Bytes": quota, "X-Account-Bytes-Used": used}, b"")
    left = max(int(quota) - int(used), 0)
    assert told(fake, wanted())["no-room"].startswith(f"problem object-store: {left} bytes are left")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, "access-denied"),
        (401, "access-denied"),
        (503, "service-error"),
        (429, "service-error"),
        (301, "odd-answer"),
    ],
)
def test_an_account_that_cannot_be_read(status: int, kind: str, fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """A missing role, a broken store and a wrong address are three things with three remedies."""
    fake.answers[HEAD] = (status, {}, b"")
    found = told(fake, wanted())
    assert set(found) == {kind}
    assert str(status) in found[kind]


def test_a_store_that_is_dead_is_a_problem(fake: Fake, wanted: Callable[..., Wanted], dead_port: int) -> None:
    """It is in the catalogue, so the run goes on; but whoever reads this need not wait for it."""
    fake.endpoints["object-store"] = f"http://127.0.0.1:{dead_port}/v1/AUTH_{PROJECT}"
    found = examine({"main": fake.credential()}, wanted())
    assert set(kinds(found)) == {"no-answer"}
    assert (found.exit_code, found.blocked) == (1, None)


def test_an_extension_that_is_not_announced(fake: Fake, wanted: Callable[..., Wanted]) -> None:
    """Its tests will be unsupported; whether that matters depends on what the program requires."""
    tests = [suite_test(number, extensions=(f"object-store:{name}",)) for number, name in enumerate(("slo", "tempurl"))]
    tests.append(suite_test(9, service="identity", extensions=("identity:federation",)))
    what = "object-store: does not announce tempurl"
    assert told(fake, wanted(*tests)) == {"missing-extension": f"problem {what}"}
    found = examine({"main": fake.credential()}, wanted(*tests, required=frozenset()))
    assert kinds(found) == {"missing-extension": f"note {what}"}
    assert "1 test, 0 of them required (test_1)" in [i.why for i in found.findings if i.severity == "note"][0]  # noqa: RUF015


@pytest.mark.parametrize("answer", [(404, {}, b""), (200, {}, b"<html>"), (200, {}, b"[1]"), (401, {}, b"{}")])
def test_no_info_is_a_note(
    answer: tuple[int, dict[str, str], bytes], fake: Fake, wanted: Callable[..., Wanted]
) -> None:
    """Some clouds hide it; then nothing is known to be missing."""
    fake.answers["GET /info"] = answer
    found = examine({"main": fake.credential()}, wanted(suite_test(extensions=("object-store:tempurl",))))
    assert set(kinds(found)) == {"no-info"}
    assert found.announced == {}


def test_what_killed_runs_left_is_told(clouds_yaml: Path, wanted: Callable[..., Wanted]) -> None:
    """It fills the quota of the next run, and there is a command for it."""
    assert clouds_yaml
    from defcore.cloud.http import Http

    credential = read_credentials("plain-alt")["main"]
    target = Target(credential)
    http = Http(credential, lambda _: None)
    names = [fresh("0123456789abcdef", time.time() + by) for by in (-7200, 7200)] + ["defcore-of-somebody"]
    urls = [f"{target.endpoint('object-store')}/{name}" for name in names]
    for url in urls:
        http.send("PUT", url, operation="test", headers={"X-Auth-Token": target.token()})
    try:
        found = examine({"main": credential}, wanted())
    finally:
        for url in urls:
            http.send("DELETE", url, operation="test", headers={"X-Auth-Token": target.token()})
    what = "2 containers of other runs are there, 1 of them longer than they should be"
    assert kinds(found) == {"leftovers": f"note object-store: {what}"}
    assert "defcore reap --cloud plain-alt" in [i.todo for i in found.findings if i.kind == "leftovers"][0]  # noqa: RUF015


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://o/v1/AUTH_x", "https://o"),
        ("https://o/objects/v1/AUTH_x", "https://o/objects"),
        ("https://o/v1", "https://o"),
        ("https://o", "https://o"),
    ],
)
def test_info_lies_beside_the_version(url: str, expected: str) -> None:
    """Prefixes, and accounts that are not in the URL, are both usual."""
    assert root(url) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.lists(st.text(max_size=5) | st.integers(-5, 5), max_size=4))
def test_nothing_in_json_makes_it_stumble(value: object, path: list[str | int]) -> None:
    """A cloud may answer anything; the doctor of a sick cloud must not be the first to fall."""
    assert number(dig(value, *path)) is None or isinstance(number(dig(value, *path)), int)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("5", 5), (5, 5), (-1, -1), (True, None), ("\u0665", None), ("1" * 30, None), (1.5, None), ("", None)],
)
def test_a_number_is_a_whole_one(value: object, expected: int | None) -> None:
    """What is no count must not be compared with one."""
    assert number(value) == expected


def test_a_body_that_is_no_json_is_none(fake: Fake) -> None:
    """HTML of a load balancer, or JSON nested without end."""
    from defcore.doctor.reader import Reader

    fake.answers["GET /deep"] = (200, {}, b"[" * 100_000)
    assert content(Reader(fake.credential()).get(f"{fake.url}/deep")) is None
