"""The evidence as HAR: other programs read it, and know nothing of us."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from defcore.run.har import har
from defcore.run.store import load_run

from .records import record_of, test_id, write_evidence

if TYPE_CHECKING:
    from pathlib import Path

    from tests.run.conftest import Bench


class Har(BaseModel):
    """Our own reading of http://www.softwareishard.com/blog/har-12-spec/: every object closed but for ``_`` fields."""

    model_config = ConfigDict(extra="allow")

    def model_post_init(self, _: object) -> None:
        """Refuse fields that HAR does not know, unless they begin as it wants."""
        assert all(name.startswith("_") for name in self.model_extra or {}), self.model_extra


class Pair(Har):
    """A header or a parameter."""

    name: str
    value: str


class PostData(Har):
    """What was sent."""

    mimeType: str  # noqa: N815 - HAR's name
    text: str
    comment: str = ""


class Content(Har):
    """What came."""

    size: int = Field(ge=0)
    mimeType: str  # noqa: N815
    text: str = ""
    comment: str = ""


class HarRequest(Har):
    """A request."""

    method: str
    url: str
    httpVersion: str  # noqa: N815
    cookies: list[Pair]
    headers: list[Pair]
    queryString: list[Pair]  # noqa: N815
    headersSize: int = Field(ge=-1)  # noqa: N815
    bodySize: int = Field(ge=-1)  # noqa: N815
    postData: PostData | None = None  # noqa: N815


class HarResponse(Har):
    """A response."""

    status: int
    statusText: str  # noqa: N815
    httpVersion: str  # noqa: N815
    cookies: list[Pair]
    headers: list[Pair]
    content: Content
    redirectURL: str  # noqa: N815
    headersSize: int = Field(ge=-1)  # noqa: N815
    bodySize: int = Field(ge=-1)  # noqa: N815


class Timings(Har):
    """None of these three may be left out or negative."""

    send: float = Field(ge=0)
    wait: float = Field(ge=0)
    receive: float = Field(ge=0)


class Entry(Har):
    """An exchange."""

    pageref: str
    startedDateTime: AwareDatetime  # noqa: N815
    time: float = Field(ge=0)
    request: HarRequest
    response: HarResponse
    cache: dict[str, Any]
    timings: Timings


class Page(Har):
    """A test's attempt."""

    startedDateTime: AwareDatetime  # noqa: N815
    id: str
    title: str
    pageTimings: dict[str, Any]  # noqa: N815


class Creator(Har):
    """Who wrote it."""

    name: str
    version: str


class Log(Har):
    """All of it."""

    version: Literal["1.2"]
    creator: Creator
    pages: list[Page]
    entries: list[Entry]
    comment: str


def read(value: dict[str, Any]) -> Log:
    """Read a HAR as another program would, and see that it hangs together."""
    assert value.keys() == {"log"}
    log = Log.model_validate_json(json.dumps(value["log"]))
    assert {entry.pageref for entry in log.entries} == {page.id for page in log.pages}
    assert len({page.id for page in log.pages}) == len(log.pages)
    moments = [entry.startedDateTime for entry in log.entries]
    assert moments == sorted(moments)
    for entry in log.entries:
        assert entry.time == entry.timings.send + entry.timings.wait + entry.timings.receive
    return log


def test_a_real_run_is_a_har(bench: Bench) -> None:
    """If it fails, the network view of a browser stays empty."""
    bench.write(
        '''
@declared(1)
def test_stores(store, session):
    """An object is stored and listed."""
    container = store.new_container()
    store.put_object(container, "plum", b"plum").status(201)
    store.get_container(container, format="json", prefix="p").status(200)
    store.get_container(container, format="json").status(299)
'''
    )
    bench.run(workers=1)
    log = read(har(bench.out, load_run(bench.out)))
    stored = [entry for entry in log.entries if entry.request.url.endswith("/plum") and entry.request.method == "PUT"]
    assert stored[0].request.bodySize == 4
    assert stored[0].request.postData
    assert "sha256" in stored[0].request.postData.comment
    listed = [entry for entry in log.entries if Pair(name="prefix", value="p") in entry.request.queryString]
    assert (listed[0].response.status, listed[0].response.statusText) == (200, "OK")
    assert json.loads(listed[0].response.content.text)[0]["name"] == "plum"
    assert log.pages[0].title == "test_small.py::test_stores (attempt 1)"


def test_attempts_and_tests_are_pages_in_the_order_of_time(tmp_path: Path) -> None:
    """A second attempt must not be mixed with the first."""
    write_evidence(tmp_path, 2, {"started_ms": 3000}, {"started_ms": 1000}, {"started_ms": 5000, "test_attempt": 2})
    write_evidence(tmp_path, 1, {"started_ms": 2000})
    log = read(har(tmp_path, record_of({1: "passed", 2: "passed"})))
    assert [page.title for page in log.pages] == [
        "test 2 (attempt 1)",
        "test 1 (attempt 1)",
        "test 2 (attempt 2)",
    ]
    assert [page.startedDateTime.timestamp() for page in log.pages] == [1, 2, 5]


def test_what_got_no_answer_is_told_as_browsers_tell_it(tmp_path: Path) -> None:
    """A connection that broke has no status; a reader must not take it for a 200."""
    broken = {"status": 0, "headers": {}, "body": None, "error": "no answer in time", "took_ms": 20000}
    write_evidence(tmp_path, 1, broken)
    entry = read(har(tmp_path, record_of({1: "error"}))).entries[0]
    assert (entry.response.status, entry.response.httpVersion, entry.response.bodySize) == (0, "", 0)
    assert entry.model_extra
    assert entry.model_extra["_error"] == "no answer in time"


def test_odd_answers_are_a_har_too(tmp_path: Path) -> None:
    """A status of its own, lengths that are none, a redirect, a test that the record does not know."""
    write_evidence(
        tmp_path,
        7,
        {"status": 299, "headers": {"content-length": "-5"}, "body": {"a": 1}},
        {
            "status": 301,
            "headers": {"LOCATION": "http://x/", "Content-Length": "9" * 30},
            "body": {"length": "x", "sha256": 1},
        },
        {"method": "POST", "request_headers": {}, "request_body": {"length": 3, "sha256": "ab"}},
        {
            "method": "POST",
            "request_headers": {"content-type": "application/json"},
            "request_body": {"auth": "[hidden]"},
        },
    )
    first, second, third, fourth = read(har(tmp_path, record_of({}))).entries
    assert (first.response.statusText, first.response.bodySize, first.response.content.size) == ("", -1, 0)
    assert second.response.redirectURL == "http://x/"
    assert third.request.postData
    assert (third.request.postData.mimeType, third.request.bodySize) == ("application/octet-stream", 3)
    assert fourth.request.postData
    assert fourth.request.postData.text == '{"auth": "[hidden]"}'
    assert first.pageref == f"{test_id(7)}-1"
