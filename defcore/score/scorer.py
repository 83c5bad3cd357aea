"""The one function that gives verdicts: in the command line, the registry and the offline verifier alike."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from defcore.errors import InputError
from defcore.guideline.find import find_program
from defcore.guideline.model import State
from defcore.run.record import Outcome
from defcore.score.mark import KnownGuideline, elsewhere, judge_mark
from defcore.score.match import BADNESS, Matcher
from defcore.score.model import (
    CapabilityScore,
    Counts,
    Interop,
    Reason,
    Scorecard,
    TestScore,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from defcore.guideline.model import Capability, Guideline, GuidelineFile, Program, Test
    from defcore.run.record import RunRecord, TestResult
    from defcore.score.product import Product

_WRONG = (Outcome.FAILED, Outcome.SKIPPED, Outcome.UNSUPPORTED)


def score(
    source: GuidelineFile,
    runs: Sequence[RunRecord],
    program: str,
    *,
    date: datetime.date,
    product: Product | None = None,
    known: Sequence[KnownGuideline] = (),
) -> Scorecard:
    """Judge ``runs`` (one a region of the product) by one guideline, for one program, on one date.

    Several runs give one verdict, the worst: an outcome is the worst of that test's outcomes in all of them. A program
    with a component that another file defines is never more than ``untested``. ``known`` are the guidelines that exist,
    from which "one of the two latest approved" is judged. Raises InputError for a program that the guideline does not
    have, and for no run at all.
    """
    guideline = source.guideline
    found = find_program(guideline, program)
    if not runs:
        raise InputError("no-run", "there is no run to score", hint="name at least one run directory")
    results = _Results(runs)
    capabilities = tuple(
        _capability(capability, state, results) for capability, state in _capabilities(guideline, found)
    )
    deciding = _deciding(capabilities)
    missing = elsewhere(guideline, found.components)
    interop = interop_of(test.outcome for test in deciding)
    void = [run for run in runs if run.void]
    if void or (missing and interop is Interop.PASS):
        interop = Interop.UNTESTED
    reasons = (
        *(Reason("interop", "void-run", f"run {run.id} is no result: {run.void}") for run in void),
        *_interop_reasons(interop, deciding, capabilities),
        *_component_reasons(missing),
        *_run_reasons(runs),
    )
    mark, mark_reasons = judge_mark(guideline, found, interop, product, known, digest=source.provenance.digest)
    return Scorecard(
        guideline=guideline.id,
        guideline_digest=source.provenance.digest,
        guideline_status=guideline.status.value,
        authority=guideline.authority.name,
        mark_name=guideline.authority.mark,
        label=guideline.authority.label,
        program=found.key,
        program_name=found.name,
        date=date.isoformat(),
        interop=interop,
        mark=mark,
        level="L0",
        reasons=(*reasons, *mark_reasons),
        tests=_counts(deciding, capabilities),
        capabilities=capabilities,
        findings=_findings(source, found, capabilities, results),
    )


def required_tests(guideline: Guideline, program: Program) -> tuple[Test, ...]:
    """Return the unflagged must-pass tests of a program, each id once, in the guideline's order."""
    found: dict[str, Test] = {}
    for capability, state in _capabilities(guideline, program):
        if state is State.REQUIRED:
            for test in capability.tests:
                if test.flag is None:
                    found.setdefault(test.id, test)
    return tuple(found.values())


def outcomes_of(tests: Sequence[Test], run: RunRecord) -> list[Outcome | None]:
    """Find each test in one run exactly as ``score`` does. None: the run does not hold it."""
    results = _Results([run])
    return [match.outcome if match.how else None for match in map(results.find, tests)]


def program_tests(guideline: Guideline, program: Program) -> tuple[tuple[Capability, State], ...]:
    """Return the capabilities that a program tests, each with the strictest state that its components give it."""
    return tuple(_capabilities(guideline, program))


class _Match(NamedTuple):
    outcome: Outcome
    how: str | None
    reason: str | None


class _Results:
    """Finds a test in the runs, and says how."""

    def __init__(self, runs: Sequence[RunRecord]) -> None:
        self._runs = [Matcher(run) for run in runs]
        self.not_by_id: dict[str, str] = {}

    def find(self, test: Test) -> _Match:
        found = [_match(run, test) for run in self._runs]
        if len(found) == 1 and found[0].how == "id":
            return found[0]
        for item in found:
            if item.how in ("name", "alias"):
                self.not_by_id[test.id] = item.how
        return max(found, key=lambda item: BADNESS[item.outcome])


def _match(run: Matcher, test: Test) -> _Match:
    if found := run.find(test):
        result, how = found
        return _Match(result.outcome, how, _reason(result))
    return _Match(Outcome.NOT_RUN, None, "not in the run")


def _reason(result: TestResult) -> str | None:
    if result.reason or not result.attempts:
        return result.reason
    attempt = next((item for item in result.attempts if item.outcome is result.outcome), result.attempts[-1])
    return attempt.reason or (attempt.failure.message if attempt.failure else None)


