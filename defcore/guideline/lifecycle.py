"""The life of a guideline as functions, model → model: each does one step, or refuses it and says by which rule.

Rules: process 2016A (A…, C…, D…), HACKING (D3xx), Core Criteria. A step judges by test ids what the process says of
capabilities (A2.3: they may be regrouped). Nothing here reads a clock: dates are handed in.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from defcore.errors import InputError, RefusedError
from defcore.guideline.criteria import score_of, with_sticky
from defcore.guideline.diff import states_by_id
from defcore.guideline.model import Capability, Component, Flag, State, Status, Test

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence

    from defcore.guideline.model import Guideline

DATED = re.compile(r"\d{4}\.(0[1-9]|1[0-2])")
"""An id is the year and month of approval (process D4), perhaps behind the name of an add-on (``dns.2026.11``)."""
NEXT = "next"
"""The working name of a guideline whose date is not settled (process A1.2)."""
_ID = re.compile(rf"([a-z][a-z0-9]*\.)?({DATED.pattern}|{NEXT})")
_CODE = re.compile(r"D40[0-6]\b")
_EDITABLE = (Status.DRAFT, Status.REVIEW, Status.ADVISORY)
APPROVED_AT_ONCE = 2
"""No more guidelines than this are approved at a time (process C6)."""


def new(previous: Guideline, name: str, *, source: str, releases: Sequence[str] = ()) -> Guideline:
    """Begin a draft from the previous approved guideline (A1.1), under its future date or ``next`` (A1.2, D4).

    What was removed there is gone; flags come along, to be lifted before approval (D312); the criterion "sticky" says
    what was required there. Without ``releases`` those of the previous one stay until they are changed.
    """
    if not _ID.fullmatch(name):
        raise InputError("bad-id", f"{name!r} is no guideline id", hint="give YYYY.MM, or next (A1.2, D4)")
    if previous.status not in (Status.APPROVED, Status.SUPERSEDED):
        _refuse(
            "A1.1", f"guideline {previous.id} is {previous.status.value}: a draft begins from an approved guideline"
        )
    if name == previous.id:
        _refuse("D4", f"there is a guideline {name} already")
    if not name.endswith(NEXT) and name < previous.id:
        _refuse("D4", f"guideline {name} would be older than {previous.id}, which it is to follow")
    components = tuple(_without(item, State.REMOVED) for item in previous.components)
    gone = _named(previous.components) - _named(components)
    return replace(
        previous,
        id=name,
        schema="2.0",
        status=Status.DRAFT,
        source=source,
        replaces=previous.id,
        releases=tuple(releases) or previous.releases,
        target_approval=_date_of(name),
        components=components,
        capabilities=tuple(item for item in with_sticky(previous, previous).capabilities if item.name not in gone),
    )


def propose(guideline: Guideline, component: str, capability: Capability) -> Guideline:
    """Make a capability advisory in a component of a draft; one that the guideline does not define yet is added."""
    _editable(guideline)
    home = _component(guideline, component)
    known = guideline.capability(capability.name)
    if known is not None and capability.tests:
        what = f"capability {capability.name} is defined already"
        raise InputError("exists", what, hint="propose it by its name alone, without tests")
    found = known or capability
    if state := home.state_of(found.name):
        _refuse("A4.6", f"{found.name} is {state.value} in {component} already; only what is not in it can be proposed")
    if found.admin:
        _refuse("Core Criteria", f"{found.name} needs an administrator, so it says nothing about interoperability")
    capabilities = guideline.capabilities
    if known is None:
        _fresh_tests(guideline, found)
        capabilities = tuple(sorted((*capabilities, found), key=lambda item: item.name))
    return _moved(replace(guideline, capabilities=capabilities), component, found.name, State.ADVISORY)


def promote(guideline: Guideline, component: str, name: str, previous: Guideline) -> Guideline:
    """Make an advisory capability of a draft required.

    Every test that will have to pass must have been advisory, or required, in the previous guideline (A4.6, by id); the
    capability reaches the cutoff on its own achievements (A4.4), needs no administrator and has an unflagged test.
    """
    _editable(guideline)
    _follows(guideline, previous)
    capability = _capability(guideline, name)
    state = _component(guideline, component).state_of(name)
    if state is not State.ADVISORY:
        _refuse("A4.6", f"{name} is {_word(state)} in {component}: only an advisory capability can become required")
    if found := next(iter(fit(guideline, capability)), None):
        _refuse(*found)
    before = states_by_id(previous, component)
    fresh = [
        test.name
        for test in capability.tests
        if test.flag is None and before.get(test.id) not in (State.ADVISORY, State.REQUIRED)
    ]
    if fresh:
        what = f"{len(fresh)} of its tests ({fresh[0]} …)" if len(fresh) > 1 else f"its test {fresh[0]}"
        _refuse("A4.6", f"{name} was not advisory in {component} of {previous.id}, judged by {what}")
    changed = _moved(guideline, component, name, State.REQUIRED)
    if capability.required_since:
        return changed
    return _with_capability(changed, replace(capability, required_since=guideline.id))


def deprecate(guideline: Guideline, component: str, name: str) -> Guideline:
    """Announce in a draft that a required or advisory capability will go: it decides nothing from now on (A4.5)."""
    _editable(guideline)
    state = _component(guideline, component).state_of(name)
    if state not in (State.REQUIRED, State.ADVISORY):
        _refuse("A4.5", f"{name} is {_word(state)} in {component}: only what is required or advisory can be deprecated")
    return _moved(guideline, component, name, State.DEPRECATED)


def demote(guideline: Guideline, component: str, name: str) -> Guideline:
    """Make a required capability of a draft advisory: it is still tested and shown, and may be required again."""
    _editable(guideline)
    state = _component(guideline, component).state_of(name)
    if state is not State.REQUIRED:
        _refuse(
            "A4.6", f"{name} is {_word(state)} in {component}: only a required capability can be made advisory again"
        )
    return _moved(guideline, component, name, State.ADVISORY)


def remove(guideline: Guideline, component: str, name: str, previous: Guideline) -> Guideline:
    """Remove a capability from a component of a draft: its tests were deprecated in the previous one (A4.5, by id).

    What only this draft proposed can be taken back at any time.
    """
    _editable(guideline)
    _follows(guideline, previous)
    capability = _capability(guideline, name)
    state = _component(guideline, component).state_of(name)
    if state in (None, State.REMOVED):
        _refuse("A4.5", f"{name} is {_word(state)} in {component}")
    before = states_by_id(previous, component)
    alive = {before[test.id] for test in capability.tests if test.id in before} - {State.DEPRECATED, State.REMOVED}
    if alive:
        was = min(alive, key=lambda item: item.rank).value
        _refuse("A4.5", f"{name} was {was} in {previous.id}, not deprecated: deprecate it now, remove it next time")
    if not any(test.id in before for test in capability.tests):
        return _moved(guideline, component, name, None)
    return _moved(guideline, component, name, State.REMOVED)


def flag(guideline: Guideline, word: str, found: Flag) -> Guideline:
    """Excuse a test, found by id or name, from must-pass, before or after approval (D2.1).

    A flag has a reason that begins with a code D400 … D406 (D309), an action and a date (D307).
    """
    if guideline.status is Status.SUPERSEDED:
        _refuse("C6", f"guideline {guideline.id} is superseded: nothing in it changes any more")
    for what in ("reason", "action", "date"):
        if not getattr(found, what).strip():
            _refuse("D307", f"the flag has no {what}; it needs a reason, an action and a date")
    if not _CODE.match(found.reason):
        _refuse("D309", f"the reason {found.reason!r} does not begin with one of the codes D400 to D406")
    test = _test(guideline, word)
    if test.flag is not None and guideline.status is Status.APPROVED:
        _refuse("D311", f"{test.name} is flagged already, and a flag stays as it is for the guideline's life")
    return _with_flag(guideline, test, found)


def unflag(guideline: Guideline, word: str) -> Guideline:
    """Lift the flag of a test of a draft. In an approved guideline it stays (D311)."""
    if guideline.status not in _EDITABLE:
        _refuse("D311", f"guideline {guideline.id} is {guideline.status.value}: a flag stays for its life")
    test = _test(guideline, word)
    if test.flag is None:
        raise InputError("no-flag", f"{test.name} has no flag")
    return _with_flag(guideline, test, None)


def approve(
    guideline: Guideline,
    date: dt.date,
    previous: Guideline,
    known: Iterable[Guideline],
    *,
    justified: Iterable[str] = (),
) -> Guideline:
    """Make a draft the approved guideline of the month of ``date``; ``next`` becomes that month's id (A1.2, D4).

    Refuses what an approved guideline may not hold. ``justified`` names rules with a documented justification (A7.2).
    """
    _editable(guideline)
    month = f"{date:%Y.%m}"
    name = re.sub(f"{NEXT}$", month, guideline.id)
    if not name.endswith(month):
        _refuse(
            "D4", f"guideline {guideline.id} would be approved in {month}: the id is the year and month of approval"
        )
    excused = set(justified)
    for rule, what in objections(guideline, previous):
        if rule not in excused:
            _refuse(rule, what)
    others = sorted({item.id for item in known if item.status is Status.APPROVED and _kin(item.id, name)} - {name})
    if len(others) >= APPROVED_AT_ONCE and "C6" not in excused:
        which = " and ".join(others)
        _refuse("C6", f"{which} are approved, and only two may be at a time: supersede {others[0]} first")
    return replace(guideline, id=name, status=Status.APPROVED, target_approval=month, replaces=previous.id)


def supersede(guideline: Guideline, known: Iterable[Guideline]) -> Guideline:
    """Let a newer approved guideline take the place of this one. Results under it stay valid as they were (C6.2)."""
    if guideline.status is not Status.APPROVED:
        _refuse("D4", f"guideline {guideline.id} is {guideline.status.value}: only an approved one is superseded")
    newer = [
        item.id
        for item in known
        if item.status is Status.APPROVED and item.id > guideline.id and _kin(item.id, guideline.id)
    ]
    if not newer:
        _refuse("C6", f"no approved guideline is newer than {guideline.id}: nothing would take its place")
    return replace(guideline, status=Status.SUPERSEDED)


def objections(guideline: Guideline, previous: Guideline) -> Iterable[tuple[str, str]]:
    """Give each (rule, sentence) that stands between a draft and its approval."""
    if guideline.scoring.cutoff is None:
        yield "A4.4", "the guideline has no cutoff"
    for capability in guideline.capabilities:
        if any(item.state_of(capability.name) is State.REQUIRED for item in guideline.components):
            yield from fit(guideline, capability)
        for test in capability.tests:
            if test.flag is not None:
                yield "D312", f"{test.name} is flagged, and a guideline is proposed for approval without flags"
    yield from _lineage(guideline, previous)
    yield from _section_lineage(guideline, previous)


def fit(guideline: Guideline, capability: Capability) -> Iterable[tuple[str, str]]:
    """Give each (rule, sentence) that speaks against requiring a capability, whatever its history."""
    if capability.admin:
        yield "Core Criteria", f"{capability.name} needs an administrator, so it says nothing about interoperability"
    if all(test.flag for test in capability.tests):
        why = "only flagged tests" if capability.tests else "no test"
        yield "Test spec", f"{capability.name} has {why}: requiring it would decide nothing"
    cutoff, score = guideline.scoring.cutoff, score_of(guideline, capability)
    if cutoff is not None and score < cutoff:
        yield "A4.4", f"{capability.name} scores {score}, and the cutoff is {cutoff}"


def _lineage(guideline: Guideline, previous: Guideline) -> Iterable[tuple[str, str]]:
    for component in guideline.components:
        before, after = (states_by_id(item, component.name) for item in (previous, guideline))
        names = {
            test.id: test.name for each in (previous, guideline) for item in each.capabilities for test in item.tests
        }
        for key, state in after.items():
            if state is State.REQUIRED and before.get(key) not in (State.ADVISORY, State.REQUIRED):
                yield "A4.6", f"{names[key]} is required in {component.name} and was not advisory in {previous.id}"
        for key, was in before.items():
            gone = after.get(key) in (None, State.REMOVED)
            if gone and was in (State.REQUIRED, State.ADVISORY):
                yield "A4.5", f"{names[key]} is gone from {component.name} and was {was.value} in {previous.id}"


def _date_of(name: str) -> str | None:
    """Return the year and month that an id names; of ``next`` there is none."""
    found = DATED.search(name)
    return found[0] if found else None


def _section_lineage(guideline: Guideline, previous: Guideline) -> Iterable[tuple[str, str]]:
    """Check the same of designated sections: required only after advisory (A3.2), gone only after deprecated (A3.1)."""
    for component in guideline.components:
        old = previous.component(component.name)
        before, after = (
            {name: state for state, names in item.designated_sections for name in names} if item else {}
            for item in (old, component)
        )
        announced = (State.ADVISORY, State.REQUIRED)
        for name, state in after.items():
            if state is State.REQUIRED and before.get(name) not in announced:
                yield "A3.2", f"{name} is designated in {component.name} and was not advisory in {previous.id}"
        for name, was in before.items():
            if was in announced and after.get(name) in (None, State.REMOVED):
                yield "A3.1", f"the designation of {name} is gone from {component.name} and was not deprecated before"


def _kin(one: str, other: str) -> bool:
    """Tell whether two ids are of one line: add-ons have lines of their own."""
    return DATED.sub("", one) == DATED.sub("", other)


def _editable(guideline: Guideline) -> None:
    if guideline.status not in _EDITABLE:
        what = f"guideline {guideline.id} is {guideline.status.value}: nothing is added or moved after approval"
        _refuse("D2.2", what, "begin the next one with 'defcore guideline new'")


def _follows(guideline: Guideline, previous: Guideline) -> None:
    if guideline.replaces != previous.id:
        what = f"guideline {guideline.id} replaces {guideline.replaces}, not {previous.id}"
        raise InputError("wrong-previous", what, hint="give the guideline that it replaces with --previous")


def _component(guideline: Guideline, name: str) -> Component:
    if found := guideline.component(name):
        return found
    names = ", ".join(item.name for item in guideline.components)
    raise InputError(
        "unknown-component", f"guideline {guideline.id} has no component {name!r}", hint=f"one of: {names}"
    )


def _capability(guideline: Guideline, name: str) -> Capability:
    if found := guideline.capability(name):
        return found
    raise InputError("unknown-capability", f"guideline {guideline.id} defines no capability {name!r}")


def _test(guideline: Guideline, word: str) -> Test:
    bare = word.lower().removeprefix("id-")
    for item in guideline.capabilities:
        for test in item.tests:
            if bare == test.id or word in (test.name, *test.aliases):
                return test
    raise InputError("unknown-test", f"guideline {guideline.id} has no test {word!r}", hint="give its id or its name")


def _fresh_tests(guideline: Guideline, capability: Capability) -> None:
    """Refuse an id under another name than the one that it has (A2.4), or twice."""
    names = {test.id: test.name for item in guideline.capabilities for test in item.tests}
    for test in capability.tests:
        if names.setdefault(test.id, test.name) != test.name:
            _refuse("A2.4", f"id {test.id} is already that of {names[test.id]}")


def _moved(guideline: Guideline, component: str, name: str, state: State | None) -> Guideline:
    """Put a capability into one state of a component, sorted, so that a review sees one line move."""

    def change(item: Component) -> Component:
        held = {each: tuple(word for word in names if word != name) for each, names in item.capabilities}
        if state is not None:
            held[state] = tuple(sorted((*held.get(state, ()), name)))
        return replace(item, capabilities=tuple((each, held.get(each, ())) for each in State))

    return _components(guideline, lambda item: change(item) if item.name == component else item)


def _components(guideline: Guideline, change: Callable[[Component], Component]) -> Guideline:
    return replace(guideline, components=tuple(map(change, guideline.components)))


def _with_capability(guideline: Guideline, changed: Capability) -> Guideline:
    kept = (changed if item.name == changed.name else item for item in guideline.capabilities)
    return replace(guideline, capabilities=tuple(kept))


def _with_flag(guideline: Guideline, wanted: Test, found: Flag | None) -> Guideline:
    """Set or lift the flag wherever the test's id stands."""
    for item in guideline.capabilities:
        tests = tuple(replace(test, flag=found) if test.id == wanted.id else test for test in item.tests)
        if tests != item.tests:
            guideline = _with_capability(guideline, replace(item, tests=tests))
    return guideline


def _named(components: Iterable[Component]) -> set[str]:
    return {name for item in components for _, names in item.capabilities for name in names}


def _without(item: Component, state: State) -> Component:
    return replace(
        item,
        capabilities=tuple((each, () if each is state else names) for each, names in item.capabilities),
        designated_sections=tuple((each, () if each is state else names) for each, names in item.designated_sections),
    )


def _word(state: State | None) -> str:
    return state.value if state else "not"


def _refuse(rule: str, what: str, hint: str | None = None) -> NoReturn:
    raise RefusedError("rule-" + re.sub(r"\W+", "-", rule.lower()), f"{what} [{rule}]", hint=hint)
