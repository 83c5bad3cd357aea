"""A proof for people: text, one HTML file that needs nothing else, and a picture of operation by kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from defcore.sabotage.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.sabotage.matrix import Matrix

PITCH, HEAD, SIDE = 14, 150, 470
"""Of the picture, in CSS pixels: a cell with its gap, the room for the names of kinds and of operations."""
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of the picture."""

    x: int
    y: int
    word: str
    title: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Where everything stands: names of kinds above, operations at the side, cells."""

    width: int
    height: int
    kinds: tuple[tuple[int, str], ...]
    operations: tuple[tuple[int, str], ...]
    spots: tuple[Spot, ...]


def percent(part: int, whole: int) -> str:
    """Say a rate with its denominator; nothing of nothing is no rate."""
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "0 of 0"


def picture(found: Matrix) -> Picture:
    """Lay out one row an operation and one column a kind that applies anywhere."""
    kinds = [kind for kind in KINDS if any(kind in row.cells for row in found.rows)]
    spots = tuple(
        Spot(SIDE + across * PITCH, HEAD + down * PITCH, row.cells[kind], f"{row.operation}, {kind}: {row.cells[kind]}")
        for down, row in enumerate(found.rows)
        for across, kind in enumerate(kinds)
        if kind in row.cells
    )
    return Picture(
        SIDE + len(kinds) * PITCH + 80,
        HEAD + len(found.rows) * PITCH + 10,
        tuple((SIDE + across * PITCH, kind) for across, kind in enumerate(kinds)),
        tuple((HEAD + down * PITCH, row.operation) for down, row in enumerate(found.rows)),
        spots,
    )


def html(found: Matrix) -> str:
    """Return the HTML document. Every value is escaped by the template engine."""
    return _render("matrix.html.j2", found)


def svg(found: Matrix) -> str:
    """Return the picture by itself."""
    return _render("matrix.svg.j2", found)


def _render(name: str, found: Matrix) -> str:
    environment = Environment(
        loader=PackageLoader("defcore.sabotage"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template(name)
    return page.render(matrix=found, picture=picture(found), percent=percent, says=KINDS).rstrip() + "\n"


def text(found: Matrix) -> Iterator[str]:
    """Say it in lines: what nobody notices and who notices nothing first, then the rates with their denominators."""
    explained = sum(item.why is not None for item in found.unnoticed)
    yield f"unnoticed faults: {len(found.unnoticed)}, of which {explained} are explained"
    for item in found.unnoticed[:SHOWN]:
        yield f"  {item.kind:<20} {item.operation}{f': {item.why}' if item.why else ''}"
    if len(found.unnoticed) > SHOWN:
        yield f"  and {len(found.unnoticed) - SHOWN} more: see matrix.html"
    yield f"tests that notice nothing: {len(found.idle)}"
    for judge in found.idle[:SHOWN]:
        yield f"  {judge.name} (0 of {judge.trials})"
    for judge in found.unproven:
        yield f"not proven: {judge.name}: {judge.clean}{f': {judge.reason}' if judge.reason else ''}"
    for alarm in found.alarms:
        yield f"false alarm: {alarm.test} under {alarm.variation}: {alarm.outcome}: {alarm.reason}"
    for rate in (*found.services, found.total):
        yield (
            f"{rate.name}: faults noticed {percent(rate.noticed, rate.faults)}; "
            f"trials killed {percent(rate.killed, rate.trials)}; {rate.tests} tests"
        )
    yield "verdicts of trials: " + (", ".join(f"{n} {word}" for word, n in sorted(found.verdicts.items())) or "none")
    if found.varied:
        passed, tried = (sum(item[place] for item in found.varied.values()) for place in (0, 1))
        yield f"allowed variations passed: {percent(passed, tried)}"
    if found.left:
        yield f"left to try: {found.left}"
