"""One report in which every text field holds the same text, whatever it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from defcore.guideline.model import State
from defcore.report import ReportView, build_view
from defcore.run.record import Attempt, Cloud, Engine, Failure, Finding, Outcome, TestResult
from defcore.score.model import Reason
from defcore.score.product import Containment, Declaration, Product

from .builders import NOW, STARTED, Case, card_of, case, run_of

SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}]]>-->`|\\"


def hostile_view(text: str) -> ReportView:
    """Put ``text`` into every field that can hold text; pydantic's own limits are passed by."""
    outcomes = list(Outcome)
    failure = Failure(
        cause=text,
        message=text,
        expected=text,
        actual=text,
        place=text,
        request=text,
        request_id=text,
        curl=text,
        reference=text,
        trace=text,
    )
    finding = [Finding(message=text, kind=kind) for kind in ("advisory", "cleanup", "flaky")]
    cases = []
    for number, outcome in enumerate(outcomes):
        item = case("capability", f"test{number}", outcome)
        tries = tuple(
            Attempt(outcome=which, started=STARTED, seconds=1, reason=text, failure=failure, findings=tuple(finding))
            for which in (outcome, Outcome.PASSED)
        )
        result = TestResult(id=item.score.id, name=text, outcome=outcome, attempts=tries, reason=text)
        cases.append(Case("capability", replace(item.score, name=text, reason=text), result, State.REQUIRED))
    card = card_of(cases, findings=(text,))
    texts: dict[str, Any] = dict.fromkeys(
        (
            "guideline",
            "guideline_digest",
            "guideline_status",
            "authority",
            "mark_name",
            "label",
            "program",
            "program_name",
            "date",
            "level",
        ),
        text,
    )
    card = replace(
        card,
        **texts,
        reasons=(Reason("interop", "c", text), Reason("mark", "c", text)),
        capabilities=tuple(replace(item, name=text, description=text) for item in card.capabilities),
    )
    run = run_of(
        cases,
        id=text,
        partial=True,
        complete=False,
        selection=text,
        notes=(text,),
        cloud=Cloud(name=text, region=text, auth_url=text, catalogue={text: text}),
        engine=Engine(name=text, version=text),
    )
    declaration = Declaration.model_construct(section=text, containment=Containment.ABSENT, comment=text)
    product = Product.model_construct(
        format="defcore-product/1",
        vendor=text,
        product=text,
        version=text,
        release=text,
        regions=(text,),
        configuration={text: text},
        declarations=(declaration,),
    )
    return replace(build_view(card, run, product, NOW), version=text)
