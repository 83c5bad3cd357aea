"""What the values mean, in plain words: the one place where a report decides how to say a thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from defcore.guideline.model import State
from defcore.report.model import OutcomeView
from defcore.run.record import Outcome
from defcore.score.model import Interop, Mark

if TYPE_CHECKING:
    from defcore.score.model import Counts, Scorecard

LIMIT = 4000
"""Characters of one text that a report shows; the rest stays in the run record."""
SHORT = 240
"""Characters of a heading."""

_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    "\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What no XML, terminal or reader should meet: controls, lone surrogates, marks that reorder the text around them."""

OUTCOMES: dict[Outcome, OutcomeView] = {
    Outcome.PASSED: OutcomeView("passed", "Passed", "P", "the cloud answered as the guideline asks"),
    Outcome.FAILED: OutcomeView("failed", "Failed", "F", "the cloud answered, and answered wrongly"),
    Outcome.UNSUPPORTED: OutcomeView("unsupported", "Unsupported", "U", "the cloud says that it does not offer this"),
    Outcome.SKIPPED: OutcomeView("skipped", "Skipped", "S", "left out, for the reason given"),
    Outcome.ERROR: OutcomeView("error", "Error", "E", "the tests or the network broke; says nothing about the cloud"),
    Outcome.NOT_RUN: OutcomeView("not_run", "Not run", "N", "nothing was tried"),
}
"""Every outcome in words, in the order in which a legend lists them."""

EFFECTS = {
    Outcome.PASSED: "none",
    Outcome.FAILED: "fail",
    Outcome.SKIPPED: "fail",
    Outcome.UNSUPPORTED: "fail",
    Outcome.ERROR: "untested",
    Outcome.NOT_RUN: "untested",
}
"""What one required, unflagged test of that outcome does to the interop verdict (contracts, Score)."""

EFFECT_WORDS = {
    "fail": ("makes the verdict fail", "make the verdict fail"),
    "untested": ("keeps the verdict from a pass", "keep the verdict from a pass"),
}
"""What a group of required tests does to the verdict: said of one test, and of more."""

STATES = {
    State.REQUIRED: "required",
    State.ADVISORY: "advisory, does not decide",
    State.DEPRECATED: "deprecated, does not decide",
    State.REMOVED: "removed, does not decide",
}

INTEROP_WORDS = {Interop.PASS: "Pass", Interop.FAIL: "Fail", Interop.UNTESTED: "Untested"}
INTEROP_TONES = {Interop.PASS: "good", Interop.FAIL: "bad", Interop.UNTESTED: "open"}
MARK_WORDS = {Mark.ELIGIBLE: "Eligible", Mark.NOT_ELIGIBLE: "Not eligible", Mark.UNDETERMINED: "Undetermined"}
MARK_TONES = {Mark.ELIGIBLE: "hold", Mark.NOT_ELIGIBLE: "bad", Mark.UNDETERMINED: "open"}

LEVELS = {
    "L0": "Unsigned draft: nobody vouches for it yet",
    "L1": "Self-attested: the vendor vouches for it, with an enrolled key",
    "L2": "Bound: self-attested, and tied to the endpoint and to evidence that can be spot-checked",
    "L3": "Witnessed: run by the authority or by a runner it has accredited",
    "L4": "Continuous: witnessed again at random times, at least monthly",
}
"""Who vouches for a report, by level."""

MATCHES = {
    "id": "by its id",
    "name": "by its name, because the run had no result with its id",
    "alias": "by an earlier name of it",
}

FIXES: dict[str, tuple[str, str, str]] = {
    "failed": (
        "The cloud answered wrongly",
        "Grouped by cause: one repair usually settles a whole group.",
        "Send the request, compare the answer with the API reference, correct the cloud, and run these tests again.",
    ),
    "unsupported": (
        "The cloud lacks something",
        "The cloud itself says that it does not offer what these tests need.",
        "Offer it, or aim at a program that does not ask for it.",
    ),
    "skipped": (
        "Tests that were left out",
        "A required test that is left out counts against the verdict.",
        "Remove the reason and run these tests again.",
    ),
    "error": (
        "Could not be tested",
        "The tests or the network broke before the cloud could be judged. No fault of the cloud is shown here.",
        "Make the cloud reachable, check credentials and network, and run these tests again.",
    ),
    "not_run": (
        "Not run: what was missing",
        "These tests need something that the run was not given, or the run ended before them.",
        "Supply what each group names and run these tests again.",
    ),
    "flaky": (
        "Results that changed between attempts",
        "Tried more than once with different outcomes. The worst one counts: nothing is retried silently.",
        "Find out why the answer changes; an unsteady cloud is not an interoperable one.",
    ),
}
"""For each sort of thing to fix: its heading, what it means, and what to do."""

