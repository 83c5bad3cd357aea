"""``defcore product | sign | disclose | verify``: words in, one line or a file out, exit codes 0, 1 and 2."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from defcore.attest import keys
from defcore.cli import attest
from defcore.run.record import Outcome

from .desks import VERIFY

if TYPE_CHECKING:
    from .desks import Desk


def test_from_a_run_to_a_verified_report(desk: Desk) -> None:
    """Otherwise the whole way of a certification is broken at its end."""
    signed = desk.sign()
    assert (signed.exit_code, signed.stdout) == (0, f"{desk.folder}/report\n{desk.folder}/report.public\n"), signed
    assert "interop: pass, mark: undetermined, level: L0" in signed.stderr
    checked = desk.run(VERIFY)
    assert (checked.exit_code, checked.stderr) == (0, ""), checked
    assert "interop    pass" in checked.stdout
    assert "Only claimed" in checked.stdout
    assert sorted(path.name for path in desk.folder.iterdir()) == [
        *("guideline.json", "key", "key.pub", "product.json", "report", "report.public", "run.json")
    ]


def test_a_run_directory_is_signed_too(desk: Desk) -> None:
    """Otherwise people must know which file of a run to name."""
    desk.refused("sign @ --product @product.json --key @key", 2, "not a run directory")


def test_the_report_as_json(desk: Desk) -> None:
    """Otherwise a script would have to read prose."""
    desk.sign()
    value = json.loads(desk.run(f"{VERIFY} --format json").stdout)
    assert (value["interop"], value["guideline_known"]) == ("pass", True)


def test_guideline_and_program_are_those_of_the_run(desk: Desk) -> None:
    """Otherwise a vendor must say again what it said when it started the run."""
    run = desk.house.run_record(guideline=f"{desk.folder}/guideline.json", program="other")
    desk.write("run.json", run.model_dump_json().encode())
    assert desk.run("sign @run.json --product @product.json --key @key -o @report").exit_code == 0
    assert json.loads(desk.run(f"{VERIFY} --format json").stdout)["program"] == "other"


def test_what_a_run_admits_is_said_when_signing(desk: Desk) -> None:
    """Otherwise a vendor signs part of a run without noticing."""
    run = desk.house.run_record(partial=True, selection="two tests")
    desk.write("run.json", run.model_dump_json().encode())
    assert "Note: the run was of a subset of the tests only: two tests" in desk.sign().stderr


@pytest.mark.parametrize(("word", "code"), [("pass", 0), ("eligible", 0)])
def test_require_lets_through_what_is_shown(desk: Desk, word: str, code: int) -> None:
    """Otherwise a script could never accept a report."""
    desk.write("report", desk.house.report())
    assert desk.run(f"{VERIFY} --require {word}").exit_code == code


def test_require_refuses_what_is_not_shown(desk: Desk) -> None:
    """Otherwise a script would accept a failing cloud."""
    run = desk.house.run_record(dict.fromkeys(desk.house.ids, Outcome.FAILED))
    desk.write("report", desk.house.report(run=run))
    assert desk.run(VERIFY).exit_code == 0
    desk.refused(f"{VERIFY} --require pass", 1, "does not show pass")


def test_a_guideline_by_a_shipped_id_must_be_the_shipped_one(desk: Desk) -> None:
    """Otherwise an easier guideline under a known id would pass with those who give no guideline."""
    source = desk.house.guideline_file(desk.house.guideline_value(guideline_id="2026.11"))
    desk.write("report", desk.house.report(source=source))
    desk.refused("verify @report --key @key.pub", 1, "not the one held here")


def test_an_altered_report_is_refused(desk: Desk) -> None:
    """Otherwise anybody could turn a failure into a pass."""
    report = desk.house.report()
    at = report.index(b'"payload":"') + 400
    desk.write("report", report[:at] + (b"A" if report[at : at + 1] != b"A" else b"B") + report[at + 1 :])
    desk.refused(VERIFY, 1, "was changed after it was signed")


def test_a_wrong_key_is_refused(desk: Desk) -> None:
    """Otherwise another vendor's key would do."""
    desk.sign()
    keys.write_pair(desk.folder / "other", keys.generate())
    desk.refused("verify @report --key @other.pub --guideline @guideline.json", 1, "not among the keys given")


def test_the_clock_is_this_machines() -> None:
    """Otherwise every report would bear another date than that of its signing."""
    assert attest._now().utcoffset() == dt.timedelta(0)


def test_a_report_from_the_future_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a report dated ahead would hide every later one."""
    desk.sign()
    monkeypatch.undo()
    monkeypatch.setattr(attest, "_now", lambda: desk.house.issued_at.replace(year=2020))
    desk.refused(VERIFY, 1, "yet to come")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("verify @no --key @key.pub", "cannot be read"),
        ("verify @run.json --key @key.pub", "not a signed report"),
        ("verify @key --key @key.pub", "not valid JSON"),
        ("verify @run.json --key @key", "is a private key"),
        ("verify @run.json --key @no.pub", "cannot be read"),
        ("verify @run.json --key @key.pub --guideline nonsense", "no guideline is called"),
        ("sign @no --product @product.json --key @key", "cannot be read"),
        ("sign @product.json --product @product.json --key @key", "not a run record"),
        ("sign @run.json --product @no --key @key", "defcore product init"),
        ("sign @run.json --product @run.json --key @key", "unknown key"),
        (
            "sign @run.json --product @product.json --key @key.pub --program interoperable-cloud-storage",
            "is a public key",
        ),
        ("sign @run.json --product @product.json --program interoperable-cloud-storage", "cannot be read"),
        ("sign @run.json --product @product.json --key @key --program nonsense", "interoperable-cloud-storage"),
        ("sign @run.json --product @product.json --key @key", "choose one with --program"),
        ("sign @run.json --product @product.json --key @key --guideline nonsense", "no guideline is called"),
        ("product init -o @product.json --program interoperable-cloud-storage", "is there already"),
        ("product init -o @no/product.json --program interoperable-cloud-storage", "cannot be written"),
        ("product init -o @new.json", "choose one with --program"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(desk: Desk, line: str, words: str) -> None:
    """Otherwise a slip ends in a traceback, or in half a file."""
    before = sorted(desk.folder.rglob("*"))
    desk.refused(line, 2, words)
    assert sorted(desk.folder.rglob("*")) == before


def test_an_unwritable_place_is_bad_input(desk: Desk) -> None:
    """Otherwise a slip in a folder name ends in a traceback."""
    line = "sign @run.json --product @product.json --key @key -o @no/report --guideline @guideline.json"
    desk.refused(line, 2, "cannot be written")


def test_a_verify_without_a_key_is_wrong_use(desk: Desk) -> None:
    """Otherwise forgetting the key would mean trusting everybody."""
    assert desk.run("verify @run.json").exit_code == 2


def test_a_product_to_fill_in(desk: Desk) -> None:
    """Otherwise the vendor must guess what has to be declared, or signs what nobody filled in."""
    named = "--vendor Acme --product Cloud --version 1 --release 2026.1"
    line = f"product init -o @new.json {named} --guideline @guideline.json"
    made = desk.run(line)
    assert (made.exit_code, made.stdout) == (0, f"{desk.folder}/new.json\n")
    assert made.stderr == "Fill in: configuration.system, declarations.swift\n"
    desk.refused(
        "sign @run.json --product @new.json --key @key -o @report --guideline @guideline.json", 2, "is not filled in"
    )
    assert not (desk.folder / "report").exists()
