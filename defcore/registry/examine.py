"""Why a report is refused: every check of the verifier that does not hold, each under the rule that it belongs to.

``defcore.attest.judge`` decides, and ends at the first fault. Whoever has to mend a report wants them all, so the
verifier's own checks are called here one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from defcore.attest import dsse, verify
from defcore.attest import statement as st
from defcore.attest.canonical import decode, sha256_hex
from defcore.attest.intoto import read_payload
from defcore.attest.public import PREDICATE_TYPE as PUBLIC
from defcore.attest.public import PublicPredicate, PublicStatement
from defcore.attest.stamp import read_stamp
from defcore.attest.trust import Role, check_role
from defcore.errors import DefcoreError, InputError
from defcore.registry.model import Finding
from defcore.strictjson import loads

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from defcore.registry.model import Known

SIGNS = (Role.VENDOR, Role.LAB, Role.RUNNER)
BY_CODE = {
    "bad-signature": "signature",
    "no-signature": "signature",
    "unknown-key": "key",
    "product-incomplete": "placeholder",
    "run-end": "complete",
}
"""Refusals that belong to another rule than the check in which they come up."""

Statement: TypeAlias = st.Statement | PublicStatement
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Glance:
    """What a report calls itself, before anything about it is checked. ``digest`` is the sha256 of the full report."""

    public: bool
    digest: str
    vendor: str
    product: str
    version: str
    guideline: str
    guideline_digest: str
    program: str
    run: str
    issued_at: str
    target: str


def glance(data: bytes, file: str) -> Glance | None:
    """Read what a report calls itself, as cheaply as can be; None when it says none of it, or not in words.

    It serves to find a report's acts, guideline and place; everything in it is checked by those who judge.
    """
    try:
        envelope: Any = loads(data, file)
        statement: Any = loads(decode(envelope["payload"]) or b"", file)
        claim, (subject,) = statement["predicate"], statement["subject"]
        product, guideline, run = claim["product"], claim["guideline"], claim["run"]
        public = statement["predicateType"] == PUBLIC
        words = (
            claim["report"]["sha256"] if public else sha256_hex(data),
            product["vendor"],
            product["product"],
            product["version"],
            guideline["id"],
            guideline["digest"],
            claim["program"],
            f"{run['id']} {run['started']}",
            claim["issued_at"],
            subject["digest"]["sha256"],
        )
    except (InputError, KeyError, TypeError, ValueError):
        return None
    return Glance(public, *words) if all(isinstance(item, str) for item in words) else None


def peek(data: bytes, file: str, findings: list[Finding]) -> Statement | None:
    """Read what a report says, whoever signed it; what makes it unreadable becomes a finding."""

    def read() -> Statement:
        return read_payload(dsse.parse(data, file).payload, file, verify.MODELS)

    return attempt("readable", read, file, findings, BY_CODE)


def examine(data: bytes, statement: Statement, known: Known, now: dt.datetime, file: str) -> list[Finding]:
    """Make every check of the verifier on a report that ``peek`` read; return all that do not hold."""
    findings: list[Finding] = []
    claim = statement.predicate

    def check(rule: str, what: Callable[[], _T]) -> _T | None:
        return attempt(rule, what, file, findings, BY_CODE)

    keys = list(known.trust.keys.values())
    signers = check("signature", lambda: dsse.check_signatures(dsse.parse(data, file), keys, file))
    check("fresh", lambda: verify.check_times(claim, now, file))
    if signers is not None:
        check("key", lambda: _check_keys(known, signers, claim, file))
    check("target", lambda: verify.check_subject(statement, file))
    check("target", lambda: verify.check_product(claim, file))
    check("label", lambda: verify.check_level(claim, file))
    # A guideline that nobody here knows is not even unpacked: it could be anything, of any size.
    if claim.guideline.digest in known.guidelines:
        source = check("guideline", lambda: verify.check_guideline(claim, file))
        if source is not None and isinstance(claim, st.Predicate):
            check("tests", lambda: verify.check_results(claim, source, file))
            check("tests", lambda: verify.check_findings(claim, file))
            check("tests", lambda: verify.check_evidence(claim, file))
            check("verdict", lambda: verify.check_verdict(claim, source, file))
        elif source is not None and isinstance(claim, PublicPredicate):
            check("tests", lambda: verify.check_passed(claim, source, file))
            check("verdict", lambda: verify.check_shown(claim, source, file))
    return findings


def attempt(
    rule: str,
    what: Callable[[], _T],
    file: str,
    findings: list[Finding],
    others: Mapping[str, str] = MappingProxyType({}),
) -> _T | None:
    """Make one check; what it refuses becomes a finding under ``rule``, or under that of ``others`` for its code."""
    try:
        return what()
    except DefcoreError as error:
        findings.append(Finding(others.get(error.code, rule), error.where or file, error.what))
        return None


def _check_keys(known: Known, signers: tuple[str, ...], claim: st.Claim, file: str) -> None:
    check_role(known.trust, signers, SIGNS, read_stamp(claim.issued_at), file, vendor=claim.product.vendor)
