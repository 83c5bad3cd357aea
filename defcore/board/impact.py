"""Whom a draft would hurt or help: stored results under the previous guideline and under the draft.

Pure. ``Table.codes`` makes one byte a test of a run, ``Impact.add`` counts; so thousands of records need no memory.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from defcore.guideline.diff import counterpart
from defcore.guideline.model import State
from defcore.run.record import Outcome
from defcore.score import Interop, interop_of, outcomes_of, program_tests
from defcore.score.mark import elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from defcore.guideline.model import Capability, Guideline, Program, Test
    from defcore.run.record import RunRecord

ABSENT = len(Outcome)
"""The code of a test that a record does not hold."""
_OUTCOMES: tuple[Outcome, ...] = tuple(Outcome)
_CODES = {outcome: code for code, outcome in enumerate(_OUTCOMES)}
_PASSED = _CODES[Outcome.PASSED]
_WRONG = frozenset(_CODES[item] for item in (Outcome.FAILED, Outcome.SKIPPED, Outcome.UNSUPPORTED))


class Table:
    """The tests of two guidelines, each once, in a fixed order."""

    def __init__(self, guidelines: Sequence[Guideline]) -> None:
        found: dict[tuple[str, str, tuple[str, ...]], Test] = {}
        for guideline in guidelines:
            for capability in guideline.capabilities:
                for test in capability.tests:
                    found.setdefault(_key(test), test)
        self.tests: tuple[Test, ...] = tuple(found.values())
        self._place = {key: index for index, key in enumerate(found)}

    def place(self, test: Test) -> int:
        """Return the position of a test."""
        return self._place[_key(test)]

    def codes(self, run: RunRecord) -> bytes:
        """Return one byte a test: what became of it in a run, or ``ABSENT``."""
        found = outcomes_of(self.tests, run)
        return bytes(ABSENT if outcome is None else _CODES[outcome] for outcome in found)


@dataclass(frozen=True, slots=True)
class Touched:
    """One record whose verdict differs, and the tests (names) that make the difference."""

    record: str
    before: Interop
    after: Interop
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A record that leaves a verdict open: how many deciding tests it does not hold, how many broke or did not run."""

    record: str
    before: Interop | None
    absent: int
    broken: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A capability that is not required. Counts are of the records that pass the program under the draft.

    ``passes``, ``hurt`` (it fails), ``unknown`` (the record does not tell). ``harmless``: at least one passes, nobody
    is hurt, nothing is unknown.
    """

    capability: str
    tests: int
    passes: int
    hurt: int
    unknown: int

    @property
    def harmless(self) -> bool:
        """Tell whether requiring it would hurt nobody, as far as the records go."""
        return self.passes > 0 and not self.hurt and not self.unknown


@dataclass(frozen=True, slots=True)
class ProgramImpact:
    """What the draft does to one program. ``verdicts`` counts (before, after); before is None without a previous one.

    ``nobody``: required tests that records hold and none passes; ``unseen``: required tests that no record holds.
    """

    program: str
    name: str
    before: str | None
    required: int
    records: int
    verdicts: tuple[tuple[Interop | None, Interop, int], ...]
    gains: tuple[Touched, ...]
    loses: tuple[Touched, ...]
    unknown: tuple[Unknown, ...]
    blocking: tuple[tuple[str, int], ...]
    candidates: tuple[Candidate, ...]
    nobody: tuple[str, ...]
    unseen: tuple[str, ...]

    def passing(self, *, before: bool) -> int:
        """Count the records that pass before or after."""
        return sum(count for was, now, count in self.verdicts if (was if before else now) is Interop.PASS)


@dataclass(slots=True)
class _Counting:
    """What is counted for one program while records come in."""

    program: Program
    before: Program | None
    old: tuple[int, ...]
    new: tuple[int, ...]
    elsewhere: tuple[bool, bool]
    candidates: dict[str, tuple[int, ...]]
    verdicts: Counter[tuple[Interop | None, Interop]] = field(default_factory=Counter)
    gains: list[Touched] = field(default_factory=list)
    loses: list[Touched] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    blocking: Counter[str] = field(default_factory=Counter)
    tallies: Counter[tuple[str, str]] = field(default_factory=Counter)


class Impact:
    """Counts record after record what a draft would change against the previous guideline (if there is one)."""

    def __init__(self, draft: Guideline, previous: Guideline | None) -> None:
        self.draft, self.previous = draft, previous
        self.table = Table([draft, previous] if previous else [draft])
        self._programs = [self._counting(program) for program in draft.programs]
        self._held: Counter[int] = Counter()
        self._passed: Counter[int] = Counter()

    def add(self, record: str, codes: bytes, program: str | None = None) -> None:
        """Count one record. ``program`` is the one that it was made for; without one it counts for every program."""
        for place, code in enumerate(codes):
            if code != ABSENT:
                self._held[place] += 1
                self._passed[place] += code == _PASSED
        for item in self._programs:
            if program is None or _is(item, program):
                self._count(item, record, codes)

    def result(self) -> tuple[ProgramImpact, ...]:
        """Return what was counted, a program each, in the draft's order."""
        return tuple(self._result(item) for item in self._programs)

    def _counting(self, program: Program) -> _Counting:
        before = counterpart(program, self.previous.programs) if self.previous else None
        old = self._deciding(self.previous, before) if self.previous and before else ()
        far = (
            bool(self.previous and before and elsewhere(self.previous, before.components)),
            bool(elsewhere(self.draft, program.components)),
        )
        candidates = {
            item.name: tuple(dict.fromkeys(self.table.place(test) for test in item.tests if test.flag is None))
            for item in _candidates(self.draft, program)
        }
        return _Counting(program, before, old, self._deciding(self.draft, program), far, candidates)

    def _deciding(self, guideline: Guideline, program: Program) -> tuple[int, ...]:
        found = {
            self.table.place(test): None
            for capability, state in program_tests(guideline, program)
            if state is State.REQUIRED
            for test in capability.tests
            if test.flag is None
        }
        return tuple(found)

    def _count(self, item: _Counting, record: str, codes: bytes) -> None:
        after = _verdict(codes, item.new, elsewhere=item.elsewhere[1])
        before = _verdict(codes, item.old, elsewhere=item.elsewhere[0]) if item.before else None
        item.verdicts[before, after] += 1
        wrong = [place for place in item.new if codes[place] in _WRONG]
        item.blocking.update({self.table.tests[place].id for place in wrong})
        if after is Interop.PASS:
            self._tally(item, codes)
        if before is not None and before is not after:
            if after is Interop.PASS:
                # What stood in the way, and does so no longer.
                gone = [place for place in item.old if codes[place] != _PASSED]
                item.gains.append(Touched(record, before, after, self._names(gone)))
            elif before is Interop.PASS and after is Interop.FAIL:
                item.loses.append(Touched(record, before, after, self._names(wrong)))
        if after is Interop.UNTESTED and (before is not Interop.UNTESTED or item.before is None):
            absent = sum(codes[place] == ABSENT for place in item.new)
            broken = sum(codes[place] not in (ABSENT, _PASSED) for place in item.new)
            item.unknown.append(Unknown(record, before, absent, broken))

    @staticmethod
    def _tally(item: _Counting, codes: bytes) -> None:
        for name, places in item.candidates.items():
            found = {codes[place] for place in places}
            if found == {_PASSED}:
                item.tallies[name, "passes"] += 1
            else:
                item.tallies[name, "hurt" if found & _WRONG else "unknown"] += 1

    def _result(self, item: _Counting) -> ProgramImpact:
        ids: dict[str, list[int]] = {}
        for place in item.new:
            ids.setdefault(self.table.tests[place].id, []).append(place)
        seen = {key: sum(self._held[place] for place in places) for key, places in ids.items()}
        passed = {key: sum(self._passed[place] for place in places) for key, places in ids.items()}
        name = {key: self.table.tests[places[0]].name for key, places in ids.items()}
        order = sorted(item.verdicts.items(), key=lambda pair: (str(pair[0][0]), pair[0][1].value))
        return ProgramImpact(
            program=item.program.key,
            name=item.program.name,
            before=item.before.name if item.before else None,
            required=len(ids),
            records=sum(item.verdicts.values()),
            verdicts=tuple((before, after, count) for (before, after), count in order),
            gains=tuple(item.gains),
            loses=tuple(item.loses),
            unknown=tuple(item.unknown),
            blocking=tuple((name[key], count) for key, count in item.blocking.most_common()),
            candidates=tuple(
                Candidate(each, len(places), *(item.tallies[each, word] for word in ("passes", "hurt", "unknown")))
                for each, places in item.candidates.items()
                if places
            ),
            nobody=tuple(name[key] for key in ids if seen[key] and not passed[key]),
            unseen=tuple(name[key] for key in ids if not seen[key]),
        )

    def _names(self, places: Iterable[int]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.table.tests[place].name for place in places))


