"""What honest clouds do differently, as functions of an answer."""

from __future__ import annotations

import json

from defcore.sabotage.variations import VARIATIONS

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


def test_a_listing_is_late_once() -> None:
    """Eventually consistent reads settle: one that never did would be a fault."""
    late = VARIATIONS["late-listing"].vary
    put = exchange("PUT /v1/{account}/{container}/{object}", "/v1/a/c/b", 201)
    assert late(plain("a", "b"), [plain("a"), put]).body == b"a\n"
    now = plain("a", "b")
    assert late(now, [plain("a"), put, plain("a", "b")]) is now
    assert late(server(), []).body == server().body
