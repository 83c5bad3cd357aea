"""What happened to a guideline after it was approved, as the commits of a repository tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.guideline.lint.model import Hit, Looks, Rule, Severity, Stage
from defcore.guideline.lint.rules import editions
from defcore.guideline.lint.rules.lineage import AT_ONCE, approved
from defcore.guideline.lint.rules.tests import TENSION
from defcore.guideline.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from defcore.guideline.lint.model import Check, Subject
    from defcore.guideline.model import Guideline, Test

_ORDER = (Status.DRAFT, Status.REVIEW, Status.ADVISORY, Status.APPROVED, Status.SUPERSEDED)


def approval(stage: Stage) -> Iterator[Hit]:
    """It was approved here."""
    if _approved_here(stage) and stage.new:
        tests = {test.id for item in stage.new.required for test in item.tests if test.flag is None}
        message = f"was approved on {stage.moment[:10]}, with {len(tests)} must-pass tests"
        yield Hit(stage.new.guideline.id, message)


def flagged_at_approval(stage: Stage) -> Iterator[Hit]:
    """Flags stood when it was approved."""
    if _approved_here(stage) and stage.new:
        flags = [test for item in stage.new.guideline.capabilities for test in item.tests if test.flag is not None]
        if flags:
            yield Hit(stage.new.guideline.id, f"{len(flags)} tests were flagged when it was approved. {TENSION}")


def tests_added(stage: Stage) -> Iterator[Hit]:
    """Nothing is added after approval."""
    for name, tests in _changes(stage.old, stage.new):
        yield Hit(name, f"got {_some(tests)} after approval", ("capabilities", name, "tests"))


def tests_removed(stage: Stage) -> Iterator[Hit]:
    """Test lists are immutable after approval."""
    for name, tests in _changes(stage.new, stage.old, decided=stage.old):
        yield Hit(name, f"lost {_some(tests)} after approval", ("capabilities", name))


def overwritten(stage: Stage) -> Iterator[Hit]:
    """A test's id stays."""
    if not stage.old or not stage.new or not stage.old.decided:
        return
    for name, test, before in _overwritten(stage.old.guideline, stage.new.guideline):
        path = ("capabilities", name, "tests", test.name, "idempotent_id")
        short = ".".join(test.name.split(".")[-2:])
        yield Hit(test.name, f"the id of {short} was {before} and became {test.id} after approval", path)


def unflagged(stage: Stage) -> Iterator[Hit]:
    """A flag stays for that guideline's life."""
    if not stage.old or not stage.new or not stage.old.decided:
        return
    flags = {test.id for item in stage.old.guideline.capabilities for test in item.tests if test.flag}
    for item in stage.new.guideline.capabilities:
        for test in item.tests:
            if test.id in flags and test.flag is None:
                flags.discard(test.id)
                message = "its flag was lifted after approval: who passed without it may fail now"
                yield Hit(test.name, message, ("capabilities", item.name, "tests", test.name))


def weights(stage: Stage) -> Iterator[Hit]:
    """Weights are frozen."""
    if not stage.old or not stage.new or stage.old.guideline.status is Status.DRAFT:
        return
    before, after = (_scoring(item.guideline) for item in (stage.old, stage.new))
    changed = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    if changed:
        said = ", ".join(f"{key} from {before.get(key, 'nothing')} to {after.get(key, 'nothing')}" for key in changed)
        yield Hit("scoring", f"changed after the draft was out: {said}", ("metadata", "scoring"))


def states(stage: Stage) -> Iterator[Hit]:
    """What is required is settled by approval."""
    if not stage.old or not stage.new or not stage.old.decided:
        return
    before, after = stage.old.states, stage.new.states
    for name in sorted({*before, *after}):
        if before.get(name) is not after.get(name):
            one, other = (item[name].value if name in item else "nowhere" for item in (before, after))
            yield Hit(name, f"was {one} and became {other} after approval", ("components",))


def backwards(stage: Stage) -> Iterator[Hit]:
    """A status only goes on."""
    if stage.old and stage.new and stage.old.guideline.id == stage.new.guideline.id:
        before, after = stage.old.guideline.status, stage.new.guideline.status
        if _ORDER.index(after) < _ORDER.index(before) and stage.old.decided:
            path = ("metadata", "os_trademark_approval", "status")
            yield Hit(stage.new.guideline.id, f"was {before.value} and became {after.value} again", path)


def vanished(stage: Stage) -> Iterator[Hit]:
    """An approved guideline stays at hand."""
    if stage.old and stage.new is None and stage.old.decided:
        name = stage.old.guideline.id
        if all(item.guideline.id != name for item in stage.others):
            yield Hit(name, f"was {stage.old.guideline.status.value} and its file was removed")


def at_once(stage: Stage) -> Iterator[Hit]:
    """Two at a time."""
    if stage.new is None or not _approved_here(stage):
        return
    series = stage.new.series
    found = approved(stage.others).get(series, [])
    if len(found) > AT_ONCE:
        names = ", ".join(item.guideline.id for item in found)
        message = f"was approved while {len(found) - 1} others were: {names} stood at once"
        yield Hit(stage.new.guideline.id, message)


