"""The report that may be published: the tests that passed, and no word of the others (process 2016A, C4.3 to C4.5).

It is made from the full report and names its sha256, so that whoever holds both can tell that they belong together.
Alone it proves what passes prove: a test that is not in it failed, was not run or does not exist, and nobody can
tell which. So it states a verdict only where the passes alone give it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from defcore.attest import statement as st
from defcore.attest.intoto import InToto, wrap
from defcore.errors import InputError, RefusedError
from defcore.run.record import Digest, Outcome, TestId, TestResult, Wire
from defcore.score import Interop, Mark

if TYPE_CHECKING:
    from defcore.attest.verify import Verification
    from defcore.score import Scorecard

PREDICATE_TYPE = "urn:defcore:public-report:v1"


class Passed(Wire):
    """A test of the guideline that passed, and how it was found in the run."""

    id: TestId
    name: str
    implementation: str
    revision: int = Field(ge=1)
    matched: Literal["id", "name", "alias"]


class Shown(Wire):
    """What the passes alone show. Null means not shown, whatever the reason is."""

    interop: Literal["pass"] | None
    mark: Literal["eligible"] | None
    capabilities: tuple[str, ...]


class ReportRef(Wire):
    """The full report: the sha256 of its file, as ``sha256sum`` prints it."""

    sha256: Digest


class PublicPredicate(st.Claim):
    """A public report."""

    passed: tuple[Passed, ...]
    shown: Shown
    report: ReportRef

    def outcomes(self) -> tuple[TestResult, ...]:
        """Return the passes as results."""
        return tuple(
            TestResult(id=item.id, name=item.name, outcome=Outcome.PASSED, implementation=item.implementation)
            for item in self.passed
        )


class PublicStatement(InToto):
    """The statement of a public report."""

    predicateType: Literal["urn:defcore:public-report:v1"]  # noqa: N815 - in-toto's own spelling
    predicate: PublicPredicate


def passes_of(full: st.Predicate, digest: str) -> PublicPredicate:
    """Take from a full report whose file has this sha256 what may be published; what it shows is still left open."""
    passed = tuple(
        Passed.model_validate(item.model_dump(include=set(Passed.model_fields)))
        for item in full.results
        if item.outcome is Outcome.PASSED
    )
    common = {name: getattr(full, name) for name in st.Claim.model_fields}
    nothing = Shown(interop=None, mark=None, capabilities=())
    return PublicPredicate(**common, passed=passed, shown=nothing, report=ReportRef(sha256=digest))


def shown_by(card: Scorecard) -> Shown:
    """Say what a scorecard of passes alone shows."""
    return Shown(
        interop="pass" if card.interop is Interop.PASS else None,
        mark="eligible" if card.mark is Mark.ELIGIBLE else None,
        capabilities=tuple(item.name for item in card.capabilities if item.verdict is Interop.PASS),
    )


def make_public(predicate: PublicPredicate, card: Scorecard) -> PublicStatement:
    """Build the statement, with what the passes show according to their scorecard."""
    target = predicate.target
    complete = predicate.model_copy(update={"shown": shown_by(card)})
    return PublicStatement.model_validate(wrap(target.name(), target.digest(), PREDICATE_TYPE, complete))


def check_pair(public: Verification, full: Verification, file: str) -> None:
    """Refuse a public report that is not exactly what the full one gives; both are verified already.

    Attack: a public report that lists a pass which the full one, submitted, does not have.
    """
    ours, theirs = public.statement, full.statement
    if not isinstance(ours, PublicStatement) or not isinstance(theirs, st.Statement):
        what = "cannot be compared: one public and one full report are wanted"
        raise InputError("no-pair", what, where=file, hint="give the public report first, and the full one with --full")
    if ours.predicate.report.sha256 != full.digest:
        raise RefusedError("other-report", f"cites another full report than that of sha256 {full.digest}", where=file)
    wanted = passes_of(theirs.predicate, full.digest).model_copy(update={"shown": ours.predicate.shown})
    if ours.predicate != wanted:
        raise RefusedError("not-the-passes", "says something else than the full report that it cites", where=file)
