"""The scorecard as JSON: the keys that scripts rely on."""

from __future__ import annotations

import json

from defcore.score import scorecard_json

from .builders import F, P, component, guideline, judge, run, t, uid

CONTRACT = {
    "guideline",
    "guideline_digest",
    "program",
    "interop",
    "mark",
    "reasons",
    "tests",
    "capabilities",
    "findings",
}
EXTRA = {"guideline_status", "date", "label", "level"}
OUTCOMES = {"passed", "failed", "error", "skipped", "unsupported", "not_run"}


def test_the_keys_are_those_of_the_contract() -> None:
    """A key that is renamed breaks every script that reads a score."""
    source = guideline({"a": [t(1), t(2, flagged=True)], "b": [t(3)]}, component("all", required="a", advisory="b"))
    value = scorecard_json(judge(source, run(P, F)))
    assert set(value) == CONTRACT | EXTRA
    assert set(value["tests"]) == OUTCOMES | {"required", "flagged"}
    assert [set(item) for item in value["reasons"]] == [{"about", "code", "message"}] * 2
    assert [set(item) for item in value["capabilities"]] == [{"name", "status", "verdict", "tests"}] * 2
    assert value["capabilities"][0]["tests"][1] == {
        "id": uid(2),
        "name": "test_2",
        "outcome": "failed",
        "flagged": True,
        "matched": "id",
        "reason": None,
    }


def test_the_values_are_plain_json() -> None:
    """What the standard library cannot write, ``defcore score --format json`` cannot print."""
    value = scorecard_json(judge(guideline({"a": [t(1)], "b": [t(1)]}), run(P)))
    assert json.loads(json.dumps(value)) == value
    assert (value["interop"], value["mark"], value["level"]) == ("pass", "undetermined", "L0")
    assert (value["date"], value["label"], value["guideline_status"]) == ("2026-11-20", "unread", "approved")
    assert value["findings"] == [f"test {uid(1)} stands under 2 capabilities, counted once"]
