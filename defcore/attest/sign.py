"""From a run to its two signed reports. Pure: the caller gives the key and the time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from defcore.attest import dsse, sshsig
from defcore.attest import statement as st
from defcore.attest.canonical import sha256_hex
from defcore.attest.intoto import wrap, write
from defcore.attest.public import make_public, passes_of
from defcore.attest.stamp import read_stamp, write_stamp
from defcore.errors import InputError
from defcore.score import Interop, Mark, score

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from defcore.attest.keys import Signer
    from defcore.guideline.model import GuidelineFile
    from defcore.run.record import RunRecord
    from defcore.score import KnownGuideline, Scorecard
    from defcore.score.product import Product


@dataclass(frozen=True, slots=True)
class Pair:
    """Both reports on one run, signed: the bytes of two files. The public one cites the sha256 of the full one."""

    full: bytes
    public: bytes


def sign_pair(
    source: GuidelineFile,
    run: RunRecord,
    product: Product,
    key: Signer,
    *,
    program: str,
    issued_at: dt.datetime,
    runner_version: str,
    known: Sequence[KnownGuideline] = (),
    evidence: st.Evidence = st.NO_EVIDENCE,
) -> Pair:
    """Sign both reports on one run, scored with one guideline for one program.

    ``issued_at`` has a time zone; its UTC date is the date of the verdict. A partial or unfinished run may be signed:
    the report says so. ``evidence`` is what ``evidence.commit`` made of the run's exchanges. Raises InputError for a
    product with gaps, an unknown program, a run with a test twice, a run that ended after ``issued_at``, and an
    endpoint that carries a secret.
    """
    statement = make_statement(
        source,
        run,
        product,
        program=program,
        issued_at=issued_at,
        runner_version=runner_version,
        known=known,
        evidence=evidence,
    )
    full = dsse.seal(write(statement), [key])
    passes = passes_of(statement.predicate, sha256_hex(full))
    public = make_public(passes, rescore(source, passes, st.known_of(passes.guideline)))
    return Pair(full, dsse.seal(write(public), [key]))


def sshsig_of(report: bytes, key: Signer) -> bytes:
    """Return the armoured SSHSIG over what the envelope's own signatures are over."""
    return sshsig.sign(dsse.pae(dsse.parse(report, "report").payload), key)


def make_statement(
    source: GuidelineFile,
    run: RunRecord,
    product: Product,
    *,
    program: str,
    issued_at: dt.datetime,
    runner_version: str,
    known: Sequence[KnownGuideline] = (),
    evidence: st.Evidence = st.NO_EVIDENCE,
) -> st.Statement:
    """Build the full statement that ``sign_pair`` signs; see there."""
    check_filled(product)
    _check_run(run, issued_at)
    _check_endpoints(run.cloud.catalogue)
    target = st.Target(
        vendor=product.vendor,
        product=product.product,
        version=product.version,
        endpoints=run.cloud.catalogue,
        regions=(run.cloud.region,) if run.cloud.region else (),
    )
    draft = st.Predicate(
        target=target,
        guideline=st.guideline_ref(source, known),
        program=program,
        runner=st.Runner(name="defcore", version=runner_version, suite_digest=run.engine.suite_digest),
        run=st.Run(
            id=run.id,
            started=run.started,
            ended=run.ended,
            level=st.LEVEL,
            partial=run.partial,
            complete=run.complete,
            selection=run.selection,
            void=run.void and run.void[: st.MAX_REASON],
        ),
        product=product,
        results=st.results_of(source.guideline, run),
        capabilities=(),
        verdict=st.Verdict(interop=Interop.UNTESTED, mark=Mark.UNDETERMINED, reasons=()),
        findings=st.findings_of(source.guideline, run),
        evidence=evidence,
        issued_at=write_stamp(issued_at),
    )
    card = rescore(source, draft, st.known_of(draft.guideline))
    capabilities, verdict = st.verdicts_of(card)
    predicate = draft.model_copy(update={"program": card.program, "capabilities": capabilities, "verdict": verdict})
    return st.Statement.model_validate(wrap(target.name(), target.digest(), st.PREDICATE_TYPE, predicate))


def rescore(source: GuidelineFile, claim: st.Claim, known: Sequence[KnownGuideline]) -> Scorecard:
    """Score the results that a report holds on the date of its issue: the signer and the verifier both do this."""
    date = read_stamp(claim.issued_at).date()
    return score(source, [st.run_of(claim)], claim.program, date=date, product=claim.product, known=known)


def check_filled(product: Product) -> None:
    """Refuse a product description with gaps: a report must say what it is about (process C4.5)."""
    if gaps := product.placeholders():
        what = f"the product description is not filled in: {', '.join(gaps)}"
        raise InputError("product-incomplete", what, hint="complete product.json")


def _check_run(run: RunRecord, issued_at: dt.datetime) -> None:
    doubled = [test_id for test_id, count in Counter(item.id for item in run.results).items() if count > 1]
    if doubled:
        raise InputError("double-result", f"run {run.id} holds two results for test {doubled[0]}", hint="run it again")
    started, ended = read_stamp(run.started), read_stamp(run.ended or run.started)
    if started > ended or (run.complete and run.ended is None):
        raise InputError("bad-run-times", f"run {run.id} ended before it began, or never ended", hint="run it again")
    if ended > read_stamp(write_stamp(issued_at)):
        raise InputError(
            "signed-too-early", f"run {run.id} ended after the time of signing", hint="set this machine's clock right"
        )


def _check_endpoints(catalogue: Mapping[str, str]) -> None:
    for service, url in catalogue.items():
        try:
            parts = urlsplit(url)
            plain = parts.username is None and not parts.query and not parts.fragment
        except ValueError:
            plain = False
        if not plain:
            raise InputError(
                "unsafe-endpoint",
                f"the endpoint of {service} is not a plain public URL, so it could give away a secret",
                hint="correct the service catalogue and run again",
            )
