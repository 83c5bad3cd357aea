"""The usual headers of the object store's answers: each one missing or malformed must be seen."""

from __future__ import annotations

import pytest
from requests.structures import CaseInsensitiveDict

from defcore.cloud.http import Exchange
from defcore.kit.answer import Answer, CheckFailedError
from defcore.kit.object_headers import QUOTED_ETAG, check_shapes, check_text, check_usual, md5, metadata, own

COMMON = {
    "Content-Type": "text/plain",
    "Date": "Fri, 20 Nov 2026 10:05:48 GMT",
    "X-Trans-Id": "txa318fc001e5e4f9a9a26f-006b001b7c",
}
OBJECT = {"ETag": "0cc175b9c0f1b6a831c399e269772661", "Last-Modified": "Fri, 20 Nov 2026 10:05:48 GMT"}
COPIED = {"X-Copied-From": "a/b", "X-Copied-From-Last-Modified": "Fri, 20 Nov 2026 10:05:48 GMT"}
ACCOUNT = {f"X-Account-{what}": "1" for what in ("Bytes-Used", "Container-Count", "Object-Count")}
USAGE = {f"X-Account-Storage-Policy-Gold-{what}": "1" for what in ("Bytes-Used", "Container-Count", "Object-Count")}
CONTAINER = {"X-Container-Bytes-Used": "0", "X-Container-Object-Count": "0", "X-Storage-Policy": "Gold"}
READ = {"X-Timestamp": "1795169120.74311", "Content-Length": "0"}
GOOD = {
    "HEAD /v1/{account}": {**COMMON, **READ, **ACCOUNT, **USAGE},
    "GET /v1/{account}/{container}": {**COMMON, **READ, **CONTAINER},
    "GET /v1/{account}/{container}/{object}": {**COMMON, **READ, **OBJECT},
    "PUT /v1/{account}/{container}": {**COMMON, "Content-Length": "0"},
    "PUT /v1/{account}/{container}/{object}": {**COMMON, **OBJECT, "Content-Length": "0"},
    "COPY /v1/{account}/{container}/{object}": {**COMMON, **OBJECT, **COPIED, "Content-Length": "0"},
}


def answer(operation: str, headers: dict[str, str], status: int = 200, body: bytes = b"") -> Answer:
    """Make an answer to an operation."""
    method, told = operation.partition(" ")[0], CaseInsensitiveDict(headers)
    return Answer(Exchange("req-1", operation, method, "http://x/v1/a", {}, b"", 0, 0, 1, status, told, body))


@pytest.mark.parametrize("operation", GOOD)
def test_complete(operation: str) -> None:
    """A cloud that sends what belongs to an operation would be failed if one of these were refused."""
    check_usual(answer(operation, GOOD[operation]), ["Gold"])


@pytest.mark.parametrize(
    ("operation", "header"), [(operation, header) for operation, headers in GOOD.items() for header in headers]
)
def test_each_missing_header_is_seen(operation: str, header: str) -> None:
    """A cloud that leaves out a header which clients rely on would pass if its absence were not seen."""
    headers = {name: value for name, value in GOOD[operation].items() if name != header}
    with pytest.raises(CheckFailedError, match=header):
        check_usual(answer(operation, headers), ["Gold"])


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Accept-Ranges", "none"),
        ("Content-Length", "-1"),
        ("Content-Type", ""),
        ("ETag", '"0cc175b9"'),
        ("Transfer-Encoding", "gzip"),
        ("X-Account-Bytes-Used", "many"),
        ("X-Copied-From", "a"),
        ("X-Timestamp", "today"),
        ("X-Trans-Id", "tx1"),
    ],
)
def test_malformed_values_are_seen(header: str, value: str) -> None:
    """A header with a value that no client can read would count as there."""
    with pytest.raises(CheckFailedError, match=header):
        check_shapes(answer("GET /info", {header: value}))


def test_no_length_is_needed_without_content() -> None:
    """RFC 7230 forbids Content-Length with 204, so asking for it would fail clouds that follow it."""
    operation = "HEAD /v1/{account}/{container}"
    headers = {**COMMON, **CONTAINER, "X-Timestamp": "1"}
    check_usual(answer(operation, headers, 204))
    with pytest.raises(CheckFailedError, match="Content-Length"):
        check_usual(answer(operation, headers))


def test_policies_are_those_announced() -> None:
    """A container in a policy that the cluster does not announce is a fault; without announcement nothing is known."""
    unknown = answer(
        "GET /v1/{account}/{container}", {**GOOD["GET /v1/{account}/{container}"], "X-Storage-Policy": "x"}
    )
    check_usual(unknown)
    with pytest.raises(CheckFailedError, match="X-Storage-Policy"):
        check_usual(unknown, ["Gold"])
    bare = {name: value for name, value in GOOD["HEAD /v1/{account}"].items() if name not in USAGE}
    check_usual(answer("HEAD /v1/{account}", {**bare, "X-Account-Container-Count": "0"}), ["Gold"])
    with pytest.raises(CheckFailedError, match="Storage-Policy"):
        check_usual(answer("HEAD /v1/{account}", bare), ["Gold"])


def test_large_objects_have_quoted_etags() -> None:
    """A large object's ETag without quotes would be taken for a checksum of the content."""
    operation = "GET /v1/{account}/{container}/{object}"
    check_usual(answer(operation, {**GOOD[operation], "ETag": '"0cc175b9"'}), etag=QUOTED_ETAG)
    with pytest.raises(CheckFailedError, match="ETag"):
        check_usual(answer(operation, GOOD[operation]), etag=QUOTED_ETAG)


def test_metadata_names() -> None:
    """Metadata that a cloud invents would not be seen if the case of its header mattered."""
    found = metadata(answer("GET /info", {"x-container-META-colour": "", "Date": ""}), "X-Container-Meta-")
    assert found == ["x-container-META-colour"]


def test_own_metadata() -> None:
    """Metadata that nobody set would go unseen, or that of a cloud which writes headers in lower case."""
    found = answer("HEAD /v1/{account}/{container}", {"x-container-meta-Colour": "blue", "X-Container-Read": "a"})
    assert own(found, "X-Container-Meta-") == {"colour": "blue"}


@pytest.mark.parametrize(
    ("kind", "fits"),
    [
        ("text/html; charset=UTF-8", True),
        ("text/plain", True),
        ("application/json", True),
        ("application/xhtml+xml;charset=utf-8", True),
        ("application/octet-stream", False),
        ("image/png", False),
    ],
)
def test_what_is_said_is_a_text(kind: str, fits: bool) -> None:  # noqa: FBT001 - a parameter
    """A cloud that calls its words bytes makes clients save them; one that says nothing may call it what it likes."""
    said = answer("POST /v1/{account}/{container}/{object}", {"Content-Type": kind}, body=b"Accepted")
    if fits:
        check_text(said)
    else:
        with pytest.raises(CheckFailedError, match="Content-Type"):
            check_text(said)
    check_text(answer("POST /v1/{account}/{container}", {"Content-Type": kind}, 204))


def test_etag_of_content() -> None:
    """An object would be compared with another checksum than that of RFC 1321."""
    assert md5(b"abc") == "900150983cd24fb0d6963f7d28e17f72"
