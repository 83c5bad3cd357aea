"""How differences are said."""

from __future__ import annotations

from defcore.compare.model import Change, Kind

NOTHING = "-"
ORDER = (
    Change.WORSE,
    Change.BETTER,
    Change.OTHER,
    Change.SILENT,
    Change.REMOVED,
    Change.ADDED,
    Change.HIDDEN,
    Change.SAME,
)
"""The most telling first."""
SHOWN = (Change.SAME, *ORDER[:-1])
BRIEF = (Change.REMOVED, Change.ADDED, Change.HIDDEN)
"""Of these a list of names is enough."""
PARTS = {
    Change.SAME: "the same",
    Change.WORSE: "worse",
    Change.BETTER: "better",
    Change.OTHER: "passed in neither, otherwise",
    Change.SILENT: "without an answer in one",
    Change.REMOVED: "only in the first",
    Change.ADDED: "only in this one",
    Change.HIDDEN: "not shown",
}
KINDS = {Kind.RUN: "run", Kind.REPORT: "report", Kind.PUBLIC: "public report"}
FACTS = {
    "product": "Product",
    "configuration": "Configuration, in each vendor's words",
    "declarations": "Declared designated sections",
    "run": "Run",
}
COST = "The machine that ran the tests and the way to the cloud have a part in it. No signed report has these figures."
LATENCY = (
    "Milliseconds within which 50, 90 and 99 of 100 answers came, as seen from where the tests ran. "
    "No signed report has these figures."
)


def section(change: Change, labels: tuple[str, ...]) -> tuple[str, str]:
    """Return the heading of differences of one sort, and what they mean."""
    first, others = labels[0], labels[1] if len(labels) == 2 else "another one"  # noqa: PLR2004 - the usual pair
    return {
        Change.WORSE: (
            f"Worse: passes in {first}, not in {others}",
            "The cloud changed, the two differ, or the tests do not agree: the reasons below say which.",
        ),
        Change.BETTER: (f"Better: passes in {others}, not in {first}", "The same the other way round."),
        Change.OTHER: ("Passes in neither, with different outcomes", "Wrong, missing or left out: not the same thing."),
        Change.SILENT: (
            "No answer in one of them",
            "The tests or the network broke, or nothing was tried: it says nothing about the cloud.",
        ),
        Change.REMOVED: (f"Told of by {first} only", "The others do not have these tests."),
        Change.ADDED: (f"Told of by {others} only", f"{first} does not have these tests."),
        Change.HIDDEN: (
            "Not shown by a public report",
            "It lists passes only: these failed, were not run, or not asked.",
        ),
        Change.SAME: ("The same", ""),
    }[change]


def relied(columns: int, capabilities: int, of_capabilities: int, tests: int, of_tests: int) -> str:
    """Say how much an application may rely on, in whichever of these clouds it runs."""
    which = "both" if columns == 2 else f"all {columns}"  # noqa: PLR2004 - two are both
    what = f"{tests:,} of {of_tests:,} tests passed in {which}"
    if of_capabilities:
        return f"{capabilities} of {of_capabilities} capabilities hold in {which}; {what}."
    return f"{what[0].upper()}{what[1:]}."
