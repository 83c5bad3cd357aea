"""From files of any kind to a submission: reports, public reports, acts, bundles, told apart by their content."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from defcore.attest import bundle, chain, dsse
from defcore.attest.dispatch import Kind, kind_of
from defcore.attest.intoto import STATEMENT_TYPE
from defcore.attest.public import PREDICATE_TYPE as PUBLIC
from defcore.errors import InputError, RefusedError
from defcore.registry.model import Submission
from defcore.strictjson import loads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from defcore.strictjson import Json

MAX_REPORT = 4_000_000
"""Bytes: thirty times a report on 300 tests. What is larger is not even parsed."""
MAX_FILES = 100


def take(files: Iterable[tuple[str, bytes]]) -> Submission:
    """Sort files (name, content) into a submission.

    Raises InputError or RefusedError, naming the file: for one that is too large or nothing of ours, and for two
    different reports of one kind.
    """
    found = Submission()
    for number, (name, content) in enumerate(files, start=1):
        if number > MAX_FILES:
            raise InputError("too-many", f"holds more than {MAX_FILES} files", hint="submit one report at a time")
        found = _with(found, name, content)
    if found.full is None and found.public is None and not found.acts:
        hint = "name report.dsse.json and report.public.dsse.json, a bundle, or acts"
        raise InputError("nothing", "there is nothing to submit", hint=hint)
    return found


def read(name: str, content: bytes) -> Submission:
    """Return what one file brings. Raises InputError or RefusedError, naming it."""
    return _with(Submission(), name, content)


def is_public(data: bytes, file: str) -> bool:
    """Tell a public report from a full one. Raises InputError or RefusedError for what is neither."""
    payload = dsse.parse(data, file).payload
    value: Json = loads(payload, f"{file}, payload")
    if not isinstance(value, dict) or value.get("_type") != STATEMENT_TYPE:
        raise RefusedError("statement-type", "holds no statement", where=file, hint=dsse.HINT)
    return value.get("predicateType") == PUBLIC


def _with(found: Submission, name: str, content: bytes) -> Submission:
    if len(content) > MAX_REPORT:
        what = f"is larger than {MAX_REPORT} bytes"
        raise InputError("too-large", what, where=name, hint="is this a signed report?")
    kind = kind_of(content)
    if kind is Kind.TRUST:
        return replace(found, trust=bundle.longer(found.trust, chain.split(content, name), name))
    if kind is Kind.ACT:
        return replace(found, acts=(*found.acts, content))
    if kind is Kind.REPORT:
        return _with_report(found, name, content)
    parts = bundle.parse(content, name)
    found = replace(found, trust=bundle.longer(found.trust, parts.trust, name), acts=(*found.acts, *parts.decisions))
    return found if parts.report is None else _with_report(found, f"{name}, report", parts.report)


def _with_report(found: Submission, name: str, content: bytes) -> Submission:
    public = is_public(content, name)
    if (found.public if public else found.full) not in (None, content):
        word = "public" if public else "full"
        hint = "submit one report at a time"
        raise InputError("two-reports", f"is another {word} report than the one before it", where=name, hint=hint)
    return replace(found, public=content) if public else replace(found, full=content)
