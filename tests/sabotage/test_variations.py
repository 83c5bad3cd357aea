"""What honest clouds do differently, as functions of an answer."""

from __future__ import annotations

import json
from dataclasses import replace

from defcore.sabotage.variations import LATE, VARIATIONS

from .builders import SERVER, exchange, plain, server, servers


def test_json_means_the_same() -> None:
    """A variation that changes what an answer means would call an honest test a false alarm."""
    found = VARIATIONS["other-json"].vary(server(), [])
    assert json.loads(found.body) == json.loads(server().body)
    assert found.body != server().body
    stored = exchange("GET /v1/{account}/{container}/{object}", "/v1/a/c/o", 200, {"b": 1, "a": 2})
    assert VARIATIONS["other-json"].vary(stored, []) is stored


def test_headers_mean_the_same() -> None:
    """Names of headers have no case, and one more is nobody's business."""
    assert VARIATIONS["small-headers"].vary(server(), []).headers == server().headers
    more = VARIATIONS["more-headers"].vary(server(), []).headers
    assert more.items() > server().headers.items()


def test_only_what_has_no_promised_order_is_turned_around() -> None:
    """Where the order is promised, another one is a fault."""
    other = SERVER | {"id": "60"}
    turn = VARIATIONS["other-order"].vary
    assert json.loads(turn(servers(SERVER, other), []).body) == {"servers": [other, SERVER]}
    for now in (servers(SERVER, other, query="?sort_key=name"), plain("a", "b"), server()):
        assert turn(now, []) is now


def test_a_listing_is_late_for_a_while() -> None:
    """Eventually consistent reads settle: one that never did would be a fault."""
    late = VARIATIONS["late-counts"].vary
    put = exchange("PUT /v1/{account}/{container}/{object}", "/v1/a/c/b", 201)
    assert late(plain("a", "b"), [plain("a"), put]).body == b"a\n"
    assert late(plain("a", "b"), [put]).body == b"a\n"
    later = replace(plain("a", "b"), started=put.started + LATE)
    assert late(later, [plain("a"), put]) is later
    assert late(server(), []).body == server().body


def test_limits_are_other_ones() -> None:
    """Each cloud has its own; what is in use is no limit."""
    told = {"quota_set": {"id": "p", "cores": 20, "ram": -1, "volumes": {"limit": 10, "in_use": 3}}}
    now = exchange("GET /os-quota-sets/{project_id}", "/v2.1/os-quota-sets/p", 200, told)
    found = json.loads(VARIATIONS["other-quotas"].vary(now, []).body)
    assert found == {"quota_set": {"id": "p", "cores": 27, "ram": -1, "volumes": {"limit": 17, "in_use": 3}}}
    other = server()
    assert VARIATIONS["other-quotas"].vary(other, []) is other


def test_microversions_go_on() -> None:
    """A suite that fails on next year's cloud is of no use next year."""
    version = {
        "id": "v2.1",
        "version": "2.96",
        "min_version": "2.1",
        "links": [{"rel": "self", "href": "http://cloud"}],
    }
    for told in ({"versions": [version]}, {"version": version}):
        found = VARIATIONS["newer-versions"].vary(exchange("GET /", "/", 200, told), [])
        assert '"version": "2.999"' in found.body.decode()
        assert '"min_version": "2.1"' in found.body.decode()
    now = server()
    assert VARIATIONS["newer-versions"].vary(now, []) is now


def test_more_members_where_none_closes_them() -> None:
    """Extensions add members, to a thing for as long as it lives; microversions and requests say which there are."""
    more = VARIATIONS["more-members"].vary
    made = exchange("POST /servers", "/v2.1/servers", 202, {"server": SERVER})
    for now, before in ((made, []), (server(), [made])):
        assert json.loads(more(now, before).body)["server"] == SERVER | {"x_surplus": "surplus"}
    listed = json.loads(more(servers(SERVER, SERVER | {"id": "60"}), [made]).body)["servers"]
    assert ["x_surplus" in item for item in listed] == [True, False]
    closed = exchange("GET /servers/{server_id}", "/v2.1/servers/5f", 200, {"server": SERVER})
    closed.headers["OpenStack-API-Version"] = "compute 2.1"
    for now in (closed, servers(SERVER, query="?fields=id")):
        assert more(now, [made]) is now
    unknown = server()
    assert more(unknown, []) is unknown
