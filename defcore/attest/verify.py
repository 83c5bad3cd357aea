"""Verifying a signed report, offline: every claim that can be checked is checked, the rest is called a claim.

One small function a check; each names the attack that it stops. What does not hold is a RefusedError (exit code 1),
what is no signed report at all an InputError (2).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

from defcore.attest import dsse
from defcore.attest import public as pub
from defcore.attest import statement as st
from defcore.attest.canonical import printable, sha256_hex
from defcore.attest.dsse import HINT
from defcore.attest.intoto import read_payload
from defcore.attest.sign import check_filled, rescore
from defcore.attest.stamp import read_stamp
from defcore.errors import InputError, RefusedError
from defcore.guideline import load_bytes
from defcore.score import Interop, Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.attest.keys import PublicKey
    from defcore.guideline.model import GuidelineFile
    from defcore.score import KnownGuideline, Scorecard

LEEWAY = dt.timedelta(minutes=10)
"""How far two honest clocks may be apart."""


MODELS: dict[str, type[st.Statement | pub.PublicStatement]] = {
    st.PREDICATE_TYPE: st.Statement,
    pub.PREDICATE_TYPE: pub.PublicStatement,
}


@dataclass(frozen=True, slots=True)
class Verification:
    """A report whose claims hold.

    ``card`` is scored again from the report's own results, its ``mark`` with the guidelines that the signer named;
    ``mark`` is the mark by the guidelines known to the verifier. Of a public report both come from the passes alone:
    what is not ``pass`` or ``eligible`` there is not shown, and no more. ``guideline_known``: the verifier holds the
    very same guideline. ``digest`` is the sha256 of the report's bytes.
    """

    digest: str
    signers: tuple[str, ...]
    statement: st.Statement | pub.PublicStatement
    source: GuidelineFile
    card: Scorecard
    mark: Mark
    guideline_known: bool

    @property
    def public(self) -> bool:
        """Whether it is a public report: passes only."""
        return isinstance(self.statement, pub.PublicStatement)

    @property
    def full_digest(self) -> str:
        """The sha256 of the full report: its own, or the one that the public report cites."""
        if isinstance(self.statement, pub.PublicStatement):
            return self.statement.predicate.report.sha256
        return self.digest


def verify(
    data: bytes,
    keys: Sequence[PublicKey],
    *,
    file: str = "report",
    known: Sequence[KnownGuideline] = (),
    now: dt.datetime | None = None,
) -> Verification:
    """Check the bytes of a report, full or public, against the keys that the caller trusts; return what holds.

    ``known`` are the guidelines that the caller holds: they decide whether the embedded one is genuine. ``now`` (with
    a time zone) catches reports from the future. Raises RefusedError or InputError, one line, naming ``file``.
    """
    envelope = dsse.parse(data, file)
    signers = dsse.check_signatures(envelope, keys, file)
    statement = read_payload(envelope.payload, file, MODELS)
    predicate = statement.predicate
    check_times(predicate, now, file)
    source = check_guideline(predicate, file)
    genuine = check_genuine(source, known, file)
    check_subject(statement, file)
    check_product(predicate, file)
    check_level(predicate, file)
    if isinstance(predicate, st.Predicate):
        check_results(predicate, source, file)
        check_findings(predicate, file)
        check_evidence(predicate, file)
        card = check_verdict(predicate, source, file)
    else:
        check_passed(predicate, source, file)
        card = check_shown(predicate, source, file)
    here = rescore(source, predicate, known)
    return Verification(sha256_hex(data), signers, statement, source, card, here.mark, genuine)


def require(verification: Verification, word: str, file: str = "report") -> None:
    """Refuse a report that does not show ``pass`` (interop) or ``eligible`` (mark as well), by a guideline held here.

    Attack: an easier guideline of the vendor's own making.
    """
    guideline = printable(verification.card.guideline)
    if not verification.guideline_known:
        raise RefusedError(
            "guideline-unknown",
            f"holds under guideline {guideline}, which is not among those held here",
            where=file,
            hint="give the guideline that you trust with --guideline FILE",
        )
    shown = {"pass": verification.card.interop is Interop.PASS, "eligible": verification.mark is Mark.ELIGIBLE}
    if not shown[word]:
        verdicts = f"interop {verification.card.interop.value}, mark {verification.mark.value}"
        raise RefusedError("not-shown", f"does not show {word}: {verdicts}", where=file)


def check_times(predicate: st.Claim, now: dt.datetime | None, file: str) -> None:
    """Refuse times out of order or in the future (attack: a report dated ahead hides every later one)."""
    try:
        started = read_stamp(predicate.run.started)
        ended = read_stamp(predicate.run.ended or predicate.run.started)
        issued = read_stamp(predicate.issued_at)
    except InputError as error:
        _refuse("bad-time", f"holds a time that does not exist: {error.what}", file)
    if not started <= ended <= issued:
        _refuse(
            "time-order", "says that it was issued before its run ended, or that the run ended before it began", file
        )
    if now is not None and issued > now + LEEWAY:
        raise RefusedError(
            "future",
            f"is dated {predicate.issued_at}, which is yet to come",
            where=file,
            hint="is this machine's clock right?",
        )
    if predicate.run.complete and predicate.run.ended is None:
        _refuse("run-end", "says that its run was complete, and does not say when it ended", file)


# Thousands of reports rest on one guideline, and reading it takes half of the time in which one is verified.
_load = lru_cache(maxsize=4)(load_bytes)


def check_guideline(predicate: st.Claim, file: str) -> GuidelineFile:
    """Read the embedded guideline and refuse one that is not what the report calls it (attack: swapped guideline)."""
    ref = predicate.guideline
    content = st.unpack(ref, file)
    if sha256_hex(content) != ref.digest:
        _refuse("guideline-digest", "holds a guideline whose sha256 is not the one that it names", file)
    try:
        source = _load(content, f"{file}, guideline")
    except InputError as error:
        _refuse("bad-guideline", f"holds a guideline that cannot be read: {printable(error.what)}", file)
    if (source.guideline.id, source.guideline.source) != (ref.id, ref.uri):
        _refuse("guideline-name", f"calls its guideline {printable(ref.id)}, and the guideline does not", file)
    return source


def check_genuine(source: GuidelineFile, known: Sequence[KnownGuideline], file: str) -> bool:
    """Tell whether the verifier holds the embedded guideline, byte for byte.

    Refuse one that goes by the id of another (attack: an easier guideline with the same tests).
    """
    same = {item.digest for item in known if item.id == source.guideline.id}
    if same and source.provenance.digest not in same:
        raise RefusedError(
            "guideline-swapped",
            f"was scored with a guideline {printable(source.guideline.id)} that is not the one held here",
            where=file,
            hint="if you trust that other text, give it with --guideline FILE",
        )
    return bool(same)


def check_subject(statement: st.Statement | pub.PublicStatement, file: str) -> None:
    """Refuse a subject that is not the target described (attack: swapped target)."""
    (subject,) = statement.subject
    target = statement.predicate.target
    if (subject.name, subject.digest.sha256) != (target.name(), target.digest()):
        _refuse("subject", "is about another target than the one that it describes", file)


def check_product(predicate: st.Claim, file: str) -> None:
    """Refuse a product that is not the target, or that is not described (attack: swapped target)."""
    target, product = predicate.target, predicate.product
    if (target.vendor, target.product, target.version) != (product.vendor, product.product, product.version):
        _refuse("product", "describes another product than the one that was tested", file)
    try:
        check_filled(product)
    except InputError as error:
        _refuse(error.code, printable(error.what), file)


def check_results(predicate: st.Predicate, source: GuidelineFile, file: str) -> None:
    """Refuse anything but every test of the guideline exactly once (attack: omitted, duplicated, invented tests)."""
    wanted = {test.id: test.name for test in st.guideline_tests(source.guideline)}
    found: set[str] = set()
    for item in predicate.results:
        if item.id in found:
            _refuse("double-test", f"holds two results for test {item.id}", file)
        if wanted.get(item.id) != item.name:
            name = printable(item.name)
            _refuse(
                "invented-test", f"holds a result for test {item.id} ({name}), which its guideline does not have", file
            )
        absent = (item.implementation, item.revision) == (None, None)
        if absent != (item.matched is None) or (absent and (item.outcome.value, item.reason) != ("not_run", None)):
            _refuse("invented-outcome", f"gives test {item.id} an outcome that no run gave it", file)
        found.add(item.id)
    missing = [test_id for test_id in wanted if test_id not in found]
    if missing:
        _refuse("omitted-test", f"leaves out {len(missing)} tests of its guideline, {missing[0]} among them", file)
    if [item.id for item in predicate.results] != list(wanted):
        _refuse("test-order", "holds its results in another order than that of its guideline", file)


def check_passed(predicate: pub.PublicPredicate, source: GuidelineFile, file: str) -> None:
    """Refuse passes of anything but tests of the guideline, each at most once (attack: doubled, invented passes)."""
    wanted = {test.id: test.name for test in st.guideline_tests(source.guideline)}
    found = [item.id for item in predicate.passed]
    for item in predicate.passed:
        if wanted.get(item.id) != item.name:
            name = printable(item.name)
            _refuse("invented-pass", f"lists test {item.id} ({name}), which its guideline does not have", file)
    if found != [test_id for test_id in wanted if test_id in set(found)]:
        _refuse("pass-order", "lists a test twice, or in another order than that of its guideline", file)


def check_findings(predicate: st.Predicate, file: str) -> None:
    """Refuse findings about tests that were not tried (attack: a report that seems to say more than its run)."""
    tried = {item.id for item in predicate.results if item.matched is not None}
    for item in predicate.findings:
        if item.test not in tried:
            _refuse("invented-finding", f"holds a finding about test {item.test}, which was not in its run", file)


def check_level(predicate: st.Claim, file: str) -> None:
    """Refuse an assurance level that nothing here can prove (attack: an inflated level)."""
    if predicate.run.level != st.LEVEL:
        _refuse(
            "level", f"claims level {predicate.run.level}, and holds nothing that proves more than {st.LEVEL}", file
        )


def check_evidence(predicate: st.Predicate, file: str) -> None:
    """Refuse a root over nothing, and exchanges without a root (attack: evidence that can never be opened)."""
    if (predicate.evidence.root is None) != (predicate.evidence.leaves == 0):
        _refuse("evidence", "claims a number of exchanges that does not go with its evidence root", file)


def check_verdict(predicate: st.Predicate, source: GuidelineFile, file: str) -> Scorecard:
    """Score the results again and refuse any verdict but the one that follows from them (attack: inflated verdict)."""
    card = _score_again(predicate, source, file)
    capabilities, verdict = st.verdicts_of(card)
    for name, claimed, true in (
        ("interop", predicate.verdict.interop, verdict.interop),
        ("mark", predicate.verdict.mark, verdict.mark),
    ):
        if claimed is not true:
            _refuse("verdict", f"claims {name} {claimed.value}; scored again, its results give {true.value}", file)
    if predicate.verdict.reasons != verdict.reasons:
        _refuse("reasons", "gives reasons for its verdict that do not follow from its results", file)
    if predicate.capabilities != capabilities:
        _refuse("capabilities", "claims capability verdicts that do not follow from its results", file)
    return card


def check_shown(predicate: pub.PublicPredicate, source: GuidelineFile, file: str) -> Scorecard:
    """Score the passes again and refuse anything but what they show (attack: a pass that the passes do not give)."""
    card = _score_again(predicate, source, file)
    if predicate.shown != pub.shown_by(card):
        _refuse("shown", "claims to show something else than what its passes show", file)
    return card


def _score_again(predicate: st.Claim, source: GuidelineFile, file: str) -> Scorecard:
    found = source.guideline.program(predicate.program)
    if found is None or found.key != predicate.program:
        name = printable(predicate.program)
        _refuse("unknown-program", f"is for the program {name}, which its guideline does not have", file)
    return rescore(source, predicate, st.known_of(predicate.guideline))


def _refuse(code: str, what: str, file: str) -> NoReturn:
    raise RefusedError(code, what, where=file, hint=HINT)
