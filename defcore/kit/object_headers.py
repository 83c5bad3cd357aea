"""The headers that the object store's answers carry, and how their values look.

Which of them must be there is what the published tests of guideline 2020.06 ask of every account, container and object;
their meaning is told at https://docs.openstack.org/api-ref/object-store/.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from defcore.kit.match import anything, digits, nonempty, one_of, text_like

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.kit.answer import Answer
    from defcore.kit.match import Match

NO_CONTENT = 204
PLAIN_ETAG = text_like("letters and digits", r"[0-9A-Za-z]+")
QUOTED_ETAG = text_like("letters and digits in double quotes", r'"[0-9A-Za-z]+"')
"""A large object's ETag is no checksum of its content; the quotes say so."""
TEXT = text_like("the MIME type of a text", r"(text/[\w.+-]+|application/([\w.-]+\+)?(json|xml))( *;.*)?")
JSON = text_like("application/json", r"application/json( *;.*)?")
PLAIN = text_like("text/plain", r"text/plain( *;.*)?")

SHAPES: dict[str, Match | str] = {
    "Accept-Ranges": "bytes",
    "Content-Length": digits,
    "Content-Type": nonempty,
    "Date": nonempty,
    "Last-Modified": nonempty,
    "Transfer-Encoding": "chunked",
    "X-Account-Bytes-Used": digits,
    "X-Account-Container-Count": digits,
    "X-Account-Object-Count": digits,
    "X-Container-Bytes-Used": digits,
    "X-Container-Object-Count": digits,
    "X-Copied-From": text_like("CONTAINER/OBJECT", r"\S+/\S+"),
    "X-Copied-From-Last-Modified": nonempty,
    "X-Timestamp": text_like("a UNIX time", r"\d+\.?\d*"),
    "X-Trans-Id": text_like("tx, 21 hex digits, a hyphen and 10 hex digits", r"tx[0-9a-f]{21}-[0-9a-f]{10}.*"),
}
FIGURES = ("Bytes-Used", "Object-Count", "Container-Count")
ALWAYS = ("Content-Type", "X-Trans-Id", "Date")
ON_READING = {
    "account": ("X-Timestamp", "X-Account-Bytes-Used", "X-Account-Container-Count", "X-Account-Object-Count"),
    "container": ("X-Timestamp", "X-Container-Bytes-Used", "X-Container-Object-Count", "X-Storage-Policy"),
    "object": ("X-Timestamp", "ETag", "Last-Modified"),
}
ON_WRITING_OBJECTS = {
    "PUT": ("ETag", "Last-Modified"),
    "COPY": ("ETag", "Last-Modified", "X-Copied-From", "X-Copied-From-Last-Modified"),
}


def check_shapes(answer: Answer, etag: Match = PLAIN_ETAG) -> None:
    """Require that each known header that is there has a value of its kind."""
    for name, shape in {**SHAPES, "ETag": etag}.items():
        if answer.get(name) is not None:
            answer.header(name, shape)


def check_usual(answer: Answer, policies: Sequence[str] = (), etag: Match = PLAIN_ETAG) -> None:
    """Require the headers that belong to the answer's operation, and the shape of each.

    ``policies`` are the names of the storage policies that the cluster announces, if it does.
    """
    method, target = _asked(answer)
    if answer.exchange.status != NO_CONTENT and answer.get("Transfer-Encoding") is None:
        answer.header("Content-Length", digits)
    for name in (*ALWAYS, *_particular(method, target)):
        answer.header(name, anything)
    check_shapes(answer, etag)
    if policies and method in ("GET", "HEAD"):
        if target == "container":
            answer.header("X-Storage-Policy", one_of(*policies))
        elif target == "account" and int(answer.get("X-Account-Container-Count") or 0) > 0:
            _check_policy_usage(answer, policies)


def _asked(answer: Answer) -> tuple[str, str]:
    method, _, path = answer.exchange.operation.partition(" ")
    return method, path.rpartition("/")[2].strip("{}")


def _particular(method: str, target: str) -> tuple[str, ...]:
    if method in ("GET", "HEAD"):
        return ON_READING[target]
    return ON_WRITING_OBJECTS.get(method, ()) if target == "object" else ()


def _check_policy_usage(answer: Answer, policies: Sequence[str]) -> None:
    """Require all three figures of a policy where there is one, and those of one policy at least."""
    complete = 0
    for policy in policies:
        names = [f"X-Account-Storage-Policy-{policy}-{figure}" for figure in FIGURES]
        there = [name for name in names if answer.get(name) is not None]
        complete += len(there) == len(names)
        for name in names if there else ():
            answer.header(name, anything)
    answer.require("headers X-Account-Storage-Policy-*", True, complete > 0)  # noqa: FBT003 - the value expected


def metadata(answer: Answer, prefix: str) -> list[str]:
    """Return the names of the answer's headers that begin with ``prefix``, whatever the case."""
    return [name for name in answer.exchange.headers if name.lower().startswith(prefix.lower())]


def own(answer: Answer, prefix: str) -> dict[str, str]:
    """Return the metadata of which the names begin with ``prefix``, by the rest of each name in lower case."""
    return {name[len(prefix) :].lower(): str(answer.get(name)) for name in metadata(answer, prefix)}


def check_text(answer: Answer) -> None:
    """Require that what is said of a request that writes something is called a text."""
    if answer.content:
        answer.header("Content-Type", TEXT)


def md5(data: bytes) -> str:
    """Return the ETag of an object with that content."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