def _approved_here(stage: Stage) -> bool:
    new, old = stage.new, stage.old
    if new is None or new.guideline.status is not Status.APPROVED:
        return False
    return old is None or not old.decided or old.guideline.id != new.guideline.id


def _changes(
    old: Subject | None, new: Subject | None, decided: Subject | None = None
) -> Iterator[tuple[str, list[Test]]]:
    """Yield what ``new`` has and ``old`` has not, by capability; a name whose id was overwritten is told elsewhere."""
    standing = decided or old
    if not old or not new or not standing or not standing.decided:
        return
    names = {name for item in old.guideline.capabilities for test in item.tests for name in (test.name, *test.aliases)}
    before: dict[str, set[str]] = {item.name: {test.id for test in item.tests} for item in old.guideline.capabilities}
    anywhere = {test_id for ids in before.values() for test_id in ids}
    for item in new.guideline.capabilities:
        known = before.get(item.name, anywhere)
        fresh = [
            test
            for test in item.tests
            if test.id not in known and (test.id in anywhere or not names & {test.name, *test.aliases})
        ]
        if fresh:
            yield item.name, fresh


def _overwritten(old: Guideline, new: Guideline) -> Iterator[tuple[str, Test, str]]:
    before = {test.name: test for item in old.capabilities for test in item.tests}
    for item in new.capabilities:
        for test in item.tests:
            was = before.get(test.name)
            if was is not None and was.id != test.id and not was.by_name:
                yield item.name, test, was.id


def _scoring(guideline: Guideline) -> dict[str, int]:
    found = {item.key: item.weight for item in guideline.scoring.criteria}
    if guideline.scoring.cutoff is not None:
        found["the cutoff"] = guideline.scoring.cutoff
    return found


def _some(tests: Iterable[Test]) -> str:
    names = sorted(test.name.rpartition(".")[2] for test in tests)
    rest = f" and {len(names) - 3} more" if len(names) > 3 else ""  # noqa: PLR2004 - enough to know which are meant
    return ", ".join(names[:3]) + rest


RULES: tuple[tuple[Rule, Check], ...] = (
    (
        Rule(
            "approval",
            "When a guideline was approved is known.",
            "D1",
            editions.EVERY,
            Looks.HISTORY,
            approved=Severity.INFO,
            review=None,
            draft=None,
        ),
        approval,
    ),
    (
        Rule(
            "flagged-when-approved",
            "A guideline that is approved has no flags.",
            "D312",
            editions.HACKING,
            Looks.HISTORY,
            approved=Severity.WARNING,
            since="2015.08",
            note=f"{TENSION}; HACKING ranks below the process.",
        ),
        flagged_at_approval,
    ),
    (
        Rule(
            "tests-added-after-approval",
            "No test is added to a capability after the guideline was approved.",
            "D2.2",
            editions.EVERY,
            Looks.HISTORY,
            note="Judged by ids: a new name, or one that became an alias, adds nothing.",
        ),
        tests_added,
    ),
    (
        Rule(
            "tests-removed-after-approval",
            "The lists of tests do not change after approval: a bad test is flagged, not taken out.",
            "D301",
            editions.HACKING,
            Looks.HISTORY,
            note="Judged by ids: a name that became an alias loses nothing.",
        ),
        tests_removed,
    ),
    (
        Rule(
            "id-overwritten",
            "The id of a test of an approved guideline stays.",
            "A2.4, D301",
            editions.EVERY | editions.HACKING,
            Looks.HISTORY,
        ),
        overwritten,
    ),
    (
        Rule(
            "flag-lifted",
            "A flag stays for the life of its guideline.",
            "D311",
            editions.HACKING,
            Looks.HISTORY,
        ),
        unflagged,
    ),
    (
        Rule(
            "weights-changed",
            "Weights and cutoff are frozen once the draft is out.",
            "A4.3",
            editions.EVERY,
            Looks.HISTORY,
            note="A file with the status draft may still be the one that is worked on, so it is held from review on.",
        ),
        weights,
    ),
    (
        Rule(
            "states-changed",
            "Which capabilities are required is settled by approval.",
            "D1.1, D2",
            editions.EVERY,
            Looks.HISTORY,
        ),
        states,
    ),
    (
        Rule(
            "status-backwards",
            "A guideline goes from draft to review, approved and superseded, and never back.",
            "C6.3",
            editions.FROM_2015B,
            Looks.HISTORY,
            review=Severity.ERROR,
            draft=Severity.ERROR,
        ),
        backwards,
    ),
    (
        Rule(
            "approved-removed",
            "Past validations are respected: a guideline that was approved is kept, as superseded.",
            "C6.2",
            editions.FROM_2015B,
            Looks.HISTORY,
        ),
        vanished,
    ),
    (
        Rule(
            "approved-at-once-then",
            "Two approved guidelines counted at a time.",
            "C6",
            editions.FROM_2015B,
            Looks.HISTORY,
        ),
        at_once,
    ),
)
