"""A comparison: columns (a run, a report, a product, an engine) and what is the same and what differs in them.

Everything here is a plain frozen value, made of texts, numbers and enumerations: it can be rendered, stored or sent
without asking anything again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from defcore.run.record import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from defcore.guideline.model import State
    from defcore.run.latency import Latency
    from defcore.score import Interop, Mark


class Kind(StrEnum):
    """What a column is made of. A public report tells of passes only: what is not in it is not shown."""

    RUN = "run"
    REPORT = "report"
    PUBLIC = "public report"


class Change(StrEnum):
    """What became of one thing from the first column to another one.

    ``better``: it passes there and did not; ``worse``: it passed and does not; ``other``: it passes in neither, and for
    another reason. ``silent``: one of the two gave no answer (an error, not run), so nothing can be said. ``added`` and
    ``removed``: only one of them is about it at all. ``hidden``: a public report does not show it.
    """

    SAME = "same"
    WORSE = "worse"
    BETTER = "better"
    OTHER = "other"
    SILENT = "silent"
    ADDED = "added"
    REMOVED = "removed"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one column knows of one test.

    ``reason`` says in a line why it did not pass. ``seconds`` (wall time of all attempts) and ``requests`` are there
    for runs only: no signed report has them.
    """

    name: str
    outcome: Outcome
    implementation: str | None = None
    revision: int | None = None
    reason: str = ""
    seconds: float | None = None
    requests: int | None = None


@dataclass(frozen=True, slots=True)
class CapabilityCell:
    """What one column knows of one capability of its program.

    ``verdict`` is None where a public report does not show it. ``passed`` of ``tests`` (ids) passed; flagged ones are
    left out of both.
    """

    state: State
    verdict: Interop | None
    passed: int
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a column says of itself; ``section`` is one of ``SECTIONS``."""

    section: str
    name: str
    value: str


SECTIONS = ("product", "configuration", "declarations", "run")
"""What facts are about, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Ruler:
    """The guideline that a column was scored with. ``digest`` is the sha256 of its file."""

    id: str
    digest: str
    status: str
    program: str


@dataclass(frozen=True, slots=True)
class Figures:
    """How many tests the program requires, and how many of those passed. ``wrong``: failed, skipped or unsupported.

    Of a public report only the passes are known; ``wrong`` is 0 there.
    """

    required: int
    passed: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: ``wall`` seconds from begin to end (None while it goes on), ``busy`` seconds in tests."""

    wall: float | None
    busy: float
    requests: int


@dataclass(frozen=True, slots=True)
class Column:
    """One thing to be compared.

    ``title`` names it for people, ``subject`` says whose results these are (``VENDOR/PRODUCT``, or the cloud of a run):
    columns of one subject make a trend. ``moment`` is when the run began (RFC 3339, UTC). ``suite`` is the digest of
    our suite, None when the tests were not ours. ``ruler``, ``figures`` and the verdicts are None for a run that no
    guideline is known for; ``interop`` and ``mark`` also where a public report does not show them. ``standing`` is
    where a product stands by the acts of an authority (``awarded`` …), empty without any. ``digest`` is the sha256 of
    the report's bytes, empty for a run. ``notes`` are what has to be known of this column alone.
    """

    title: str
    kind: Kind
    subject: str
    moment: str
    engine: str
    results: Mapping[str, Cell]
    suite: str | None = None
    ruler: Ruler | None = None
    figures: Figures | None = None
    interop: Interop | None = None
    mark: Mark | None = None
    standing: str = ""
    digest: str = ""
    capabilities: Mapping[str, CapabilityCell] | None = None
    facts: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()
    cost: Cost | None = None
    latencies: tuple[Latency, ...] = ()


@dataclass(frozen=True, slots=True)
class TestRow:
    """One test in the columns of a group; ``cells`` holds None where a column does not tell of it.

    ``changes`` are measured from the group's first column, whose own is always ``same``. ``capabilities`` are those
    that it stands under.
    """

    __test__ = False

    id: str
    name: str
    capabilities: tuple[str, ...]
    cells: tuple[Cell | None, ...]
    changes: tuple[Change, ...]

    @property
    def differs(self) -> bool:
        """Whether there is something to explain."""
        return any(change is not Change.SAME for change in self.changes)

    @property
    def shared(self) -> bool:
        """Whether it passed in every column."""
        return all(cell is not None and cell.outcome is Outcome.PASSED for cell in self.cells)


@dataclass(frozen=True, slots=True)
class CapabilityRow:
    """One capability in the columns of a group; a cell is None where a column's program does not have it.

    ``shared``: every column shows that it holds.
    """

    name: str
    cells: tuple[CapabilityCell | None, ...]
    changes: tuple[Change, ...]
    shared: bool

    @property
    def differs(self) -> bool:
        """Whether there is something to explain."""
        return any(change is not Change.SAME for change in self.changes)


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that may stand side by side, as places in ``Comparison.columns``; the first measures the others.

    An application may rely on the ``shared`` rows in whichever of these clouds it runs.
    """

    places: tuple[int, ...]
    tests: tuple[TestRow, ...]
    capabilities: tuple[CapabilityRow, ...]

    def tally(self, place: int) -> dict[Change, int]:
        """Count the tests by their change in the column at this place in the group; every kind of change is there."""
        found = [row.changes[place] for row in self.tests]
        return {change: found.count(change) for change in Change}

    def agreement(self, place: int) -> tuple[int, int]:
        """Return (tests with the same outcome, tests that the first column and this one both tell of)."""
        both = [row for row in self.tests if row.cells[0] is not None and row.cells[place] is not None]
        return sum(row.changes[place] is Change.SAME for row in both), len(both)


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact in all columns, None where a column does not state it.

    ``differs``: of the columns that say anything in that section, not all say the same.
    """

    section: str
    name: str
    values: tuple[str | None, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One column of a trend, by its place in ``Comparison.columns``; ``aligned`` with the one before, or not."""

    place: int
    moment: str
    figures: Figures
    interop: Interop | None
    aligned: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """The columns of one subject, oldest first."""

    subject: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class LatencyRow:
    """One operation in the columns that have latencies (runs of whoever asks), None where it was not called."""

    operation: str
    cells: tuple[Latency | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of it. More than one group: not everything may stand side by side, and ``apart`` says why in sentences."""

    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    apart: tuple[str, ...]
    facts: tuple[FactRow, ...]
    trends: tuple[Trend, ...]
    latencies: tuple[LatencyRow, ...]