def _verdict(codes: bytes, places: Sequence[int], *, elsewhere: bool) -> Interop:
    # Of each outcome one is enough for the verdict, and a set of small numbers is quick.
    kinds = {codes[place] for place in places}
    found = interop_of(Outcome.NOT_RUN if code == ABSENT else _OUTCOMES[code] for code in kinds)
    return Interop.UNTESTED if elsewhere and found is Interop.PASS else found


def _candidates(guideline: Guideline, program: Program) -> Iterable[Capability]:
    """Give the capabilities that could become required: advisory in the program, or in no component at all.

    One that no component names is weighed for the programs that hold capabilities of the same project.
    """
    states = {item.name: state for item, state in program_tests(guideline, program)}
    projects = {item.project for item, _ in program_tests(guideline, program)}
    for item in guideline.capabilities:
        homeless = all(part.state_of(item.name) is None for part in guideline.components)
        if states.get(item.name) is State.ADVISORY or (homeless and item.project in projects):
            yield item


def _is(item: _Counting, word: str) -> bool:
    """Tell whether a record made for the program ``word`` is about this one, under its old name or its new one."""
    names = {item.program.key, item.program.name}
    if item.before is not None:
        names |= {item.before.key, item.before.name}
    parts = [ref.name for ref in item.program.components]
    return word in names or parts == [word]


def _key(test: Test) -> tuple[str, str, tuple[str, ...]]:
    return test.id, test.name, test.aliases
