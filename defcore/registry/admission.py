"""Admission: one pure function over the bytes that were handed in and what is known here. No files, no clock.

``defcore.attest.judge`` judges each report and scores it again; the rules that it has no business with (a whole run,
freshness, a description that people can use, nothing twice) stand in ``content`` and here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.attest import acts as authority
from defcore.attest import chain
from defcore.attest.acts import Act, Admission, Decision
from defcore.attest.bundle import Parts
from defcore.attest.canonical import printable
from defcore.attest.judge import judge
from defcore.attest.public import check_pair
from defcore.attest.stamp import read_stamp
from defcore.errors import DefcoreError, InputError
from defcore.registry import content
from defcore.registry.examine import Glance, attempt, examine, glance, peek
from defcore.registry.model import Entry, Finding, Verdict
from defcore.registry.names import place
from defcore.score import KnownGuideline

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from defcore.attest.judge import Judgement
    from defcore.attest.statement import Claim
    from defcore.registry.model import Known, Submission

FULL, PUBLIC = "report.dsse.json", "report.public.dsse.json"
"""What the two reports are called wherever they lie; findings name them so."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One report of the two, as far as it could be read."""

    file: str
    said: Glance
    claim: Claim
    judged: Judgement | None


def admit(submission: Submission, known: Known, now: dt.datetime, *, new: bool = True) -> Verdict:
    """Judge a submission by every rule; return all findings at once, and the entry that it would become.

    ``now`` has a time zone. ``new``: it is handed in now, so it must be fresh; what was admitted long ago need not be.
    Nothing is raised for bad input, whatever the bytes are.
    """
    findings: list[Finding] = []
    acts = _acts(submission, known, findings)
    _compare_trust(submission, known, findings)
    if submission.full is None and submission.public is None:
        return Verdict(tuple(findings), acts=acts)
    every = {item.digest: item for item in (*known.acts, *acts)}
    full = _read(FULL, submission.full, known, list(every.values()), now, findings)
    public = _read(PUBLIC, submission.public, known, list(every.values()), now, findings)
    if submission.public is None:
        findings.append(Finding("public", PUBLIC, "is not there"))
    if submission.full is None:
        findings.append(Finding("full", FULL, "was not looked at"))
    if full and public and full.judged and public.judged:
        ours, theirs = public.judged.report, full.judged.report
        attempt("pair", lambda: check_pair(ours, theirs, PUBLIC), PUBLIC, findings)
    # The full report says more; where it cannot be read, the public one must do.
    read = full or public
    if read is None:
        return Verdict(tuple(_once(findings)), acts=acts)
    entry = _entry(read.said)
    claim, file = read.claim, read.file
    findings += content.complete(claim, file)
    findings += content.prompt(claim, known.settings.fresh_days, now if new else None, file)
    findings += content.filled(claim.product, file)
    findings += content.plain(claim, file)
    if source := known.guidelines.get(claim.guideline.digest):
        findings += content.described(claim, source, file)
        findings += content.modest(claim, source, file)
    findings += _admitted(claim, every.values(), now if new else None, file)
    findings += _replayed(entry, known, file)
    there = next((item.place for item in known.seen.by_digest(entry.digest)), None)
    return Verdict(tuple(_once(findings)), entry, _judged(public), _judged(full), acts=acts, there=there)


def relevant(said: Glance, acts: Sequence[Decision]) -> list[Decision]:
    """Return the acts that bear on a report, in the order of their digests."""
    awards = {
        item.digest
        for item in acts
        if item.act is Act.AWARD and item.predicate.inputAttestations[0].digest.sha256 == said.digest
    }
    rests = {one.digest.sha256 for item in acts if item.digest in awards for one in item.predicate.inputAttestations}

    def bears(item: Decision) -> bool:
        if item.act is Act.APPROVE:
            return item.subject[1] == said.guideline_digest or item.digest in rests
        if item.act is Act.ADMIT:
            return bool(item.predicate.vendor == said.vendor)
        return item.digest in awards or (item.act is Act.REVOKE and item.predicate.terms.award in awards)

    return sorted(filter(bears, acts), key=lambda item: item.digest)


def entry_of(submission: Submission) -> Entry | None:
    """Return what a submission says that it is, whoever signed it; None when it cannot be read. Nothing is judged."""
    for file, data in ((PUBLIC, submission.public), (FULL, submission.full)):
        said = glance(data, file) if data is not None else None
        if said is not None:
            return _entry(said)
    return None


def judged(data: bytes, said: Glance, known: Known, acts: Sequence[Decision], now: dt.datetime) -> Judgement:
    """Judge one report with the acts that bear on it. Raises InputError, RefusedError."""
    return judge(
        Parts(data, (), tuple(item.data for item in relevant(said, acts))),
        known.trust,
        at=now,
        known=[KnownGuideline.of(item) for item in known.guidelines.values()],
        file=PUBLIC if said.public else FULL,
    )


