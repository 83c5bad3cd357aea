"""A verification in plain words: what is proved, what is only claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.attest.canonical import printable
from defcore.score import scorecard_json

if TYPE_CHECKING:
    from defcore.attest.verify import Verification


def proved(verification: Verification) -> tuple[str, ...]:
    """Say what the check itself has shown."""
    predicate, card = verification.statement.predicate, verification.card
    found = [
        f"signed with the key {' and '.join(verification.signers)}; not a byte was changed since",
        f"it holds one result for each of the {len(predicate.results)} tests of its guideline, none left out or added",
        f"scored again for {card.date}, these results give the verdicts that it states",
    ]
    if verification.guideline_known:
        found.append(f"its guideline {card.guideline} is the one held here, byte for byte")
    return tuple(map(printable, found))


def claimed(verification: Verification) -> tuple[str, ...]:
    """Say what rests on the signer's word alone, the most important first."""
    predicate, card = verification.statement.predicate, verification.card
    run = predicate.run
    ended = run.ended or "an unknown time"
    found = [
        f"that these endpoints gave these results (level {run.level}: a self-test that nobody else watched)",
        f"that the key belongs to {predicate.product.vendor}",
        f"that the run took place from {run.started} to {ended}, and was signed at {predicate.issued_at}",
        "the description of the product, its configuration and its declarations",
    ]
    if not verification.guideline_known:
        name, digest = card.guideline, card.guideline_digest
        found.insert(0, f"that this is guideline {name}: none by that id is held here (sha256 {digest})")
    if verification.mark is not card.mark:
        theirs, ours = card.mark.value, verification.mark.value
        found.insert(0, f"the mark {theirs}, by the guidelines that the signer names; by those held here it is {ours}")
    return tuple(map(printable, found))


def limits(verification: Verification) -> tuple[str, ...]:
    """Say what the report itself admits about its run."""
    run = verification.statement.predicate.run
    found = []
    if run.partial:
        found.append(f"the run was of a subset of the tests only: {run.selection or 'it does not say which'}")
    if not run.complete:
        found.append("the run was cut off before its end")
    return tuple(map(printable, found))


def verification_json(verification: Verification) -> dict[str, Any]:
    """Return the JSON value of ``defcore verify --format json``.

    ``mark`` is the mark by the guidelines known to the verifier, ``scorecard.mark`` that by those known to the signer.
    """
    predicate, card = verification.statement.predicate, verification.card
    return {
        "format": "defcore-verification/1",
        "report_digest": verification.digest,
        "signers": list(verification.signers),
        "target": predicate.target.model_dump(mode="json"),
        "product": predicate.product.model_dump(mode="json"),
        "guideline": card.guideline,
        "guideline_digest": card.guideline_digest,
        "guideline_known": verification.guideline_known,
        "program": card.program,
        "interop": card.interop.value,
        "mark": verification.mark.value,
        "level": predicate.run.level,
        "label": card.label,
        "run": predicate.run.model_dump(mode="json"),
        "issued_at": predicate.issued_at,
        "proved": list(proved(verification)),
        "claimed": list(claimed(verification)),
        "limits": list(limits(verification)),
        "scorecard": scorecard_json(card),
    }


def verification_text(verification: Verification) -> str:
    """Return the same for people; nothing that the report's author wrote can act on a terminal."""
    predicate, card = verification.statement.predicate, verification.card
    target = predicate.target
    rows = [
        ("report", f"sha256 {verification.digest}"),
        ("product", f"{target.name()}, release {predicate.product.release}"),
        ("guideline", f"{card.guideline} ({card.guideline_status}), program {card.program}"),
        ("tests", f"{card.tests.passed} of {card.tests.required} required passed"),
        ("interop", card.interop.value),
        ("mark", verification.mark.value),
        ("level", f"{predicate.run.level}: {card.label}"),
    ]
    lines = ["The report holds: its signature is good and its verdicts follow from its results.", ""]
    lines += [f"{name:<10} {printable(value)}" for name, value in rows]
    for title, items in (
        ("Proved", proved(verification)),
        ("Only claimed", claimed(verification)),
        ("What it admits", limits(verification)),
        ("Why", tuple(printable(f"{item.about}: {item.message}") for item in card.reasons)),
    ):
        if items:
            lines += ["", title, *(f"  - {item}" for item in items)]
    return "\n".join(lines) + "\n"
