"""The proxy tells the same lies as a proof, byte for byte, and nothing else."""

from __future__ import annotations

import http.client
import json
import signal
import stat
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import requests
from requests.structures import CaseInsensitiveDict

from defcore.cloud.credential import read_credentials
from defcore.cloud.target import Target
from defcore.errors import InputError
from defcore.sabotage.kinds import KINDS, Fault
from defcore.sabotage.proxy import OFF_SCRIPT, Proxy, origin, scripted
from defcore.sabotage.reading import told
from defcore.sabotage.recognise import Recogniser
from defcore.suite import suite_dir
from defcore.suite.operations import known_names, load
from tests.conftest import reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.credential import Credential
    from defcore.cloud.http import Exchange
    from tests.conftest import Desk, Server

KNOWN = Recogniser(known_names(load(suite_dir())))
LIST = "GET /v1/{account}/{container}"


def differing(found: Exchange) -> dict[str, str]:
    """Give the headers that do not follow the clock."""
    return {name: value for name, value in told(found).items() if name not in {"x-timestamp", "last-modified"}}


def test_it_lies_as_a_proof_does(credentials: dict[str, Credential]) -> None:
    """If both differed, what Tempest notices could not be held against what our tests notice."""
    target = Target(credentials["main"])
    base, headers = str(target.endpoint("object-store")), {"X-Auth-Token": target.token()}
    place = f"{base}/defcore-sabotage"
    requests.put(place, headers=headers, timeout=20).raise_for_status()
    for name in ("a", "ö"):
        requests.put(f"{place}/{name}", b"stored", headers=headers, timeout=20).raise_for_status()
    asked = [
        ("GET", f"{place}?prefix=a"),
        ("GET", place),
        ("GET", f"{place}?format=json&limit=1&marker=a"),
        ("HEAD", place),
        ("GET", f"{place}/a"),
        ("GET", f"{place}/missing"),
    ]
    compared = 0
    try:
        for kind in KINDS:
            before: list[Exchange] = []
            for method, url in asked:
                operation = KNOWN.name(method, url.removeprefix(origin(url)).partition("?")[0])
                proxy = Proxy([base], Fault(operation, kind), KNOWN)
                with proxy.serving():
                    clean = proxy._ask(origin(base), method, url.removeprefix(origin(base)), headers, b"")
                    expected = Fault(operation, kind).alter(clean, before)
                    proxy._history.extend(before)
                    came = requests.request(method, proxy.here(url), headers=headers, timeout=20)
                    before.append(clean)
                assert (came.status_code, came.content) == (expected.status, expected.body), (kind, url)
                lied = replace(clean, headers=CaseInsensitiveDict(came.headers))
                assert differing(lied) | {"content-length": ""} == differing(expected) | {"content-length": ""}
                assert proxy.altered == expected.altered
                compared += proxy.altered
    finally:
        for name in ("a", "ö", ""):
            requests.delete(f"{place}/{name}".rstrip("/"), headers=headers, timeout=20)
    assert compared > 25


