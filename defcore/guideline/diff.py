"""What changed from one guideline to another, as facts; ``diffwords`` says it in sentences.

Tests are matched by id, capabilities by name or, where a name is gone, by the tests that they hold: so a renamed or
regrouped capability is told apart from one that was added or removed (process A2.3).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from defcore.guideline.model import Capability, Component, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from defcore.guideline.model import Flag, Guideline, Program

_CODE = re.compile(r"D4\d\d")
"""What a flag's reason begins with (HACKING D309); 2018.02 and later put brackets around it."""

Field = Literal["capabilities", "designated_sections"]


@dataclass(frozen=True, slots=True)
class Value:
    """A plain value of the header, or of one thing by name, that differs. None: it is not there."""

    what: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Move:
    """A capability or designated section whose state in a component differs. None: the component does not name it."""

    name: str
    component: str
    before: State | None
    after: State | None


@dataclass(frozen=True, slots=True)
class Regrouped:
    """A capability that is new by name and made of known tests, or gone by name while its tests live on.

    ``renamed``: the one ``before`` and the one ``after`` hold the same tests. Otherwise tests went from ``before`` to
    ``after``.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    renamed: bool


@dataclass(frozen=True, slots=True)
class TestChange:
    """What became of one test.

    ``kind``: ``added``, ``removed``, ``renamed``, ``moved``, ``flagged``, ``unflagged``, ``reflagged`` (under another
    code or date), ``reworded`` (a flag in other words).
    ``before`` and ``after`` are names, capabilities (joined by commas) or flag reasons, as the kind wants it.
    """

    __test__ = False

    kind: str
    id: str
    name: str
    capability: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class MustPass:
    """A program's must-pass tests, distinct ids: how many before and after, which came and which went (by name)."""

    program: str
    before: int
    after: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """Everything that differs, each kind in a stable order."""

    before: str
    after: str
    header: tuple[Value, ...]
    programs: tuple[Value, ...]
    must_pass: tuple[MustPass, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    regrouped: tuple[Regrouped, ...]
    moves: tuple[Move, ...]
    tests: tuple[TestChange, ...]
    facts: tuple[Value, ...]
    sections: tuple[Move, ...]
    parts: tuple[Value, ...]
    reworded: int

    @property
    def empty(self) -> bool:
        """Tell whether nothing differs, words among it."""
        kinds = (self.header, self.programs, self.added, self.removed, self.regrouped, self.moves, self.tests)
        return not (any(kinds) or self.facts or self.sections or self.parts or self.reworded)


def diff(old: Guideline, new: Guideline) -> Diff:
    """Compare two guidelines."""
    old = aligned(old, new)
    new = aligned(new, old)
    added, removed, regrouped = _capabilities(old, new)
    return Diff(
        old.id,
        new.id,
        tuple(_header(old, new)),
        tuple(_programs(old, new)),
        tuple(_must_pass(old, new)),
        added,
        removed,
        regrouped,
        _moves(old, new, "capabilities"),
        tuple(_tests(old, new)),
        tuple(_facts(old, new)),
        _moves(old, new, "designated_sections"),
        tuple(_parts(old, new)),
        _reworded(old, new),
    )


def aligned(guideline: Guideline, other: Guideline) -> Guideline:
    """Give each test that is known by name only (schema 1.2) the id that the other guideline has for that name."""
    if not any(test.by_name for item in guideline.capabilities for test in item.tests):
        return guideline
    ids = {
        name: test.id
        for item in other.capabilities
        for test in item.tests
        for name in (*test.aliases, test.name)
        if not test.by_name
    }
    return replace(
        guideline,
        capabilities=tuple(
            replace(
                item,
                tests=tuple(
                    replace(test, id=ids[test.name]) if test.by_name and test.name in ids else test
                    for test in item.tests
                ),
            )
            for item in guideline.capabilities
        ),
    )


def counterpart(program: Program, others: Iterable[Program]) -> Program | None:
    """Find the same program in another guideline: by key, else by the components that it is made of."""
    found = list(others)
    parts = _made_of(program)
    by_key = (item for item in found if item.key == program.key)
    by_parts = (item for item in found if (item.kind, _made_of(item)) == (program.kind, parts))
    return next(by_key, None) or next(by_parts, None)


def states_by_id(guideline: Guideline, component: str | None = None) -> dict[str, State]:
    """Map test id to the strictest state of the capabilities that hold it, in one component or in all of them."""
    found: dict[str, State] = {}
    for item in guideline.components:
        if component is not None and item.name != component:
            continue
        for capability in guideline.capabilities:
            state = item.state_of(capability.name)
            if state is not None:
                for test in capability.tests:
                    found[test.id] = min(found.get(test.id, state), state, key=lambda each: each.rank)
    return found


def must_pass(guideline: Guideline, program: Program) -> dict[str, str]:
    """Map the id of each must-pass test of a program to its name: required and not flagged."""
    names = {item.name for item in (*program.components, *program.required_platform_components)}
    parts = [item for item in guideline.components if item.name in names]
    return {
        test.id: test.name
        for capability in guideline.capabilities
        if any(part.state_of(capability.name) is State.REQUIRED for part in parts)
        for test in capability.tests
        if test.flag is None
    }


def _made_of(program: Program) -> tuple[frozenset[str], frozenset[str]]:
    return (
        frozenset(item.name for item in program.components),
        frozenset(item.name for item in program.required_platform_components),
    )


def _header(old: Guideline, new: Guideline) -> Iterable[Value]:
    for what in ("status", "replaces", "target_approval", "releases"):
        yield from _value(what, getattr(old, what), getattr(new, what))
    for what in ("name", "mark", "label", "process"):
        yield from _value(f"authority {what}", getattr(old.authority, what), getattr(new.authority, what))
    yield from _value("cutoff", old.scoring.cutoff, new.scoring.cutoff)
    weights = [{item.key: item.weight for item in each.scoring.criteria} for each in (old, new)]
    yield from _values("weight of", weights[0], weights[1])
    pins = [{item.name: item.reference for item in each.test_repositories} for each in (old, new)]
    yield from _values("revision of", pins[0], pins[1])


def _programs(old: Guideline, new: Guideline) -> Iterable[Value]:
    left = list(new.programs)
    for program in old.programs:
        other = counterpart(program, left)
        if other is None:
            yield Value("program", program.name, None)
            continue
        left.remove(other)
        yield from _value("program", program.name, other.name)
        for field in ("components", "required_platform_components", "optional_platform_components"):
            names = [tuple(ref.name for ref in getattr(item, field)) for item in (program, other)]
            yield from _value(f"{field.replace('_', ' ')} of {other.name}", names[0], names[1])
    yield from (Value("program", None, item.name) for item in left)


def _must_pass(old: Guideline, new: Guideline) -> Iterable[MustPass]:
    for program in new.programs:
        other = counterpart(program, old.programs)
        before = must_pass(old, other) if other else {}
        after = must_pass(new, program)
        gained = tuple(sorted(name for key, name in after.items() if key not in before))
        lost = tuple(sorted(name for key, name in before.items() if key not in after))
        yield MustPass(program.name, len(before), len(after), gained, lost)


def _capabilities(old: Guideline, new: Guideline) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Regrouped, ...]]:
    """Sort the names that came and went: really added, really removed, or regrouped."""
    names = [{item.name for item in each.capabilities} for each in (old, new)]
    homes = [_homes(each) for each in (old, new)]
    gone = [item for item in old.capabilities if item.name not in names[1]]
    come = [item for item in new.capabilities if item.name not in names[0]]
    added = tuple(sorted(item.name for item in come if not _ids(item) & homes[0].keys()))
    removed = tuple(sorted(item.name for item in gone if not _ids(item) & homes[1].keys()))
    renamed = {(item.name, other.name) for item in gone for other in come if _ids(item) and _ids(item) == _ids(other)}
    found = [Regrouped((before,), (after,), renamed=True) for before, after in sorted(renamed)]
    settled = {name for pair in renamed for name in pair}
    found += [
        Regrouped((item.name,), _went(item, homes[1]), renamed=False)
        for item in gone
        if item.name not in {*removed, *settled}
    ]
    told = {(item.before[0], name) for item in found for name in item.after}
    for item in come:
        came = tuple(name for name in _went(item, homes[0]) if (name, item.name) not in told)
        if item.name not in {*added, *settled} and came:
            found.append(Regrouped(came, (item.name,), renamed=False))
    return added, removed, tuple(found)


