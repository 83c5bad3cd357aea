"""Guidelines, runs and products of a few words, for the scorer's tests."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from defcore.guideline import GuidelineFile
from defcore.guideline import model as m
from defcore.guideline.ids import nameless_id
from defcore.run.record import Attempt, Cloud, Engine, Outcome, RunRecord, TestResult
from defcore.score import KnownGuideline, Scorecard, score

if TYPE_CHECKING:
    from defcore.score.product import Product

DIGEST = "ab" * 32
TODAY = dt.date(2026, 11, 20)
P, F, E, S, U, N = (
    Outcome.PASSED,
    Outcome.FAILED,
    Outcome.ERROR,
    Outcome.SKIPPED,
    Outcome.UNSUPPORTED,
    Outcome.NOT_RUN,
)


def uid(number: int) -> str:
    """Return the id of test ``number``."""
    return f"{number:08x}-0000-4000-8000-000000000000"


def t(number: int, *aliases: str, flagged: bool = False, name: str | None = None) -> m.Test:
    """Return test ``number``, called ``test_NUMBER``."""
    flag = m.Flag("D401: slow", "wait", "2026-01-01") if flagged else None
    return m.Test(uid(number), name or f"test_{number}", aliases, flag)


def component(name: str, *sections: str, **states: str) -> m.Component:
    """Return a component; each state takes the names of its capabilities, divided by spaces."""
    held = tuple((state, tuple(states.get(state.value, "").split())) for state in m.State)
    return m.Component(name, held, ((m.State.ADVISORY, ("horizon",)), (m.State.REQUIRED, sections)))


def program(name: str, *components: str, host: tuple[str, ...] = ()) -> m.Program:
    """Return a program of these components; with a host it is an add-on."""
    refs = tuple(m.ComponentRef(item) for item in components)
    hosts = tuple(m.ComponentRef(item, "other.json") for item in host)
    return m.Program(m.slug(name), name, m.Kind.ADD_ON if host else m.Kind.PLATFORM, "", refs, hosts)


def guideline(
    capabilities: dict[str, list[m.Test]],
    *components: m.Component,
    programs: tuple[m.Program, ...] = (),
    repairs: tuple[m.Repair, ...] = (),
    **fields: Any,  # noqa: ANN401 - of the guideline
) -> GuidelineFile:
    """Return a guideline; without components, ``All`` requires every capability."""
    if not components:
        components = (component("all", required=" ".join(capabilities)),)
    values: dict[str, Any] = {
        "id": "2026.11",
        "schema": "2.0",
        "status": m.Status.APPROVED,
        "source": "here",
        "reference": "docs",
        "replaces": None,
        "releases": ("2026.1", "Gazpacho"),
        "target_approval": None,
        "authority": m.Authority("us", "our mark", "unread", "2016A"),
        "scoring": m.Scoring(None, ()),
        "designated_sections": (),
        "test_repositories": (),
    } | fields
    found = m.Guideline(
        programs=programs or (program("All Of It", *(item.name for item in components)),),
        components=components,
        capabilities=tuple(
            m.Capability(name, f"about {name}", "swift", (), admin=False, required_since=None, tests=tuple(tests))
            for name, tests in capabilities.items()
        ),
        **values,
    )
    return GuidelineFile(found, m.Provenance("g.json", DIGEST, b"", repairs))


def result(
    test_id: str,
    outcome: Outcome = P,
    *,
    name: str = "x",
    reason: str | None = None,
    attempts: tuple[Attempt, ...] = (),
) -> TestResult:
    """Return one result."""
    return TestResult(id=test_id, name=name, outcome=outcome, reason=reason, attempts=attempts)


def nameless(name: str, outcome: Outcome = P) -> TestResult:
    """Return a result whose source knew only a name."""
    return result(nameless_id(name), outcome, name=name)


def record(*results: TestResult, **fields: Any) -> RunRecord:  # noqa: ANN401 - of the record
    """Return a whole run."""
    values: dict[str, Any] = {
        "id": "run-1",
        "started": "2026-11-20T10:00:00Z",
        "ended": "2026-11-20T10:04:00Z",
        "complete": True,
        "cloud": Cloud(name="c", auth_url="https://c"),
        "engine": Engine(name="native", version="1"),
    } | fields
    return RunRecord(results=results, **values)


def run(*outcomes: Outcome, **fields: Any) -> RunRecord:  # noqa: ANN401 - of the record
    """Return a run of the tests 1, 2, 3 … with these outcomes."""
    return record(*(result(uid(number), outcome) for number, outcome in enumerate(outcomes, 1)), **fields)


def judge(
    source: GuidelineFile,
    *runs: RunRecord,
    word: str = "all-of-it",
    product: Product | None = None,
    **fields: Any,  # noqa: ANN401
) -> Scorecard:
    """Score, with the guideline among the known ones."""
    known = fields.pop("known", (KnownGuideline.of(source),))
    return score(source, runs, word, date=TODAY, product=product, known=known)


def codes(card: Scorecard, about: str = "interop") -> list[str]:
    """Return the codes of the reasons about a verdict."""
    return [item.code for item in card.reasons if item.about == about]
