"""Latencies stand in the owner's report, and nowhere else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from defcore.attest.statement import Statement
from defcore.cli.report import report
from defcore.errors import InputError
from defcore.guideline import resolve
from defcore.report import build_view, render
from defcore.run.latency import Latency
from tests.run.records import write_evidence
from tests.run.test_follow import finished, head

from .builders import NOW, card_of, mixed_cases, run_of, view_of
from .checks import Page, markdown_tokens

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.report import ReportView

HOSTILE = "GET /v1/<script>alert(1)</script>|`x`\n\x1b[2J"


def shown() -> ReportView:
    """Give a report with two latencies, one of them of an operation that nobody would name so."""
    cases = mixed_cases()
    found = (Latency("PUT /v1/{account}", 1234, 1, 20, 3000), Latency(HOSTILE, 1, 2, 2, 2))
    return build_view(card_of(cases), run_of(cases), None, NOW, found)


def test_every_format_for_people_and_programs_shows_them() -> None:
    """If it fails, an owner does not see that the cloud is slow."""
    view = shown()
    page = Page(render("html", view))
    assert "PUT /v1/{account}" in page.words
    assert "3000 ms" in page.words
    text = render("md", view)
    assert r"| PUT /v1/\{account\} | 1,234 | 1 ms | 20 ms | 3,000 ms |" in text
    assert not {"html_inline", "html_block"} & set(markdown_tokens(text))
    assert json.loads(render("json", view))["latency_ms"][0] == {
        "operation": "PUT /v1/{account}",
        "count": 1234,
        "p50": 1,
        "p90": 20,
        "p99": 3000,
    }
    assert "\x1b" not in render("html", view) + text


def test_without_evidence_there_is_no_word_of_them() -> None:
    """If it fails, a report on a record alone has an empty table."""
    view = view_of(mixed_cases())
    assert "Latency" not in render("html", view) + render("md", view)
    assert json.loads(render("json", view))["latency_ms"] == []


def test_a_signed_report_has_no_place_for_them() -> None:
    """If it fails, a vendor publishes how fast its cloud is without knowing it."""
    assert "latency" not in json.dumps(Statement.model_json_schema()).lower()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Write a run directory with a journal and evidence."""
    from defcore.run.journal import Journal

    out = tmp_path / "run"
    out.mkdir()
    journal = Journal(out)
    journal.add(head(1))
    journal.add(finished(0, 1))
    journal.close()
    write_evidence(out, 0, {"took_ms": 77})
    return out


def _call(*words: object) -> str:
    program = resolve().guideline.programs[0].key
    words = (*words, "--program", program)
    result = CliRunner().invoke(report, [str(word) for word in words], catch_exceptions=False, standalone_mode=False)
    return result.stdout


def test_the_command_reads_them_from_the_run_directory(directory: Path) -> None:
    """If it fails, the figures are computed and shown to nobody."""
    value = json.loads(_call(directory, "-f", "json", "-o", "-"))
    assert [(item["count"], item["p50"]) for item in value["latency_ms"]] == [(1, 77)]


def test_har_is_written_from_a_run_directory_alone(directory: Path, tmp_path: Path) -> None:
    """If it fails, an empty HAR is handed on as evidence."""
    value = json.loads(_call(directory, "-f", "har", "-o", "-"))
    assert [entry["time"] for entry in value["log"]["entries"]] == [77]
    file = tmp_path / "run.har"
    assert _call(directory, "-f", "har", "-o", file) == ""
    assert json.loads(file.read_bytes()) == value
    alone = tmp_path / "run.json"
    alone.write_text(run_of(mixed_cases()).model_dump_json(), encoding="utf-8")
    with pytest.raises(InputError, match="has no evidence beside it"):
        _call(alone, "-f", "har", "-o", "-")