def _moves(old: Guideline, new: Guideline, field: Field) -> tuple[Move, ...]:
    """List what changed its state, component by component; a renamed capability keeps its state under its new name."""
    renames: dict[str, str] = {}
    if field == "capabilities":
        renames = {item.after[0]: item.before[0] for item in _capabilities(old, new)[2] if item.renamed}
    found = []
    for name in dict.fromkeys(item.name for item in (*old.components, *new.components)):
        before, after = (_states(each.component(name), field) for each in (old, new))
        was = {renames.get(key, key) for key in after}
        for key in sorted({*after, *(before.keys() - was)}):
            states = (before.get(renames.get(key, key)), after.get(key))
            if states[0] is not states[1]:
                found.append(Move(key, name, *states))
    return tuple(found)


def _states(component: Component | None, field: Field) -> dict[str, State]:
    held = getattr(component, field) if component else ()
    return {name: state for state, names in held for name in names}


def _tests(old: Guideline, new: Guideline) -> Iterable[TestChange]:
    homes = [_homes(each) for each in (old, new)]
    firsts = [{test.id: test for item in reversed(each.capabilities) for test in item.tests} for each in (old, new)]
    known = {item.name for item in old.capabilities} & {item.name for item in new.capabilities}
    for key in sorted({*firsts[0], *firsts[1]}, key=lambda item: (firsts[1].get(item) or firsts[0][item]).name):
        before, after = firsts[0].get(key), firsts[1].get(key)
        places = [", ".join(each.get(key, ())) for each in homes]
        if before is None:
            yield TestChange("added", key, firsts[1][key].name, places[1])
            continue
        if after is None:
            yield TestChange("removed", key, before.name, places[0])
            continue
        if before.name != after.name:
            yield TestChange("renamed", key, after.name, places[1], before.name, after.name)
        # Where the capability itself came or went, the regrouping already says it.
        if places[0] != places[1] and {*homes[0][key], *homes[1][key]} <= known:
            yield TestChange("moved", key, after.name, places[1], places[0], places[1])
        if kind := _flag_change(before.flag, after.flag):
            reasons = [item.flag.reason if item.flag else None for item in (before, after)]
            yield TestChange(kind, key, after.name, places[1], *reasons)