def _capabilities(guideline: Guideline, program: Program) -> list[tuple[Capability, State]]:
    states: dict[str, State] = {}
    for ref in (*program.components, *program.required_platform_components):
        component = guideline.component(ref.name)
        for state, names in component.capabilities if component else ():
            for name in names:
                states[name] = min(states.get(name, state), state, key=lambda item: item.rank)
    return [
        (capability, states[capability.name])
        for capability in guideline.capabilities
        if capability.name in states and states[capability.name] is not State.REMOVED
    ]


def _capability(capability: Capability, state: State, results: _Results) -> CapabilityScore:
    tests = []
    for test in capability.tests:
        match = results.find(test)
        flagged = test.flag is not None
        tests.append(TestScore(test.id, test.name, match.outcome, flagged, match.how, match.reason))
    verdict = interop_of(test.outcome for test in tests if not test.flagged)
    return CapabilityScore(capability.name, capability.description, state, verdict, tuple(tests))


def interop_of(outcomes: Iterable[Outcome]) -> Interop:
    """Return the verdict that the outcomes of all deciding tests amount to; of none at all it is ``untested``."""
    found = set(outcomes)
    if found == {Outcome.PASSED}:
        return Interop.PASS
    return Interop.UNTESTED if found.isdisjoint(_WRONG) else Interop.FAIL


def _deciding(capabilities: Sequence[CapabilityScore]) -> list[TestScore]:
    tests: dict[str, TestScore] = {}
    for capability in capabilities:
        if capability.status is State.REQUIRED:
            for test in capability.tests:
                if not test.flagged:
                    # Results that know only names may differ between two names of one id: the worse one counts.
                    other = tests.setdefault(test.id, test)
                    if BADNESS[test.outcome] > BADNESS[other.outcome]:
                        tests[test.id] = test
    return list(tests.values())


def _counts(deciding: Sequence[TestScore], capabilities: Sequence[CapabilityScore]) -> Counts:
    outcomes = Counter(test.outcome for test in deciding)
    flagged = {test.id for item in capabilities if item.status is State.REQUIRED for test in item.tests if test.flagged}
    return Counts(
        required=len(deciding),
        flagged=len(flagged - {test.id for test in deciding}),
        **{outcome.value: outcomes[outcome] for outcome in Outcome},
    )


def _interop_reasons(
    interop: Interop, deciding: Sequence[TestScore], capabilities: Sequence[CapabilityScore]
) -> list[Reason]:
    if not deciding:
        return [Reason("interop", "no-required-test", "the program has no required test, so nothing is proved")]
    outcomes = Counter(test.outcome for test in deciding)
    if interop is Interop.PASS:
        return [Reason("interop", "all-passed", f"all {len(deciding)} required tests passed")]
    found = []
    for outcome in (Outcome.FAILED, Outcome.UNSUPPORTED, Outcome.SKIPPED, Outcome.ERROR, Outcome.NOT_RUN):
        if outcomes[outcome]:
            word = outcome.value.replace("_", " ")
            names = sorted(
                {
                    item.name
                    for item in capabilities
                    if item.status is State.REQUIRED
                    and any(test.outcome is outcome and not test.flagged for test in item.tests)
                }
            )
            message = f"{outcomes[outcome]} of {len(deciding)} required tests: {word} ({_some(names)})"
            found.append(Reason("interop", f"tests-{outcome.value.replace('_', '-')}", message))
    return found


def _some(names: Sequence[str], most: int = 3) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def _component_reasons(missing: Sequence[str]) -> list[Reason]:
    return [
        Reason("interop", "component-elsewhere", f"component {name} is defined in another file and was not scored")
        for name in missing
    ]


def _run_reasons(runs: Sequence[RunRecord]) -> list[Reason]:
    found = []
    for run in runs:
        if run.partial:
            which = f": {run.selection}" if run.selection else ""
            found.append(Reason("interop", "partial-run", f"run {run.id} is of a subset only{which}"))
        if not run.complete:
            found.append(Reason("interop", "incomplete-run", f"run {run.id} was cut off before its end"))
    return found


def _findings(
    source: GuidelineFile, program: Program, capabilities: Sequence[CapabilityScore], results: _Results
) -> tuple[str, ...]:
    found = [
        f"capability {item.name} is required, but {why}: untested"
        for item in capabilities
        for why in ["all its tests are flagged" if item.tests else "it has no test"]
        if item.status is State.REQUIRED and all(test.flagged for test in item.tests)
    ]
    homes = Counter(test_id for item in capabilities for test_id in dict.fromkeys(test.id for test in item.tests))
    found += [
        f"test {test_id} stands under {count} capabilities, counted once"
        for test_id, count in homes.items()
        if count > 1
    ]
    found += [f"test {test_id} was matched by {how}, not by id" for test_id, how in sorted(results.not_by_id.items())]
    if host := elsewhere(source.guideline, program.required_platform_components):
        found.append(f"the add-on also needs {', '.join(host)} of its host platform, which was not scored")
    found += [f"guideline, line {item.line}, {item.path}: {item.message}" for item in source.provenance.repairs]
    return tuple(found)
