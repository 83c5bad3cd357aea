"""A verification in plain words: what is proved, what is only claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.attest import statement as st
from defcore.attest.canonical import printable
from defcore.score import Interop, Mark, scorecard_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.attest.disclosure import Disclosed
    from defcore.attest.verify import Verification

NOT_SHOWN = "not shown"
"""The verdict of a public report whose passes do not give one."""


def proved(verification: Verification, *, paired: bool = False, opened: Sequence[Disclosed] = ()) -> tuple[str, ...]:
    """Say what the check itself has shown.

    ``paired``: a public report was compared with its full one. ``opened``: the disclosures that were checked.
    """
    predicate, card = verification.statement.predicate, verification.card
    found = [f"signed with the key {' and '.join(verification.signers)}; not a byte was changed since"]
    if isinstance(predicate, st.Predicate):
        found += [
            f"it holds one result for each of the {len(predicate.results)} tests of its guideline, none is left out",
            f"scored again for {card.date}, these results give the verdicts that it states",
        ]
    else:
        tests, required = len(predicate.passed), card.tests.required
        found += [
            f"the tests that it lists as passed ({tests}) are all tests of its guideline",
            f"{card.tests.passed} of the {required} required tests are among them"
            + (": scored again, they alone give the pass" if card.interop is Interop.PASS else ""),
        ]
    if paired:
        found.append(
            "it says exactly what the full report gives that it cites, with nothing added and no pass left out"
        )
    if verification.guideline_known:
        found.append(f"its guideline {card.guideline} is the one held here, byte for byte")
    found += [
        f"the {item.exchanges} exchanges opened are those of test {item.name}, in the evidence of this report;"
        f" the report calls the test {item.outcome.value}"
        for item in opened
    ]
    return tuple(map(printable, found))


def claimed(verification: Verification, *, paired: bool = False, signer: str | None = None) -> tuple[str, ...]:
    """Say what rests on the signer's word alone, the most important first; ``paired`` as in ``proved``.

    ``signer``: who that is, in words, if a trust policy says so; without one, that is a claim too.
    """
    predicate, card = verification.statement.predicate, verification.card
    run = predicate.run
    ended = run.ended or "an unknown time"
    watched = f"tested by {signer}, and nobody else watched" if signer else "a self-test that nobody else watched"
    found = [
        f"that these endpoints gave these results (level {run.level}: {watched})",
        *([] if signer else [f"that the key belongs to {predicate.product.vendor}"]),
        f"that the run took place from {run.started} to {ended}, and was signed at {predicate.issued_at}",
        "the description of the product, its configuration and its declarations",
    ]
    if isinstance(predicate, st.Predicate) and predicate.evidence.root:
        found.append(
            f"that its evidence, {predicate.evidence.leaves} exchanges, shows these results, unless it is opened"
        )
    if verification.public and not paired:
        found.append(
            f"that the full report (sha256 {verification.full_digest}) gave these passes, unless it is compared"
        )
    if not verification.guideline_known:
        name, digest = card.guideline, card.guideline_digest
        found.insert(0, f"that this is guideline {name}: none by that id is held here (sha256 {digest})")
    if _mark(verification, card.mark) != _mark(verification, verification.mark):
        theirs, ours = _mark(verification, card.mark), _mark(verification, verification.mark)
        found.insert(0, f"the mark {theirs}, by the guidelines that the signer names; by those held here it is {ours}")
    return tuple(map(printable, found))


def limits(verification: Verification) -> tuple[str, ...]:
    """Say what the report itself admits about its run, and what a report of its kind cannot say."""
    predicate = verification.statement.predicate
    run = predicate.run
    found = []
    if run.partial:
        found.append(f"the run was of a subset of the tests only: {run.selection or 'it does not say which'}")
    if not run.complete:
        found.append("the run was cut off before its end")
    makers = {item.implementation for item in predicate.outcomes() if item.implementation != "native"}
    if makers:
        found.append(f"its tests were not those of defcore but {', '.join(sorted(makers))}'s: {run.selection}")
    if not isinstance(predicate, st.Predicate):
        found.append(
            "it is a public report and lists passes only: a test that is not in it failed, was skipped or was not run,"
            " and it does not say which"
        )
    else:
        if predicate.evidence.root is None:
            found.append("it carries no evidence: no exchange of its run can ever be shown to belong to it")
        found += [f"{item.kind}, test {item.test}: {item.message}" for item in predicate.findings]
    return tuple(map(printable, found))


def verification_json(
    verification: Verification, *, paired: bool = False, opened: Sequence[Disclosed] = ()
) -> dict[str, Any]:
    """Return the JSON value of ``defcore verify --format json``.

    ``mark`` is the mark by the guidelines known to the verifier, ``scorecard.mark`` that by those known to the signer.
    In a public report ``interop`` and ``mark`` are null where the passes alone do not show them.
    """
    predicate, card = verification.statement.predicate, verification.card
    interop, mark = _interop(verification), _mark(verification, verification.mark)
    return {
        "format": "defcore-verification/1",
        "kind": "public" if verification.public else "full",
        "report_digest": verification.digest,
        "full_report_digest": verification.full_digest,
        "signers": list(verification.signers),
        "target": predicate.target.model_dump(mode="json"),
        "product": predicate.product.model_dump(mode="json"),
        "guideline": card.guideline,
        "guideline_digest": card.guideline_digest,
        "guideline_known": verification.guideline_known,
        "program": card.program,
        "interop": None if interop == NOT_SHOWN else interop,
        "mark": None if mark == NOT_SHOWN else mark,
        "level": predicate.run.level,
        "label": card.label,
        "run": predicate.run.model_dump(mode="json"),
        "issued_at": predicate.issued_at,
        "evidence": predicate.evidence.model_dump(mode="json") if isinstance(predicate, st.Predicate) else None,
        "proved": list(proved(verification, paired=paired, opened=opened)),
        "claimed": list(claimed(verification, paired=paired)),
        "limits": list(limits(verification)),
        "scorecard": None if verification.public else scorecard_json(card),
    }


def verification_text(verification: Verification, *, paired: bool = False, opened: Sequence[Disclosed] = ()) -> str:
    """Return the same for people; nothing that the report's author wrote can act on a terminal."""
    kind = "public report" if verification.public else "report"
    lines = [f"The {kind} holds: its signature is good and its verdicts follow from its results.", ""]
    lines += [f"{name:<10} {printable(value)}" for name, value in rows(verification)]
    for title, items in (
        ("Proved", proved(verification, paired=paired, opened=opened)),
        ("Only claimed", claimed(verification, paired=paired)),
        ("What it admits", limits(verification)),
        ("Why", reasons(verification)),
    ):
        if items:
            lines += ["", title, *(f"  - {item}" for item in items)]
    return "\n".join(lines) + "\n"


def rows(verification: Verification) -> tuple[tuple[str, str], ...]:
    """Return what a report is about and what it shows, as names and values."""
    predicate, card = verification.statement.predicate, verification.card
    return (
        ("report", f"sha256 {verification.digest}"),
        ("product", f"{predicate.target.name()}, release {predicate.product.release}"),
        ("guideline", f"{card.guideline} ({card.guideline_status}), program {card.program}"),
        ("tests", f"{card.tests.passed} of {card.tests.required} required passed"),
        ("interop", _interop(verification)),
        ("mark", _mark(verification, verification.mark)),
        ("level", f"{predicate.run.level}: {card.label}"),
    )


def reasons(verification: Verification) -> tuple[str, ...]:
    """Say why the verdicts are what they are; of a public report nothing, since its failures are not in it."""
    found = () if verification.public else verification.card.reasons
    return tuple(printable(f"{item.about}: {item.message}") for item in found)


def _interop(verification: Verification) -> str:
    interop = verification.card.interop
    return NOT_SHOWN if verification.public and interop is not Interop.PASS else interop.value


def _mark(verification: Verification, mark: Mark) -> str:
    return NOT_SHOWN if verification.public and mark is not Mark.ELIGIBLE else mark.value