def _read(
    file: str,
    data: bytes | None,
    known: Known,
    acts: Sequence[Decision],
    now: dt.datetime,
    findings: list[Finding],
) -> _Read | None:
    """Read and judge one report; everything wrong with it becomes a finding."""
    if data is None:
        return None
    said = glance(data, file)
    if said is None or said.guideline_digest not in known.guidelines:
        return _unjudged(file, data, known, now, findings)
    if said.public != (file == PUBLIC):
        findings.append(Finding("readable", file, f"is the {'public' if said.public else 'full'} report"))
        return None
    try:
        found = judged(data, said, known, acts, now)
    except DefcoreError as error:
        count = len(findings)
        read = _unjudged(file, data, known, now, findings)
        if len(findings) == count:
            # What the verifier's own checks do not explain is about the acts that bear on it.
            findings.append(Finding("acts", file, error.what))
        return read
    if not found.report.guideline_known:
        findings.append(Finding("guideline", file, "its guideline is not known on this day"))
    return _Read(file, said, found.report.statement.predicate, found)


def _unjudged(file: str, data: bytes, known: Known, now: dt.datetime, findings: list[Finding]) -> _Read | None:
    """Collect all that is wrong with a report that does not hold."""
    statement, said = peek(data, file, findings), glance(data, file)
    if statement is None or said is None:
        return None
    if said.guideline_digest not in known.guidelines:
        what = f"guideline {printable(said.guideline)} of sha256 {said.guideline_digest} is not known here"
        findings.append(Finding("guideline", file, what))
    findings += examine(data, statement, known, now, file)
    return _Read(file, said, statement.predicate, None)


def _judged(read: _Read | None) -> Judgement | None:
    return read.judged if read else None


def _entry(said: Glance) -> Entry:
    return Entry(
        place=place(said.vendor, said.product, said.guideline, said.issued_at, said.digest),
        digest=said.digest,
        vendor=said.vendor,
        product=said.product,
        version=said.version,
        guideline=said.guideline,
        guideline_digest=said.guideline_digest,
        program=said.program,
        run=said.run,
        target=said.target,
    )


def _acts(submission: Submission, known: Known, findings: list[Finding]) -> tuple[Decision, ...]:
    found = {}
    for number, data in enumerate(submission.acts, start=1):
        file = f"act {number}"
        act = attempt("acts", lambda data=data, file=file: authority.read(data, known.trust, file), file, findings)  # type: ignore[misc]
        if act is not None:
            found[act.digest] = act
    return tuple(found.values())


def _compare_trust(submission: Submission, known: Known, findings: list[Finding]) -> None:
    """Refuse another history of the trust policy than the registry's; tell of a newer one, which is not taken over."""
    if not submission.trust:
        return
    file = "trust policy"
    theirs = attempt("trust", lambda: chain.read(submission.trust, file, known.trust.pin), file, findings)
    if theirs is None or attempt("trust", lambda: chain.newer(known.trust, theirs, file), file, findings) is None:
        return
    if len(theirs.versions) > len(known.trust.versions):
        what = f"has version {theirs.latest.version}, and the registry {known.trust.latest.version}"
        findings.append(Finding("newer", file, what))


def _admitted(claim: Claim, acts: Iterable[Decision], now: dt.datetime | None, file: str) -> Iterator[Finding]:
    """Hold back what comes from a vendor that is not admitted; what is here already (no ``now``) stays honest history.

    For that it is enough that the vendor was admitted at some time after the report was signed.
    """
    vendor = claim.product.vendor
    ours = [
        item.predicate for item in acts if isinstance(item.predicate, Admission) and item.predicate.vendor == vendor
    ]
    try:
        moment = now or read_stamp(claim.issued_at)
    except InputError:
        return
    lasting = [item for item in ours if item.until is None or moment < read_stamp(item.until)]
    if not [item for item in lasting if now is None or read_stamp(item.since) <= now]:
        word = "has ended or is yet to begin" if ours else "is not here"
        yield Finding("vendor", file, f"the admission of {printable(vendor)} {word}")


def _replayed(entry: Entry, known: Known, file: str) -> Iterator[Finding]:
    for item in known.seen.by_run(entry.run):
        if item.digest == entry.digest:
            continue
        if (item.target, item.version) != (entry.target, entry.version):
            yield Finding("once", file, f"its run stands in the report of another product, {item.place}")
        elif (item.guideline_digest, item.program) == (entry.guideline_digest, entry.program):
            yield Finding("once", file, f"its run stands in another report, {item.place}")


def _once(findings: list[Finding]) -> dict[Finding, None]:
    # What is wrong with the description is wrong in both reports: said once.
    return dict.fromkeys(findings)
