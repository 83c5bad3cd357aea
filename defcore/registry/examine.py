"""Why a report is refused: every check of the verifier that does not hold, each under the rule that it belongs to.

``defcore.attest.judge`` decides, and ends at the first fault. Whoever has to mend a report wants them all, so the
verifier's own checks are called here one by one.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from defcore.attest import dsse, verify
from defcore.attest import statement as st
from defcore.attest.intoto import read_payload
from defcore.attest.public import PublicPredicate, PublicStatement
from defcore.attest.stamp import read_stamp
from defcore.attest.trust import Role, check_role
from defcore.errors import DefcoreError
from defcore.registry.model import Finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from defcore.registry.model import Known

SIGNS = (Role.VENDOR, Role.LAB, Role.RUNNER)
_RULES = {
    "bad-signature": "signature",
    "no-signature": "signature",
    "unknown-key": "key",
    "product-incomplete": "placeholder",
    "run-end": "complete",
}
"""Refusals that belong to another rule than the check in which they come up."""

Statement: TypeAlias = st.Statement | PublicStatement
_T = TypeVar("_T")


def peek(data: bytes, file: str, findings: list[Finding]) -> Statement | None:
    """Read what a report says, whoever signed it; what makes it unreadable becomes a finding."""

    def read() -> Statement:
        return read_payload(dsse.parse(data, file).payload, file, verify.MODELS)

    return attempt("readable", read, file, findings, _RULES)


def examine(data: bytes, statement: Statement, known: Known, now: dt.datetime, file: str) -> list[Finding]:
    """Make every check of the verifier on a report that ``peek`` read; return all that do not hold."""
    findings: list[Finding] = []
    claim = statement.predicate

    def check(rule: str, what: Callable[[], _T]) -> _T | None:
        return attempt(rule, what, file, findings, _RULES)

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
