"""TLS: what is said of a certificate, directly and through a proxy."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from defcore.doctor import examine
from defcore.doctor.certificate import hosts, look

from ..cloud.gates import Authority, Forwarder, HttpProxy  # noqa: TID252 - tests are no package
from .conftest import PROJECT, kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from defcore.cloud.credential import Credential
    from defcore.doctor import Wanted

    from .conftest import Fake


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Give an authority that nobody trusts yet."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return Authority(tmp_path)


@pytest.fixture
def gate(fake: Fake) -> Iterator[Callable[[Any], str]]:
    """Put TLS in front of the fake cloud, and give its URL."""
    opened: list[Forwarder] = []

    def put(context: Any) -> str:  # noqa: ANN401 - a TLS context
        opened.append(Forwarder(fake.port, context=context))
        return f"https://127.0.0.1:{opened[-1].port}"

    yield put
    for item in opened:
        item.close()


def seen(url: str, credential: Credential) -> list[tuple[str, str]]:
    """Return kind and text of what is found."""
    return [(item.kind, item.what) for item in look(url, credential, time.time())]


def test_a_valid_certificate_is_told_with_its_end(fake: Fake, authority: Authority, gate: Callable[[Any], str]) -> None:
    """Whoever reads it knows when to look again."""
    url = gate(authority.context("127.0.0.1", days=90.5))
    expected = [("tls", "its certificate is valid for another 90 days")]
    assert seen(url, fake.credential(verify=str(authority.path))) == expected


def test_one_that_ends_soon_is_a_note(fake: Fake, authority: Authority, gate: Callable[[Any], str]) -> None:
    """A certificate that ends in the week of the review spoils it."""
    url = gate(authority.context("127.0.0.1", days=5.4))
    assert seen(url, fake.credential(verify=str(authority.path))) == [
        ("tls-ends-soon", "its certificate ends in 5 days")
    ]


@pytest.mark.parametrize(
    ("names", "days", "trusted", "words"),
    [
        (["127.0.0.1"], -1, True, "expired"),
        (["cloud.example"], 30, True, "mismatch"),
        (["127.0.0.1"], 30, False, "unable to get local issuer|self-signed"),
    ],
)
def test_an_invalid_one_is_told_with_the_reason(
    names: list[str],
    days: float,
    trusted: bool,  # noqa: FBT001 - a parameter of the test
    words: str,
    fake: Fake,
    authority: Authority,
    gate: Callable[[Any], str],
) -> None:
    """Expired, for another host, or of an unknown CA: each has another remedy, and requests tells none of them."""
    url = gate(authority.context(*names, days=days))
    ((kind, what),) = seen(url, fake.credential(verify=str(authority.path) if trusted else True))
    assert kind == "tls-invalid"
    assert any(word in what for word in words.split("|"))


def test_an_unverified_one_is_a_problem(fake: Fake, authority: Authority, gate: Callable[[Any], str]) -> None:
    """With verify: false anybody could have answered, and a signed report would swear to it."""
    url = gate(authority.context("elsewhere", days=-3))
    assert [kind for kind, _ in seen(url, fake.credential(verify=False))] == ["tls-unverified"]


def test_a_client_certificate_is_shown(fake: Fake, authority: Authority, gate: Callable[[Any], str]) -> None:
    """Where the cloud asks for one, the look at its certificate would else end in nothing."""
    url = gate(authority.context("127.0.0.1", clients=True))
    certificate, key = authority.issue("me")
    credential = fake.credential(verify=str(authority.path), cert=(str(certificate), str(key)))
    assert [kind for kind, _ in seen(url, credential)] == ["tls"]


@pytest.mark.parametrize("user", [None, "some one:s3:cret"])
def test_the_way_leads_through_the_proxy(
    user: str | None, fake: Fake, authority: Authority, gate: Callable[[Any], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a company's proxy a direct connection would hang."""
    proxy = HttpProxy(user)
    url = gate(authority.context("127.0.0.1"))
    named = proxy.url.replace("//", "//some%20one:s3%3Acret@") if user else proxy.url
    monkeypatch.setenv("HTTPS_PROXY", named)
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    found = seen(url, fake.credential(verify=str(authority.path)))
    proxy.close()
    assert [kind for kind, _ in found] == ["tls"]
    assert {method for method, _ in proxy.seen} == {"CONNECT"}


def test_what_cannot_be_reached_is_left_to_others(fake: Fake, dead_port: int, authority: Authority) -> None:
    """That it gives no answer is told where its service is looked at."""
    assert authority
    assert seen(f"https://127.0.0.1:{dead_port}", fake.credential()) == []
    assert seen(fake.url.replace("http:", "https:"), fake.credential()) == []


def test_each_host_is_looked_at_once() -> None:
    """Ten services behind one load balancer have one certificate."""
    urls = ["https://a/1", "https://me@a/2", "http://b/", "https://a:444/", "https://", "https://[::1]:1/x"]
    assert hosts(urls) == ["https://a/1", "https://a:444/", "https://[::1]:1/x"]


def test_a_log_in_that_fails_for_tls_says_why(
    fake: Fake, authority: Authority, gate: Callable[[Any], str], wanted: Callable[..., Wanted]
) -> None:
    """The commonest of all first errors: a private CA that is not named."""
    credential = fake.credential()
    url = gate(authority.context("127.0.0.1"))
    found = examine({"main": replace(credential, auth={**credential.auth, "auth_url": f"{url}/v3"})}, wanted())
    assert set(kinds(found)) == {"cloud-unreachable", "tls-invalid"}
    assert found.exit_code == 3


def test_a_service_with_another_certificate_is_looked_at_too(
    fake: Fake, authority: Authority, gate: Callable[[Any], str], wanted: Callable[..., Wanted]
) -> None:
    """The object store is often behind another load balancer than Keystone."""
    url = gate(authority.context("127.0.0.1"))
    found = examine({"main": fake.credential(endpoints={"object-store": f"{url}/v1/AUTH_{PROJECT}"})}, wanted())
    invalid = [item.where for item in found.findings if item.kind == "tls-invalid"]
    assert sorted(invalid) == [url.removeprefix("https://"), "object-store"]
