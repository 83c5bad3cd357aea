"""``/api/v1`` as scripts use it: its document, pages, ETags, one report, a comparison."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from defcore.attest.canonical import sha256_hex
from defcore.registry.serve import openapi
from defcore.registry.serve.desk import Desk
from defcore.registry.serve.guard import ADDRESSES, Rate, address_of
from defcore.registry.serve.problem import ProblemError

if TYPE_CHECKING:
    from .conftest import Open

DOCUMENT = Path(__file__).parents[3] / "docs" / "schemas" / "registry-api.json"


def fill(served: Open, count: int) -> list[str]:
    """Submit reports; return their digests, newest first."""
    house = served.registry.house
    made = []
    for number in range(count):
        moment = house.issued_at.replace(minute=30 + number)
        run = house.run_record(id=f"run-{number}")
        made.append(served.registry.submission(run=run, issued_at=moment))
        assert served.post(made[-1]).status_code == 201
    return [sha256_hex(item.full or b"") for item in made[::-1]]


def test_the_document_is_the_one_that_is_committed(served: Open) -> None:
    """If it fails, clients are written by a document that is not the server's; openapi.py says how to write it."""
    assert DOCUMENT.read_bytes() == openapi.dump()
    assert served.get("api/v1/openapi.json").content == openapi.dump()


def test_a_list_comes_a_page_at_a_time(served: Open) -> None:
    """If it fails, ten thousand reports come in one answer, or one of them never."""
    digests = fill(served, 5)
    seen, address, pages = [], "/api/v1/reports?limit=2", 0
    while address:
        answer = served.get(address.lstrip("/")).json()
        assert answer["total"] == 5
        seen += [item["digest"] for item in answer["items"]]
        address, pages = answer["next"], pages + 1
    assert (seen, pages) == (digests, 3)


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("vendor=Acme", 3),
        ("vendor=Nobody", 0),
        ("product=Cloud&guideline=2026.11", 3),
        ("guideline=2020.01", 0),
        ("capability=put", 3),
        ("capability=fly", 0),
        ("current=true", 1),
        ("current=0", 3),
    ],
)
def test_a_list_can_be_narrowed(served: Open, query: str, total: int) -> None:
    """If it fails, a script has to fetch everything to find one product."""
    fill(served, 3)
    assert served.get(f"api/v1/reports?{query}").json()["total"] == total


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("reports?limit=0", 422, "limit"),
        ("reports?limit=x", 422, "limit"),
        ("reports?limit=" + "9" * 5000, 422, "limit"),
        ("reports?limit=\u00b2", 422, "limit"),
        ("reports?current=perhaps", 422, "current"),
        ("reports?after=" + "0" * 64, 422, "after"),
        ("compare", 422, "from 2 to 8"),
        ("compare?report=x&report=y", 404, "sha256"),
        ("compare?report=" + "0" * 64 + "&report=" + "1" * 64, 404, "no report"),
        ("nothing", 404, "openapi.json"),
    ],
)
def test_a_question_that_makes_no_sense_is_told_so(served: Open, path: str, status: int, says: str) -> None:
    """If it fails, a slip in a query ends in a 500, or in an answer to another question."""
    answer = served.get(f"api/v1/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert says in answer.json()["detail"]


def test_what_has_not_changed_is_not_sent_again(served: Open) -> None:
    """If it fails, everybody who looks again is sent everything again, or is shown what was."""
    fill(served, 1)
    for path in ("", "api/v1", "api/v1/reports", "style.css", "data/registry.json", "api/v1/openapi.json"):
        first = served.get(path)
        tag = first.headers["etag"]
        again = served.get(path, **{"If-None-Match": f'"x", W/{tag}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert served.get(path, **{"If-None-Match": '"x"'}).content == first.content
    tag = served.get("").headers["etag"]
    house = served.registry.house
    run = house.run_record(id="run-x")
    assert served.post(served.registry.submission(run=run, product=house.described(product="New"))).status_code == 201
    assert "New" in served.get("", **{"If-None-Match": tag}).text


def test_reports_stand_side_by_side(served: Open) -> None:
    """If it fails, a script cannot compare two clouds by the registry alone."""
    digests = fill(served, 2)
    answer = served.get(f"api/v1/compare?report={digests[0]}&report={digests[1]}").json()
    assert [item["title"] for item in answer["columns"]] == ["Acme Cloud 1.0", "Acme Cloud 1.0"]


def test_one_report_is_told_whole(served: Open) -> None:
    """If it fails, what the page shows cannot be had by a script."""
    (digest,) = fill(served, 1)
    found = served.get(f"api/v1/reports/{digest}").json()
    assert (found["vendor"], len(found["tests"]), found["capabilities"]) == ("Acme", 4, ["get", "put"])
    assert found["configuration"] == {"system": "swift on four disks"}
    assert served.get(found["file"]).headers["content-type"] == "application/json"


def test_info_and_health_tell_how_it_is(served: Open) -> None:
    """If it fails, nobody can watch the server, and a client does not know its limits."""
    fill(served, 1)
    info = served.get("api/v1").json()
    assert (info["title"], info["reports"], info["trust"]) == ("Small world", 1, served.registry.world.trust.pin)
    assert served.get("api/v1/health").json()["status"] == "ok"


def test_our_own_fault_is_told_without_details(
    served: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """If it fails, a fault of ours shows visitors our insides, or its keeper never hears of it."""
    monkeypatch.setattr(Desk, "look_up", lambda *_: 1 / 0)
    answer = served.get(f"api/v1/submissions/{'0' * 64}")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:defcore:problem:fault")
    assert "division" not in answer.text
    assert served.get("api/v1/health").status_code == 200
    assert "division" in caplog.text


def test_a_rate_fills_again_and_forgets() -> None:
    """If it fails, who waited is still turned away, or a flood of addresses fills the memory."""
    moment = [0.0]
    rate = Rate(per_second=1, burst=2, tick=lambda: moment[0])
    rate.check("a")
    rate.check("a")
    with pytest.raises(ProblemError) as caught:
        rate.check("a")
    assert caught.value.headers["Retry-After"] == "2"
    rate.check("b", 5)
    with pytest.raises(ProblemError, match="in 5 s"):
        rate.check("b")
    moment[0] = 1.5
    rate.check("a")
    for number in range(2 * ADDRESSES):
        rate.check(str(number))
    assert len(rate._left) == ADDRESSES


@pytest.mark.parametrize(
    ("host", "counted"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8::1:2", "2001:db8::/64"), ("", ""), ("testclient", "testclient")],
)
def test_a_household_counts_as_one(host: str, counted: str) -> None:
    """If it fails, one visitor has as many rates as a network has addresses."""
    from starlette.requests import Request

    scope: dict[str, object] = {"type": "http", "client": (host, 1) if host else None, "headers": []}
    assert address_of(Request(scope)) == counted
