"""The impact of a draft in words, and as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from defcore.guideline.diffwords import Section, plural
from defcore.score import Interop

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from defcore.board.impact import ProgramImpact, Touched
    from defcore.board.sweep import Swept

FORMAT = "defcore-guideline-impact/1"
MOST = 10
"""How many names a list in the text shows; the JSON has them all."""


def title(swept: Swept) -> str:
    """Name the draft, and what it is held against."""
    against = f", against {swept.previous}" if swept.previous else ""
    return f"Impact of guideline {swept.draft}{against}"


def evidence(swept: Swept) -> tuple[str, ...]:
    """Say what the figures rest on, and what was left out."""
    found = [f"{plural(swept.records, 'result')} counted: {plural(swept.runs, 'run record')}, which nobody signed"]
    if swept.verified or swept.unverified:
        found[0] += f"; {plural(swept.verified + swept.unverified, 'signed report')}"
    if swept.unverified:
        found.append(
            f"{plural(swept.unverified, 'signed report')} unverified: no key was given to check them with (--key)"
        )
    if swept.verified:
        found.append(f"{plural(swept.verified, 'signed report')} verified with the keys given")
    if swept.other:
        found.append(f"{plural(swept.other, 'JSON file')} passed over, which hold no result")
    found += [f"counted once: {line}" for line in swept.same]
    found += [f"left out, {line}" for line in swept.left_out]
    return tuple(found)


def sections(item: ProgramImpact) -> tuple[Section, ...]:
    """Say what the draft does to one program; a heading with nothing under it is left out."""
    found = (
        Section("Verdicts", tuple(_verdicts(item))),
        Section("Who gains", tuple(_touched(item.gains, "now passes", "no longer asked, or excused"))),
        Section("Who loses", tuple(_touched(item.loses, "passed and would fail", "by"))),
        Section("What stands in the way most often", tuple(_blocking(item))),
        Section("Required tests that nobody passes", _cut(item.nobody)),
        Section("Could become required", tuple(_candidates(item))),
        Section("What cannot be known", tuple(_unknown(item))),
    )
    return tuple(each for each in found if each.items)


def impact_text(swept: Swept) -> str:
    """Return the impact as plain text."""
    lines = [title(swept), "", *(f"  {line}" for line in evidence(swept))]
    for item in swept.programs:
        lines += ["", f"{item.name} ({plural(item.required, 'required test')})"]
        for section in sections(item):
            lines += [f"  {section.title}", *(f"    - {line}" for line in section.items)]
    return "\n".join(lines) + "\n"


def impact_json(swept: Swept) -> dict[str, Any]:
    """Return the JSON value of ``defcore guideline impact --format json``."""
    value = asdict(swept)
    for item, found in zip(value["programs"], swept.programs, strict=True):
        item["verdicts"] = [
            {"before": before, "after": after, "records": count} for before, after, count in item["verdicts"]
        ]
        item["blocking"] = [{"test": name, "records": count} for name, count in item["blocking"]]
        for each, candidate in zip(item["candidates"], found.candidates, strict=True):
            each["harmless"] = candidate.harmless
    return {"format": FORMAT, "records": swept.records, **value}


def _verdicts(item: ProgramImpact) -> Iterable[str]:
    if not item.records:
        yield "no record is about this program"
        return
    of = plural(item.records, "record")
    before = f", before {item.passing(before=True)}" if item.before else ""
    yield f"{item.passing(before=False)} of {of} pass{before}"
    for was, now, count in item.verdicts:
        if was is not None and was is not now:
            yield f"{plural(count, 'record')} would turn from {was.value} to {now.value}"


def _touched(found: Sequence[Touched], verb: str, by: str) -> Iterable[str]:
    for item in found[:MOST]:
        yield f"{item.record} {verb} ({by}: {_list(item.tests)})"
    if len(found) > MOST:
        yield f"and {len(found) - MOST} more"
    if len(found) > 1:
        tests = Counter(test for item in found for test in item.tests)
        often = ", ".join(f"{name} ({count})" for name, count in tests.most_common(3))
        yield f"the tests that decide it most often: {often}"


def _blocking(item: ProgramImpact) -> Iterable[str]:
    for name, count in item.blocking[:MOST]:
        yield f"{name}: {plural(count, 'record')} of {item.records}"
    if len(item.blocking) > MOST:
        yield f"and {len(item.blocking) - MOST} more tests"


def _candidates(item: ProgramImpact) -> Iterable[str]:
    for each in sorted(item.candidates, key=lambda found: (not found.harmless, found.hurt, found.capability)):
        if each.harmless:
            yield f"{each.capability} without hurting anybody: all {each.passes} that pass the program pass it too"
        elif each.hurt:
            whole = each.passes + each.hurt + each.unknown
            yield f"{each.capability} would hurt {each.hurt} of the {whole} that pass the program"
        elif each.unknown:
            whole = each.passes + each.unknown
            yield f"{each.capability}: not known of {each.unknown} of the {whole} that pass the program"
        else:
            yield f"{each.capability}: nothing is known, as no record passes the program"


def _unknown(item: ProgramImpact) -> Iterable[str]:
    if item.unseen:
        yield f"{plural(len(item.unseen), 'required test')} that no record holds: {_list(item.unseen)}"
    still = sum(count for was, now, count in item.verdicts if was is now is Interop.UNTESTED)
    if still:
        yield f"{plural(still, 'record')} held too little to judge this program before, and still do"
    for each in item.unknown[:MOST]:
        was = f", before {each.before.value}" if each.before else ""
        absent = f"does not hold {plural(each.absent, 'required test')}" if each.absent else ""
        broken = f"has {plural(each.broken, 'required test')} that broke or did not run" if each.broken else ""
        yield f"{each.record}{was}: {' and '.join(filter(None, (absent, broken))) or 'leaves it open'}"
    if len(item.unknown) > MOST:
        yield f"and {len(item.unknown) - MOST} more records"


def _cut(names: Sequence[str]) -> tuple[str, ...]:
    more = (f"and {len(names) - MOST} more",) if len(names) > MOST else ()
    return (*names[:MOST], *more)


def _list(names: Sequence[str], most: int = 3) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
