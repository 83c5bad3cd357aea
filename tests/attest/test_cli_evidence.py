"""``defcore sign`` of a run directory, ``disclose``, and ``verify`` with ``--disclosure`` and ``--full``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from defcore.cli.attest import public_beside
from defcore.run.journal import Ended, Journal, PlannedTest, Started, TestFinished
from defcore.run.record import Attempt, Outcome

from .desks import VERIFY
from .runs import T1, T2, write_evidence

if TYPE_CHECKING:
    from .desks import Desk

SIGN = "sign @run --product @product.json --key @key -o @report.dsse.json --guideline @guideline.json"
CHECK = VERIFY.replace("@report", "@report.dsse.json")


@pytest.fixture
def ran(desk: Desk) -> Desk:
    """Return a vendor's desk with a run directory: a journal, and evidence of two tests."""
    run = desk.folder / "run"
    write_evidence(run, {T1: 3, T2: 1})
    record = desk.house.run
    journal = Journal(run)
    plan = tuple(PlannedTest(id=item.id, name=item.name) for item in record.results)
    journal.add(
        Started(
            id=record.id,
            at=record.started,
            cloud=record.cloud,
            engine=record.engine,
            partial=False,
            selection="",
            plan=plan,
        )
    )
    for item in plan:
        result = Attempt(outcome=Outcome.PASSED, started=record.started, seconds=1)
        journal.add(TestFinished(id=item.id, attempt=1, result=result))
    journal.add(Ended(at=record.ended or ""))
    journal.close()
    return desk


def test_from_a_run_directory_to_opened_evidence(ran: Desk) -> None:
    """Otherwise a reviewer cannot look behind a report, or the two reports of a run do not belong together."""
    signed = ran.run(SIGN)
    assert signed.exit_code == 0, signed
    assert [Path(line).name for line in signed.stdout.splitlines()] == ["report.dsse.json", "report.public.dsse.json"]
    assert "evidence" not in signed.stderr
    opened = ran.run(f"disclose @run --test {T1} -o @opened.json")
    assert (opened.exit_code, opened.stdout) == (0, f"{ran.folder}/opened.json\n"), opened
    checked = ran.run(f"{CHECK} --disclosure @opened.json")
    assert (checked.exit_code, checked.stderr) == (0, ""), checked
    assert "the 3 exchanges opened are those of test put_one" in checked.stdout
    public = CHECK.replace("report.dsse", "report.public.dsse")
    assert ran.run(public).exit_code == 0
    value = json.loads(ran.run(f"{public} --full @report.dsse.json --format json").stdout)
    assert value["kind"] == "public"
    assert any("no pass left out" in line for line in value["proved"])


def test_a_disclosure_goes_into_the_folder_at_hand(ran: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise everybody must think of a name for it."""
    ran.run(SIGN)
    monkeypatch.chdir(ran.folder)
    assert ran.run(f"disclose run --test {T2}").stdout == f"disclosure-{T2}.json\n"
    assert (ran.folder / f"disclosure-{T2}.json").is_file()


def test_edited_evidence_is_refused(ran: Desk) -> None:
    """Attack: a vendor mends the evidence before it opens it."""
    ran.run(SIGN)
    path = ran.folder / "run" / "evidence" / f"{T1}.jsonl"
    path.write_bytes(path.read_bytes().replace(b"200", b"204", 1))
    ran.run(f"disclose @run --test {T1} -o @opened.json")
    ran.refused(f"{CHECK} --disclosure @opened.json", 1, "of other evidence than the report's")


def test_a_record_alone_is_signed_without_evidence_and_says_so(ran: Desk) -> None:
    """Otherwise a vendor leaves its evidence behind without noticing."""
    signed = ran.run(SIGN.replace("@run ", "@run.json "))
    assert "it carries no evidence" in signed.stderr
    assert "sign the run directory to bind its evidence too" in signed.stderr


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"disclose @run --test {T2[:-1]}9 -o @opened.json", "is the id right"),
        (f"disclose @no --test {T1} -o @opened.json", "holds no exchange"),
        (f"disclose @run --test {T1} -o @opened.json", "sign the run first"),
    ],
)
def test_what_cannot_be_opened_is_one_line(ran: Desk, line: str, words: str) -> None:
    """Otherwise a slip ends in a traceback or in a file that answers nothing."""
    ran.refused(line, 2, words)
    assert not (ran.folder / "opened.json").exists()


def test_what_is_no_disclosure_is_one_line(ran: Desk) -> None:
    """Otherwise a slip in a file name ends in a traceback."""
    ran.run(SIGN)
    ran.refused(f"{CHECK} --disclosure @run.json", 2, "is not a disclosure")
    ran.refused(f"{CHECK} --disclosure @no", 2, "cannot be read")
    ran.refused(f"{CHECK} --full @report.dsse.json", 2, "one public and one full report")


@pytest.mark.parametrize(
    ("full", "public"),
    [("report.dsse.json", "report.public.dsse.json"), ("report", "report.public"), ("a/b.json", "a/b.json.public")],
)
def test_the_public_report_lies_beside_the_full_one(full: str, public: str) -> None:
    """Otherwise one report would overwrite the other, or nobody would find it."""
    assert public_beside(Path(full)) == Path(public)
