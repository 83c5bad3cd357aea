"""What a run is about: the tests of a program that the suite has, those that it lacks, slow ones first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.guideline.find import find_program
from defcore.kit.commons import COMMONS, commons
from defcore.run.journal import PlannedTest
from defcore.score import program_tests, required_tests

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from defcore.guideline.model import GuidelineFile
    from defcore.suite import SuiteTest


@dataclass(frozen=True, slots=True)
class Plan:
    """``tests`` in the order in which they are started; ``listed`` is everything that the run record will name.

    ``program`` is the first of ``programs``, and what the run is scored for when nothing else is said.
    """

    tests: tuple[SuiteTest, ...]
    listed: tuple[PlannedTest, ...]
    partial: bool
    selection: str
    guideline: str
    program: str
    programs: tuple[str, ...] = ()


def make_plan(
    source: GuidelineFile,
    program: str,
    suite: Mapping[str, SuiteTest],
    *,
    also: Sequence[str] = (),
    word: str | None = None,
    only_tests: Sequence[str] = (),
    only_capabilities: Sequence[str] = (),
) -> Plan:
    """Choose what to run for a program: all of its tests, flagged and advisory ones too, or a subset.

    The tests of the programs ``also`` are run with them, each once. ``word`` is how the user named the guideline,
    ``only_tests`` are ids (or names), ``only_capabilities`` names; each must belong to a program, else InputError.
    """
    guideline = source.guideline
    found = {item.key: item for item in (find_program(guideline, key) for key in (program, *also))}
    keys = tuple(found)
    names: dict[str, str] = {}
    homes: dict[str, set[str]] = {}
    for item in found.values():
        for capability, _ in program_tests(guideline, item):
            for test in capability.tests:
                names.setdefault(test.id, test.name)
                homes.setdefault(test.id, set()).add(capability.name)
    selection = f"program{'s' if len(keys) > 1 else ''} {' and '.join(keys)} of guideline {guideline.id}"
    wanted = _wanted(names, homes, only_tests, only_capabilities, selection)
    listed = tuple(
        PlannedTest(
            id=test_id,
            name=name,
            revision=suite[test_id].meta.revision if test_id in suite else 1,
            missing=None if test_id in suite else "the suite has no native test for this id",
        )
        for test_id, name in names.items()
        if test_id in wanted
    )
    tests = slow_first(suite[item.id] for item in listed if item.id in suite)
    subset = [*(f"test {word}" for word in only_tests), *(f"capability {word}" for word in only_capabilities)]
    if subset:
        selection += f", only {', '.join(subset)}"
    return Plan(tuple(tests), listed, bool(subset), selection, word or guideline.id, keys[0], keys)


def slow_first(tests: Iterable[SuiteTest]) -> list[SuiteTest]:
    """Put tests into the order of their start: those that make a thing that others wait for, then the slow ones."""
    ordered = sorted(tests, key=lambda item: -item.meta.seconds)
    makers = [item for item in ordered if item.meta.gives]
    made: set[str] = set()
    for key in sorted(COMMONS, key=lambda key: -COMMONS[key].seconds):
        maker = next((item for item in ordered if key in item.meta.uses), None)
        # What has a second step was asked for when the run began.
        if maker and key not in made and COMMONS[key].creates and not COMMONS[key].finish:
            made |= commons(maker.meta.uses)
            makers.append(maker)
    first = {item.meta.id: item for item in makers}
    return [*first.values(), *(item for item in ordered if item.meta.id not in first)]


def _wanted(
    names: Mapping[str, str],
    homes: Mapping[str, set[str]],
    tests: Sequence[str],
    capabilities: Sequence[str],
    where: str,
) -> set[str]:
    if not tests and not capabilities:
        return set(names)
    wanted: set[str] = set()
    for word in tests:
        bare = word.lower().removeprefix("id-")
        found = {test_id for test_id, name in names.items() if bare == test_id or word == name}
        if not found:
            raise InputError("unknown-test", f"{where} has no test {word!r}", hint="give an id of the guideline")
        wanted |= found
    for word in capabilities:
        found = {test_id for test_id, held in homes.items() if word in held}
        if not found:
            known = ", ".join(sorted(set().union(*homes.values()))) if homes else "none"
            raise InputError("unknown-capability", f"{where} has no capability {word!r}", hint=f"one of: {known}")
        wanted |= found
    return wanted


def default_program(source: GuidelineFile, suite: Container[str]) -> str:
    """Return the only program, or the largest of which the suite has every required test; without one, InputError."""
    guideline = source.guideline
    if len(guideline.programs) == 1:
        return guideline.programs[0].key
    covered = {
        program.key: len(required)
        for program in guideline.programs
        if (required := required_tests(guideline, program)) and all(test.id in suite for test in required)
    }
    if not covered:
        keys = ", ".join(item.key for item in guideline.programs)
        message = f"the suite covers no program of guideline {guideline.id} entirely"
        raise InputError("no-program", message, hint=f"choose with --program: {keys}")
    return max(covered, key=lambda key: covered[key])