def test_the_command_leads_a_client_through_it(cloud_desk: Desk) -> None:
    """A user starts it, points a client at it, and the client meets the lie and is led past no door."""
    fault = "wrong-status HEAD /v1/{account}/{container}"
    process = cloud_desk.start("sabotage", "serve", "--cloud", "plain", "--fault", fault, "-o", "lying.yaml")
    file = cloud_desk.folder / "lying.yaml"
    try:
        deadline = time.monotonic() + 20
        while not (file.exists() and file.stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OS_CLIENT_CONFIG_FILE", str(file))
            target = Target(read_credentials("plain")["main"])
        base, headers = str(target.endpoint("object-store")), {"X-Auth-Token": target.token()}
        assert requests.put(f"{base}/defcore-lie", headers=headers, timeout=20).status_code == 201
        assert requests.head(f"{base}/defcore-lie", headers=headers, timeout=20).status_code == 202
        assert requests.delete(f"{base}/defcore-lie", headers=headers, timeout=20).status_code == 204
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert out.startswith("http://127.0.0.1:")
    assert err.splitlines()[-1] == "1 answers were altered"
    again = cloud_desk.run("sabotage", "serve", "--cloud", "plain", "--fault", fault, "-o", "lying.yaml")
    assert (again.returncode, "lying.yaml" in again.stderr, len(again.stderr.splitlines())) == (2, True, 1)


@pytest.mark.parametrize("words", [["nonsense GET /"], ["wrong-status GET /nowhere"], [""]])
def test_a_wrong_fault_is_one_line(desk: Desk, words: list[str]) -> None:
    """Nothing is asked of a cloud before the words are understood."""
    found = desk.run("sabotage", "serve", "--cloud", "x", "--fault", *words)
    assert (found.returncode, found.stdout, len(found.stderr.splitlines())) == (2, "", 1)


def test_kinds_are_listed(desk: Desk) -> None:
    """Whoever wants to break something must learn the words for it."""
    assert len(desk.run("sabotage", "kinds").stdout.splitlines()) == len(KINDS)
    assert [item["id"] for item in json.loads(desk.run("sabotage", "kinds", "--format", "json").stdout)] == list(KINDS)


def test_addresses_are_rewritten_in_words_of_the_cloud_alone(server: Callable[..., Server]) -> None:
    """A link past the proxy would end the lie; a stored document that names the cloud must stay as it is."""
    there = server(reply())
    there.script[:] = [
        reply("200 OK", json.dumps({"href": f"{there.url}/x"}).encode(), "Content-Type: application/json")
    ]
    proxy = Proxy([there.url], Fault("GET /x", "wrong-status"), KNOWN)
    with proxy.serving():
        here = proxy.here(there.url)
        assert requests.get(f"{here}/v2.1/servers", timeout=5).json() == {"href": f"{here}/x"}
        assert requests.get(f"{here}/v1/a/c/o", timeout=5).json() == {"href": f"{there.url}/x"}
        assert proxy.altered == 0
        proxy.arm(Fault("GET /servers", "wrong-header"))
        assert requests.get(f"{here}/v2.1/servers", timeout=5).json() == {"href": f"{here}/x"}
        assert proxy.altered == 1


def test_it_tells_another_lie_and_recites_a_script(server: Callable[..., Server]) -> None:
    """Another start for each lie would cost seconds; and an answer that nobody gave must not seem the cloud's."""
    there = server(reply("200 OK", b"ok"))
    proxy = Proxy([there.url], None, KNOWN)
    status = Fault("GET /v1/{account}/{container}/{object}", "wrong-status")
    with proxy.serving():
        place = f"{proxy.here(there.url)}/v1/a/c/o"
        assert requests.get(place, timeout=5).status_code == 200
        clean = proxy.history
        proxy.arm(status)
        assert (requests.get(place, timeout=5).status_code, proxy.altered, len(proxy.history)) == (202, 1, 1)
        there.close()
        for fault, expected in ((None, 200), (status, 202)):
            proxy.arm(fault, clean, scripted(clean))
            assert requests.get(place, timeout=5).status_code == expected
            assert requests.put(place, b"", timeout=5).status_code == OFF_SCRIPT
            assert (proxy.altered, len(proxy.history)) == (bool(fault), 2)
        proxy.arm(None)
        assert requests.get(place, timeout=5).status_code == 502


def test_odd_requests_and_a_cloud_that_is_gone(server: Callable[..., Server]) -> None:
    """A client's chunks must arrive; what cannot be read is refused, and a broken line is told as one."""
    there = server(reply("200 OK", b"ok"))
    proxy = Proxy([there.url], Fault("GET /x", "wrong-status"), KNOWN)
    with proxy.serving():
        here = proxy.here(there.url)
        assert requests.put(f"{here}/v1/a/c/o", iter([b"ab", b"cd"]), timeout=5).content == b"ok"
        assert there.requests[-1].endswith(b"abcd")
        for header, value in (("Content-Length", "nonsense"), ("Transfer-Encoding", "chunked")):
            line = http.client.HTTPConnection(here.removeprefix("http://"), timeout=5)
            line.putrequest("PUT", "/")
            line.putheader(header, value)
            line.endheaders(b"zz\r\n")
            assert line.getresponse().status == 411
        with pytest.raises(InputError):
            Proxy([there.url], Fault("GET /x", "wrong-status"), KNOWN, port=int(here.rpartition(":")[2]))
    gone = Proxy(["http://127.0.0.1:1"], Fault("GET /x", "wrong-status"), KNOWN)
    with gone.serving():
        assert requests.get(gone.here("http://127.0.0.1:1/"), timeout=5).status_code == 502