FINDINGS = {
    "advisory": ("Advisory", "Further checks, beyond what the guideline asks of the test."),
    "cleanup": ("Cleaning up", "What a test could not put back or delete."),
    "flaky": ("Unsteady answers", "Answers that changed, or that had to be asked for again."),
    "score": ("Guideline and scoring", "What came up while the run was scored."),
}


def clean(text: str | None, limit: int = LIMIT) -> str:
    """Make a text fit to be shown: no control characters, at most ``limit`` characters and a note of what was cut."""
    shown = _UNSAFE.sub("\ufffd", (text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(shown) <= limit:
        return shown
    return f"{shown[:limit].rstrip()} … ({len(shown) - limit:,} more characters in the run record)"


def line(text: str | None, limit: int = SHORT) -> str:
    """Clean a text and put it on one line."""
    flat = " ".join(clean(text, limit * 8).split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1].rstrip()}…"


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop, as in running text."""
    flat = " ".join(clean(text).split())
    if not flat:
        return ""
    flat = flat[0].upper() + flat[1:]
    return flat if flat[-1] in ".!?…:)" and not flat.endswith("…)") else f"{flat}."


def plural(count: int, noun: str) -> str:
    """Count a noun: ``1 test``, ``2 tests``, ``1,200 tests``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def link(text: str) -> str:
    """Return the text when it is an http or https address that may be linked, else nothing."""
    try:
        parts = urlsplit(text)
        safe = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return text if safe and not any(char.isspace() for char in text) else ""


def duration(seconds: float) -> str:
    """Write a time span so that it can be read: ``0.4 s``, ``12 s``, ``3 min 5 s``."""
    if seconds < 10:  # noqa: PLR2004 - below ten seconds the tenths still tell something
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def moment(stamp: str) -> str:
    """Write an RFC 3339 moment in UTC for people; anything else as it is."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?Z", stamp)
    return f"{found[1]} {found[2]} UTC" if found else stamp


def span(started: str, ended: str | None) -> str:
    """Write from when to when, naming a day that is both once."""
    if ended is None:
        return f"{moment(started)}, no end recorded"
    begin, end = moment(started).removesuffix(" UTC"), moment(ended)
    return f"{begin} to {end[11:] if end[:10] == begin[:10] else end}"


def level(word: str) -> tuple[str, str]:
    """Split an assurance level into its name and who vouches."""
    name = line(word)
    return name, LEVELS.get(name.partition(" ")[0], "")


def figure(counts: Counts) -> str:
    """Say the result of the required tests in one line."""
    if not counts.required:
        return "No required test"
    silent = counts.error + counts.not_run
    rest = f", {silent:,} gave no result" if silent else ""
    return f"{counts.passed:,} of {plural(counts.required, 'required test')} passed{rest}"


def interop_meaning(card: Scorecard) -> str:
    """Say what the interop verdict means, to somebody who does not know the program."""
    counts = card.tests
    if card.interop is Interop.PASS:
        return (
            "The cloud gave every answer that the guideline requires of this program. "
            "This is a test result. It is not the mark, which is judged beside it."
        )
    if card.interop is Interop.FAIL:
        wrong = counts.failed + counts.skipped + counts.unsupported
        return (
            f"{sentence(plural(wrong, 'required test'))[:-1]} did not get the answer that the guideline requires, or "
            "could not get it because the cloud lacks something. Software that relies on the guideline can break here."
        )
    if not counts.required:
        return "The program has no required test that counts, so there is nothing to judge: none of none is not a pass."
    silent = "Some required tests" if counts.passed else "The required tests"
    return (
        f"{silent} gave no result, and none shows the cloud to be wrong. Nothing can be concluded from this run, "
        "neither that the cloud is interoperable nor that it is not."
    )


def mark_meaning(card: Scorecard) -> str:
    """Say what the mark verdict means, and always that the scorer grants nothing."""
    authority = line(card.authority) or "not named"
    who = f"A mark is granted by the guideline's authority ({authority}), never by this report."
    if card.mark is Mark.ELIGIBLE:
        return f"The product meets those conditions for the mark that can be checked here. {who}"
    if card.mark is Mark.NOT_ELIGIBLE:
        return f"The product does not meet the conditions for the mark under this guideline. {who}"
    return f"It cannot be decided here whether the product meets the conditions for the mark. {who}"


LATENCY = "How long answers took as seen from where the tests ran: of 100, 50, 90 and 99 came within that time."
