"""Whether a product may carry the mark: the interop verdict and five conditions more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.guideline.model import State, Status
from defcore.score.model import Interop, Mark, Reason
from defcore.score.product import Containment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defcore.guideline.model import ComponentRef, Guideline, GuidelineFile, Program
    from defcore.score.product import Product

LATEST = 2
"""Only the two latest approved guidelines count (process C6)."""


@dataclass(frozen=True, slots=True)
class KnownGuideline:
    """A guideline that exists: enough to say which are the latest approved ones."""

    id: str
    status: Status
    digest: str

    @classmethod
    def of(cls, source: GuidelineFile) -> KnownGuideline:
        """Take what matters from a guideline file."""
        return cls(source.guideline.id, source.guideline.status, source.provenance.digest)


def judge_mark(
    guideline: Guideline,
    program: Program,
    interop: Interop,
    product: Product | None,
    known: Sequence[KnownGuideline],
    *,
    digest: str,
) -> tuple[Mark, tuple[Reason, ...]]:
    """Return the mark verdict with every reason. A known no outweighs an unknown; all yes is ``eligible``.

    The mark needs: interop ``pass``; an approved guideline, one of the two latest (C6); a release that the guideline
    lists (D1.4); every required designated section contained (D3.1); of an add-on, the components of its host too.
    """
    findings = [
        *_interop(interop),
        *_host(guideline, program),
        *_standing(guideline, known, digest),
        *_release(guideline, product),
        *_sections(guideline, program, product),
    ]
    reasons = tuple(Reason("mark", code, message) for _, code, message in findings)
    verdicts = {verdict for verdict, _, _ in findings}
    for verdict in (Mark.NOT_ELIGIBLE, Mark.UNDETERMINED):
        if verdict in verdicts:
            return verdict, reasons
    return Mark.ELIGIBLE, (Reason("mark", "all-met", "every condition for the mark is met"),)


_Found = tuple[Mark, str, str]


def _interop(interop: Interop) -> Iterator[_Found]:
    if interop is Interop.FAIL:
        yield Mark.NOT_ELIGIBLE, "interop-fail", "the interop verdict is fail"
    elif interop is Interop.UNTESTED:
        yield Mark.UNDETERMINED, "interop-untested", "the interop verdict is untested"


def elsewhere(guideline: Guideline, refs: Sequence[ComponentRef]) -> tuple[str, ...]:
    """Name the components among ``refs`` that the guideline's file does not define, so that they cannot be scored."""
    return tuple(item.name for item in refs if guideline.component(item.name) is None)


def _host(guideline: Guideline, program: Program) -> Iterator[_Found]:
    for name in elsewhere(guideline, program.required_platform_components):
        message = f"component {name} of the host platform is defined in another file and was not scored"
        yield Mark.UNDETERMINED, "host-not-scored", message


def _standing(guideline: Guideline, known: Sequence[KnownGuideline], digest: str) -> Iterator[_Found]:
    status = guideline.status
    if status is Status.SUPERSEDED:
        yield Mark.NOT_ELIGIBLE, "superseded", f"guideline {guideline.id} is superseded"
    elif status is not Status.APPROVED:
        standing = "is a draft" if status is Status.DRAFT else f"has the status {status.value}"
        yield Mark.UNDETERMINED, "not-approved", f"guideline {guideline.id} {standing}, nobody has approved it"
    else:
        approved = sorted({item.id for item in known if item.status is Status.APPROVED})
        other = {item.digest for item in known if item.id == guideline.id} - {digest}
        if other:
            yield Mark.UNDETERMINED, "other-bytes", f"this is not the guideline {guideline.id} that is known by that id"
        elif guideline.id not in approved:
            yield (
                Mark.UNDETERMINED,
                "not-known",
                f"guideline {guideline.id} is not among the approved guidelines known here",
            )
        elif guideline.id not in approved[-LATEST:]:
            latest = " and ".join(approved[-LATEST:])
            yield Mark.NOT_ELIGIBLE, "too-old", f"only {latest} count now, the two latest approved guidelines"


def _release(guideline: Guideline, product: Product | None) -> Iterator[_Found]:
    if product is None:
        yield Mark.UNDETERMINED, "no-product", "no product is described (defcore product init)"
    elif product.release.strip().lower() not in {item.lower() for item in guideline.releases}:
        names = ", ".join(guideline.releases)
        message = f"release {product.release!r} is not one that the guideline covers ({names})"
        yield Mark.NOT_ELIGIBLE, "release-not-covered", message


def required_sections(guideline: Guideline, program: Program) -> tuple[str, ...]:
    """Name the projects whose designated sections a program requires, in the order of its components."""
    wanted: dict[str, None] = {}
    for ref in (*program.components, *program.required_platform_components):
        component = guideline.component(ref.name)
        for state, names in component.designated_sections if component else ():
            if state is State.REQUIRED:
                wanted.update(dict.fromkeys(names))
    return tuple(wanted)


def _sections(guideline: Guideline, program: Program, product: Product | None) -> Iterator[_Found]:
    if product is None:
        return
    for section in required_sections(guideline, program):
        words = [item.containment for item in product.declarations if item.section == section]
        if not words:
            yield Mark.UNDETERMINED, "section-undeclared", f"nothing is declared about the designated section {section}"
        for word in words:
            if word is not Containment.CONTAINED:
                yield Mark.NOT_ELIGIBLE, "section-not-contained", f"designated section {section} is {word.value}"