def _flag_change(before: Flag | None, after: Flag | None) -> str | None:
    if before == after:
        return None
    if before is None or after is None:
        return "flagged" if before is None else "unflagged"
    same = (_CODE.findall(before.reason)[:1], before.date) == (_CODE.findall(after.reason)[:1], after.date)
    return "reworded" if same else "reflagged"


def _facts(old: Guideline, new: Guideline) -> Iterable[Value]:
    for item in new.capabilities:
        other = old.capability(item.name)
        if other is not None:
            yield from _value(f"admin of {item.name}", other.admin, item.admin)
            yield from _value(
                f"required_since of {item.name}", other.required_since or None, item.required_since or None
            )
            pair = [tuple(sorted(each.achievements)) for each in (other, item)]
            yield from _value(f"achievements of {item.name}", pair[0], pair[1])


def _parts(old: Guideline, new: Guideline) -> Iterable[Value]:
    words = {True: "designated", False: "not designated"}
    sides = [
        {
            f"{section.project} ({section.status}): {part.name}": words[part.designated]
            for section in each.designated_sections
            for part in section.parts
        }
        for each in (old, new)
    ]
    yield from _values("section", sides[0], sides[1])


def _reworded(old: Guideline, new: Guideline) -> int:
    pairs = [(old.capability(item.name), item) for item in new.capabilities]
    return sum(other is not None and other.description != item.description for other, item in pairs)


def _value(what: str, before: object, after: object) -> Iterable[Value]:
    if before != after:
        yield Value(what, before, after)


def _values(what: str, before: Mapping[str, object], after: Mapping[str, object]) -> Iterable[Value]:
    for key in dict.fromkeys((*before, *after)):
        yield from _value(f"{what} {key}", before.get(key), after.get(key))


def _ids(capability: Capability) -> set[str]:
    return {test.id for test in capability.tests}


def _homes(guideline: Guideline) -> dict[str, tuple[str, ...]]:
    """Map test id to the names of the capabilities that hold it."""
    found: dict[str, tuple[str, ...]] = {}
    for item in guideline.capabilities:
        for test in item.tests:
            found[test.id] = tuple(sorted({*found.get(test.id, ()), item.name}))
    return found


def _went(capability: Capability, homes: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Name the capabilities that hold the tests of one, those with most of them first."""
    counts = Counter(name for test in _ids(capability) for name in homes.get(test, ()))
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))
