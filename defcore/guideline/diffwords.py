"""A diff in the words of a release note, and as JSON."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from defcore.guideline.model import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from defcore.guideline.diff import Diff, Move, Regrouped, TestChange, Value

FORMAT = "defcore-guideline-diff/1"


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of a release note and its sentences."""

    title: str
    items: tuple[str, ...]


def release_note(diff: Diff) -> tuple[Section, ...]:
    """Say what changed, what matters to a vendor first; a heading with nothing under it is left out."""
    sections = (
        Section("What a product must pass", tuple(_must_pass(diff))),
        Section("Capabilities", (*_regrouped(diff.regrouped), *_come_and_gone(diff), *_moves(diff.moves))),
        Section("Tests", tuple(_tests(diff))),
        Section("Flags", tuple(_flags(diff.tests))),
        Section("Designated sections", (*_moves(diff.sections), *_values(diff.parts))),
        Section("Scores and facts of capabilities", _values(diff.facts)),
        Section("Programs", _values(diff.programs)),
        Section("The guideline itself", _values(diff.header)),
        Section("Words", tuple(_words(diff))),
    )
    return tuple(item for item in sections if item.items)


def diff_text(diff: Diff) -> str:
    """Return the release note as plain text."""
    lines = [title(diff), ""]
    for section in release_note(diff):
        lines += [section.title, *(f"  - {item}" for item in section.items), ""]
    if len(lines) == 2:  # noqa: PLR2004 - the title and a blank line
        lines += ["Nothing differs.", ""]
    return "\n".join(lines)


def diff_json(diff: Diff) -> dict[str, Any]:
    """Return the JSON value of ``defcore guideline diff --format json``: the facts, and the sentences as ``notes``."""
    notes = [{"title": item.title, "items": list(item.items)} for item in release_note(diff)]
    return {"format": FORMAT, **asdict(diff), "notes": notes}


def title(diff: Diff) -> str:
    """Name the two guidelines."""
    return f"From guideline {diff.before} to {diff.after}"


def plural(count: int, word: str) -> str:
    """Write ``1 test``, ``2 tests``, ``2 capabilities``."""
    many = f"{word.removesuffix('y')}ies" if word.endswith("y") else f"{word}s"
    return f"{count} {word if count == 1 else many}"


def _must_pass(diff: Diff) -> Iterable[str]:
    for item in diff.must_pass:
        change = "unchanged"
        if item.gained or item.lost:
            change = f"{len(item.gained)} more, {len(item.lost)} fewer, by id"
        yield f"{item.program}: {plural(item.after, 'test')}, before {item.before} ({change})"


def _regrouped(items: Iterable[Regrouped]) -> Iterable[str]:
    for item in items:
        before, after = " and ".join(item.before), " and ".join(item.after)
        if item.renamed:
            yield f"{before} is now called {after}: the same tests"
        else:
            yield f"regrouped: what was tested as {before} is now tested in {after}"


def _come_and_gone(diff: Diff) -> Iterable[str]:
    yield from (f"{name} is new" for name in diff.added)
    yield from (f"{name} is gone, and so are its tests" for name in diff.removed)


def _moves(moves: Iterable[Move]) -> Iterable[str]:
    grouped: dict[tuple[str, State | None, State | None], list[str]] = defaultdict(list)
    for item in moves:
        grouped[item.component, item.before, item.after].append(item.name)
    order = list(State)
    for (component, before, after), names in sorted(
        grouped.items(), key=lambda pair: (order.index(pair[0][2]) if pair[0][2] else len(order), pair[0][0])
    ):
        was = f"was {before.value}" if before else "not named before"
        now = f"is {after.value}" if after else "is no longer named"
        verb = now if len(names) == 1 else now.replace("is ", "are ", 1)
        yield f"{_list(names)} {verb} in {component} ({was})"


def _tests(diff: Diff) -> Iterable[str]:
    whole = {*diff.added, *diff.removed}
    for kind, verb in (("added", "new"), ("removed", "gone")):
        by_home: dict[str, list[str]] = defaultdict(list)
        for item in diff.tests:
            if item.kind == kind:
                by_home[item.capability].append(item.name)
        for home, names in sorted(by_home.items()):
            where = " (with the capability)" if home in whole else ""
            yield f"{home}{where}: {plural(len(names), 'test')} {verb}: {_list(names)}"
    moved: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    for item in diff.tests:
        if item.kind == "moved":
            moved[item.before, item.after].append(item.name)
        elif item.kind == "renamed":
            yield f"{item.before} is now called {item.after}: the same test ({item.id})"
    for (before, after), names in sorted(moved.items(), key=str):
        yield f"{_list(names)}: now in {after}, before in {before}"


def _flags(tests: Iterable[TestChange]) -> Iterable[str]:
    says = {
        "flagged": "excused from now on: {after}",
        "unflagged": "to be passed again; excused before: {before}",
        "reflagged": "still excused, under another code or date: {after}",
    }
    grouped: dict[str, list[str]] = defaultdict(list)
    for item in tests:
        if item.kind in says:
            words = says[item.kind].format(before=item.before, after=item.after)
            grouped[words].append(f"{item.name} ({item.capability})")
    yield from (f"{_list(names)}: {words}" for words, names in grouped.items())


def _values(items: Iterable[Value]) -> tuple[str, ...]:
    """Say each change once, with everything that it happened to."""
    grouped: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in items:
        field, _, name = item.what.partition(" of ")
        grouped[field, _change(item)].append(name)
    return tuple(
        f"{field}{f' of {_list(names)}' if names[0] else ''}: {change}" for (field, change), names in grouped.items()
    )


def _change(item: Value) -> str:
    if isinstance(item.before, tuple) and isinstance(item.after, tuple):
        gained = [str(name) for name in item.after if name not in item.before]
        lost = [str(name) for name in item.before if name not in item.after]
        parts = [f"{word} {_list(names)}" for word, names in (("with", gained), ("without", lost)) if names]
        return f"now {' and '.join(parts) or 'in another order'}"
    if item.before is None:
        return f"{_plain(item.after)} is new"
    if item.after is None:
        return f"{_plain(item.before)} is gone"
    return f"{_plain(item.after)}, before {_plain(item.before)}"


def _words(diff: Diff) -> Iterable[str]:
    if diff.reworded:
        yield f"{plural(diff.reworded, 'capability')} described in other words"
    flags = sum(item.kind == "reworded" for item in diff.tests)
    if flags:
        yield f"{plural(flags, 'flag')} in other words, with the same code and date"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _list(names: Sequence[str], most: int = 12) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
