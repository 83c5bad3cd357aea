"""Every kind of fault: what it does to an answer, and that it leaves others alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.sabotage.kinds import KINDS, Fault, read_fault
from defcore.sabotage.variations import VARIATIONS

from .builders import SERVER, exchange, plain, server, servers

if TYPE_CHECKING:
    from defcore.cloud.http import Exchange

OTHER = SERVER | {"id": "60", "name": "b"}
GET = "GET /servers/{server_id}"
OBJECT = "/v1/{account}/{container}/{object}"
REFUSED = exchange(GET, "/v2.1/servers/5f", 404, {"itemNotFound": {"code": 404, "message": "no"}})
STORED = exchange(f"GET {OBJECT}", "/v1/a/c/o", 200, b"stored")
MADE = exchange("POST /servers", "/v2.1/servers", 202, {"server": SERVER})
GONE = exchange("DELETE /servers/{server_id}", "/v2.1/servers/5f", 204)
STOPPED = exchange("POST /servers/{server_id}/action (os-stop)", "/v2.1/servers/5f/action", 202)
CHANGED = exchange("PUT /servers/{server_id}", "/v2.1/servers/5f", 200, {"server": SERVER | {"name": "new"}})
ASKED = exchange(GET, "/v2.1/servers/5f", 200, {"server": SERVER}, OpenStack_API_Version="compute 2.90")
LINKED = server(links=[{"rel": "self", "href": "http://cloud/v2.1/servers/5f"}])
CASES: list[tuple[str, Exchange, list[Exchange], str, Any]] = [
    ("wrong-status", server(), [], GET, 202),
    ("error-as-success", REFUSED, [], GET, 200),
    ("wrong-error", REFUSED, [], GET, 400),
    ("server-error", REFUSED, [], GET, 500),
    ("error-without-body", REFUSED, [], GET, b""),
    ("damaged-content", STORED, [], STORED.operation, b"storee"),
    ("endless-state", server(), [], GET, {"server": SERVER | {"status": "BUILD"}}),
    ("lost-metadata", server(), [], GET, {"server": SERVER | {"metadata": {}}}),
    ("name-truncated", server(), [], GET, {"server": SERVER | {"name": "größ"}}),
    ("name-truncated", plain("ab", "cd"), [], plain().operation, b"a\nc\n"),
    ("non-ascii-mangled", server(), [], GET, {"server": SERVER | {"name": "gr??e"}}),
    ("non-ascii-mangled", plain("ö"), [], plain().operation, b"?\n"),
    ("extra-member", ASKED, [], GET, {"server": SERVER | {"surplus": "surplus"}}),
    ("list-emptied", servers(SERVER), [], "GET /servers", {"servers": []}),
    ("wrong-order", plain("a", "b"), [], plain().operation, b"b\na\n"),
    ("page-drops", servers(SERVER, OTHER, query="?limit=2"), [], "GET /servers", {"servers": [OTHER]}),
    ("page-repeats", servers(OTHER, query="?marker=5f"), [server()], "GET /servers", {"servers": [SERVER, OTHER]}),
    ("page-repeats", plain("b", query="?marker=a"), [], plain().operation, b"a\nb\n"),
    ("filter-ignored", plain("a", query="?prefix=a"), [], plain().operation, b"a\nsomebody-elses\n"),
    ("stale-read", server(status="SHUTOFF"), [server()], GET, {"server": SERVER}),
    ("lost-update", server(name="new"), [server(), CHANGED], CHANGED.operation, {"server": SERVER}),
    ("lost-update", server(name="new"), [MADE, CHANGED], CHANGED.operation, {"server": SERVER}),
    ("action-not-done", server(status="SHUTOFF"), [MADE, STOPPED], STOPPED.operation, {"server": SERVER}),
    ("not-created", server(), [MADE], MADE.operation, 404),
    ("not-created", servers(SERVER, OTHER), [MADE], MADE.operation, {"servers": [OTHER]}),
    ("not-created", STORED, [exchange(f"PUT {OBJECT}", "/v1/a/c/o", 201)], f"PUT {OBJECT}", 404),
    ("delete-not-done", REFUSED, [server(), GONE], GONE.operation, {"server": SERVER}),
    ("delete-not-done", REFUSED, [MADE, GONE], GONE.operation, SERVER),
    ("delete-not-done", servers(OTHER), [MADE, GONE], GONE.operation, {"servers": [OTHER, SERVER]}),
    (
        "delete-not-done",
        plain("b"),
        [exchange(f"DELETE {OBJECT}", "/v1/a/c/a%20b", 204)],
        f"DELETE {OBJECT}",
        b"a b\nb\n",
    ),
]


def told(found: Exchange, expected: object) -> object:
    """Give the part of an answer that a case is about."""
    if isinstance(expected, int):
        return found.status
    return found.body if isinstance(expected, bytes) else json.loads(found.body)


@pytest.mark.parametrize(("kind", "now", "before", "on", "expected"), CASES, ids=[case[0] for case in CASES])
def test_what_a_fault_does(kind: str, now: Exchange, before: list[Exchange], on: str, expected: object) -> None:
    """A fault that does something else than it says makes the matrix a lie of our own."""
    found = Fault(on, kind).alter(now, before)
    assert found.altered
    assert told(found, expected) == expected
    assert found.headers.get("Content-Length") == str(len(found.body))


@pytest.mark.parametrize("kind", ["missing-member", "renamed-member", "wrong-type", "null-member", "wrong-value"])
def test_one_member_is_broken(kind: str) -> None:
    """Several at once would be noticed by tests that would miss each of them."""
    before = [server(), exchange(GET, "/v2.1/servers/60", 200, {"server": OTHER})]
    found = json.loads(Fault(GET, kind).alter(server(), before).body)["server"]
    assert len({key for key in SERVER if key not in found or found[key] != SERVER[key]}) == 1
    listed = json.loads(Fault("GET /servers", kind).alter(servers(SERVER, OTHER), before).body)["servers"]
    assert [item == old for item, old in zip(listed, (SERVER, OTHER), strict=True)] == [False, False]


def test_the_id_of_what_is_made_is_left_alone() -> None:
    """A test that is told a wrong id cannot end what it made, and fills the project."""
    made = exchange("POST /servers", "/v2.1/servers", 202, {"server": {"id": "5f"}})
    for kind in ("missing-member", "renamed-member", "wrong-type", "null-member", "wrong-value"):
        assert Fault("POST /servers", kind).alter(made, []) is made


def test_headers_and_links() -> None:
    """Headers are half of what the object store tells."""
    assert len(Fault(GET, "missing-header").alter(server(), []).headers) == len(server().headers) - 1
    assert Fault(GET, "wrong-header").alter(server(), []).headers != server().headers
    ignored = Fault(GET, "microversion-ignored").alter(ASKED, [])
    assert ignored.headers["OpenStack-API-Version"] == "compute 2.1"
    dead = json.loads(Fault(GET, "dead-link").alter(LINKED, []).body)["server"]["links"][0]["href"]
    assert dead == "http://cloud/v2.1/servers/5f-nowhere"
    moved = exchange("POST /servers", "/v2.1/servers", 202, Location="http://cloud/v2.1/servers/5f")
    assert Fault(moved.operation, "dead-link").alter(moved, []).headers["Location"].endswith("5f-nowhere")


def test_strangers_in_lists() -> None:
    """What a filter excludes, or another project owns, must look like that."""
    ignored = json.loads(Fault("GET /servers", "filter-ignored").alter(servers(query="?size=1"), [server()]).body)
    assert [item["size"] for item in ignored["servers"]] == [2]
    foreign = json.loads(Fault("GET /servers", "foreign-visible").alter(servers(SERVER), []).body)
    assert [item["tenant_id"] == "p" for item in foreign["servers"]] == [True, False]
    more = json.loads(Fault("GET /servers", "limit-ignored").alter(servers(SERVER, query="?limit=1"), []).body)
    assert len(more["servers"]) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_other_operations_are_left_alone(kind: str) -> None:
    """A fault of one operation that reaches another is counted for the wrong one."""
    for now in (server(), servers(SERVER), plain("a"), REFUSED):
        fault = Fault("PATCH /elsewhere", kind)
        assert fault.alter(now, [server(status="BUILD"), MADE, GONE]) is now


@given(
    body=st.one_of(
        st.binary(max_size=40),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abid"), inner, max_size=3),
        ),
    ),
    status=st.sampled_from([200, 202, 204, 300, 404, 503]),
    operation=st.sampled_from([GET, "GET /servers", "POST /servers", "HEAD /v1/{account}", plain().operation]),
)
def test_any_answer_can_be_met(body: Any, status: int, operation: str) -> None:  # noqa: ANN401
    """A fault that stumbles over an odd answer breaks the proof instead of the answer; a second look tells the same."""
    now = exchange(operation, "/v2.1/servers/5f?limit=1&marker=5f&name=x", status, body)
    before = [server(), exchange(operation, "/v2.1/servers/5f", 200, body), MADE]
    for kind in KINDS:
        for on in {operation, "POST /servers"}:
            found = Fault(on, kind).alter(now, before)
            again = Fault(on, kind).alter(now, before)
            assert (found.status, found.body, found.headers) == (again.status, again.body, again.headers)
    for item in VARIATIONS.values():
        assert item.vary(now, before).status == now.status


@pytest.mark.parametrize(
    ("word", "code"),
    [("", "unknown-fault"), ("nonsense GET /servers", "unknown-fault"), ("wrong-status GET /x", "unknown-operation")],
)
def test_a_wrong_word_is_told(word: str, code: str) -> None:
    """Whoever mistypes a fault would believe that nobody notices it."""
    with pytest.raises(InputError) as caught:
        read_fault(word, ["GET /servers"])
    assert caught.value.code == code


def test_a_fault_is_written_as_it_is_read() -> None:
    """A line of the matrix is pasted into the proxy's command."""
    assert str(read_fault(" wrong-status  GET /servers ", ["GET /servers"])) == "wrong-status GET /servers"
    with pytest.raises(InputError, match="/servers") as caught:
        read_fault("wrong-status server", ["GET /servers"])
    assert "GET /servers" in str(caught.value)


def test_the_page_repeats_the_table() -> None:
    """Whoever reads the documentation must find every kind there, in the words of the table."""
    page = (Path(__file__).parents[2] / "docs" / "sabotage.md").read_text(encoding="utf-8")
    for kind in KINDS.values():
        assert f"| `{kind.id}` | {kind.says} | {kind.needs} |" in page
    for item in VARIATIONS.values():
        assert f"| `{item.id}` | {item.says} |" in page
