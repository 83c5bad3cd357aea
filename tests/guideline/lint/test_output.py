"""Findings as text, JSON and annotations."""

from __future__ import annotations

from defcore.guideline.lint import Finding, Outcome, Severity, output
from defcore.guideline.lint.exceptions import Entry

ERROR = Finding("required-admin", Severity.ERROR, "networks", "is required, and: 100%\nadmin", "a,b.json", "$.x", 3)
WARNING = Finding("score-stale", Severity.WARNING, "images", "is stale", "a,b.json", "$.y", 0)
OLD = Finding("approval", Severity.INFO, "2018.02", "was approved", "add-ons/2018.02.json@0123456789", "$", 7)
ENTRY = Entry(rule="score-below", subject="volumes", reason="until the review", end="2026-11-20")
OUTCOME = Outcome((ERROR, WARNING, OLD), ((ERROR, ENTRY),))


def test_text() -> None:
    """A person reads file, place, rule and section of the process in one line."""
    assert output.text(OUTCOME).splitlines() == [
        "a,b.json",
        "  error    required-admin: networks: is required, and: 100%",
        "admin (line 3, non-admin)",
        "  warning  score-stale: images: is stale (A4.4)",
        "",
        "add-ons/2018.02.json@0123456789",
        "  info     approval: 2018.02: was approved (line 7, D1)",
        "",
        "excepted until 2026-11-20: required-admin: networks: until the review",
        "1 error, 1 warning, 1 info; 1 excepted",
    ]


def test_nothing_to_say() -> None:
    """A clean guideline gets a line, so that nobody wonders whether the command ran."""
    assert output.text(Outcome((), ())) == "0 errors, 0 warnings, 0 infos; 0 excepted\n"


def test_json() -> None:
    """Scripts rely on these keys; a name that changes breaks them."""
    found = output.as_json(OUTCOME)
    assert found["findings"][1] == {
        "rule": "score-stale",
        "severity": "warning",
        "subject": "images",
        "message": "is stale",
        "file": "a,b.json",
        "path": "$.y",
        "line": 0,
    }
    assert found["excepted"][0]["reason"] == "until the review"
    assert found["excepted"][0]["end"] == "2026-11-20"
    assert found["counts"] == {"error": 1, "warning": 1, "info": 1, "excepted": 1}


def test_annotations() -> None:
    """A comma or a line break in a message would end the annotation early and hide the rest."""
    assert output.github(OUTCOME).splitlines() == [
        "::error file=a%2Cb.json,line=3,title=required-admin::networks: is required, and: 100%25%0Aadmin",
        "::warning file=a%2Cb.json,line=1,title=score-stale::images: is stale",
        "::notice file=add-ons/2018.02.json,title=approval::2018.02: was approved (commit 0123456789)",
    ]
